// `windowIsFree()`: whether another page may take this one's place by itself: that of a notification (see service_worker/windows.js),
// this one anew after an update (new-release). Not at a desk, not where something is typed, refused or on its way, not where something
// is shown this once ([data-once]), and not where it is being left already.
{
  const turned = (option) => option.selected !== option.defaultSelected;
  // Of a list in which nothing is marked, the browser shows the first.
  const chosen = (list) => (list.multiple || [...list.options].some((one) => one.defaultSelected)
    ? [...list.options].some(turned) : list.selectedIndex > 0);
  const touched = (field) => {
    if (field.options) return chosen(field);
    if (field.type === 'checkbox' || field.type === 'radio') return field.checked !== field.defaultChecked;
    return 'defaultValue' in field && field.value !== field.defaultValue;
  };
  const lost = (form) => form.method !== 'get' && (form.ariaBusy === 'true' || [...form.elements].some(touched));
  let left = false; // on its way to another page already
  addEventListener('beforeunload', () => { left = true; setTimeout(() => { left = false; }, 5_000); });
  const free = () => !left && !/^\/desk(\/|$)/.test(location.pathname) && ![...document.forms].some(lost)
    && !document.querySelector('[data-once], [aria-invalid="true"]');

  globalThis.windowIsFree = free;
  navigator.serviceWorker?.addEventListener('message', ({ data, ports }) => {
    if (data === 'free?') ports[0]?.postMessage(free());
  });
}
