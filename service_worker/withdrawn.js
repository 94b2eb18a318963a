// COMPTOIR_OFFLINE=off: in place of a release that is broken. It takes over at once, throws away all that was kept, and goes. Windows
// that have nothing to lose are loaded anew; the others work on, and are free of it at their next page.
addEventListener('install', (event) => event.waitUntil(skipWaiting()));
addEventListener('activate', (event) => event.waitUntil(withdraw()));

async function withdraw() {
  for (const name of await caches.keys()) await caches.delete(name);
  for (const { name } of await indexedDB.databases?.() ?? [{ name: 'counter' }]) indexedDB.deleteDatabase(name);
  const windows = await clients.matchAll({ type: 'window' });
  await registration.unregister();
  for (const window of windows) free(window).then((is) => is && window.navigate(window.url)).catch(() => {});
}
