// Has the service worker keep the pack (service_worker/pack.js): after each load, when something has changed, and when the page is
// looked at again.
{
  const viewer = document.querySelector('meta[name="viewer"]')?.content;
  const keep = (changed) => {
    if (document.hidden || !navigator.onLine) return;
    globalThis.askWorker('pack', { changed, sparing: Boolean(navigator.connection?.saveData) }).catch(() => {}); // none, or no network
  };

  if (viewer && navigator.serviceWorker) {
    document.addEventListener('worker-ready', () => keep(false));
    document.addEventListener('counter-changed', () => keep(true));
    document.addEventListener('visibilitychange', () => keep(false));
    addEventListener('online', () => keep(false));
  }
}
