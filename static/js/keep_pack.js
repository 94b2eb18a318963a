// Has the service worker keep the pack (service_worker/pack.js): after each load, when something has changed, and when the page is
// looked at again. Of a change many pages hear at once: each waits for some moments of its own.
{
  const SPREAD = 4_000; // milliseconds
  const viewer = document.querySelector('meta[name="viewer"]')?.content;
  let changed = false, soon;
  const keep = () => {
    if (document.hidden || !navigator.onLine) return;
    globalThis.askWorker('pack', { changed, sparing: Boolean(navigator.connection?.saveData) }).catch(() => {}); // none, or no network
    changed = false;
  };
  const keepSoon = () => {
    changed = true;
    soon ??= setTimeout(() => { soon = undefined; keep(); }, Math.random() * SPREAD);
  };

  if (viewer && navigator.serviceWorker) {
    document.addEventListener('worker-ready', keep);
    document.addEventListener('counter-changed', keepSoon);
    document.addEventListener('visibilitychange', keep);
    addEventListener('online', keep);
  }
}
