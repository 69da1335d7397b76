// The newest turn of the conversation is scrolled into view.
watch('value', () => {
  const turns = element.querySelectorAll('.turn');
  if (turns.length) turns[turns.length - 1].scrollIntoView({ block: 'nearest' });
});
// The reason typed beside 有误 goes along with its button.
element.addEventListener('input', (event) => {
  if (event.target.classList.contains('reason')) {
    event.target.closest('.wrong').querySelector('button').dataset.reason = event.target.value;
  }
});
// Copying: on plain http to another machine browsers offer only the old way.
const copied = async (text) => {
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
};
element.addEventListener('click', async (event) => {
  const button = event.target.closest('.copy');
  if (!button) return;
  await copied(button.dataset.copy);
  button.textContent = '已复制';
});
