// Buttons of this component become its events. The one pressed is remembered: the notice leads back to it.
element.addEventListener('click', (event) => {
  const button = event.target.closest('button[data-event]');
  if (!button || !events.includes(button.dataset.event)) return;
  if (button.dataset.confirm && !window.confirm(button.dataset.confirm)) return;
  window.zhenggaiPressed = button;
  trigger(button.dataset.event, { ...button.dataset });
});
