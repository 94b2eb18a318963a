// What is kept on the device is asked to stay there, once somebody is signed in, a change waits to be sent, or it is an app on a home
// screen. Firefox would ask the person, at a moment when they do something else: there it is a button of /app-health.
{
  const asks = /Firefox\//.test(navigator.userAgent);
  const keep = async () => {
    if (asks || !navigator.storage?.persist || await navigator.storage.persisted()) return;
    await navigator.storage.persist();
  };

  const somebody = document.querySelector('meta[name="viewer"]')?.content;
  addEventListener('load', () => { if (somebody || homeScreen.there()) keep().catch(() => {}); }, { once: true });
  addEventListener('appinstalled', () => { keep().catch(() => {}); });
  document.addEventListener('counter-worker', ({ detail }) => { if (detail.said === 'waiting') keep().catch(() => {}); });
}
