// The cited sentence is brought into view; the focus follows it, so that a keyboard reader lands there too.
watch('value', () => {
  const mark = element.querySelector('mark');
  const target = mark || element.querySelector('.notice');
  if (!target) return;
  target.scrollIntoView({ block: mark ? 'center' : 'nearest' });
  target.focus({ preventScroll: true });
});
// 返回 and Esc lead back to what was pressed to come here.
const back = () => {
  const pressed = window.zhenggaiPressed;
  if (!pressed || !pressed.isConnected) return;
  pressed.scrollIntoView({ block: 'center' });
  pressed.focus({ preventScroll: true });
};
element.addEventListener('click', (event) => { if (event.target.closest('.back')) back(); });
element.addEventListener('keydown', (event) => { if (event.key === 'Escape') back(); });
