// The newest turn of the conversation is scrolled into view.
watch('value', () => {
  const turns = element.querySelectorAll('.turn');
  if (turns.length) turns[turns.length - 1].scrollIntoView({ block: 'nearest' });
});
