// What is kept on the device is asked to stay there, once somebody is signed in or a change waits to be sent. Firefox would ask the
// person, at a moment when they do something else: there it is a button of /app-health.
{
  const asks = /Firefox\//.test(navigator.userAgent);
  const keep = async () => {
    if (asks || !navigator.storage?.persist || await navigator.storage.persisted()) return;
    await navigator.storage.persist();
  };

  if (document.querySelector('meta[name="viewer"]')?.content) addEventListener('load', () => { keep().catch(() => {}); }, { once: true });
  document.addEventListener('counter-worker', ({ detail }) => { if (detail.said === 'waiting') keep().catch(() => {}); });
}
