// COMPTOIR_OFFLINE=off: in place of a release that is broken. It takes over at once, throws away all that was kept, and goes. Pages see
// that another worker has come, and load themselves anew where nothing is lost by it (new-release); the others work on without it.
addEventListener('install', (event) => event.waitUntil(skipWaiting()));
addEventListener('activate', (event) => event.waitUntil(withdraw()));

async function withdraw() {
  for (const name of await caches.keys()) await caches.delete(name);
  for (const { name } of await indexedDB.databases?.() ?? [{ name: 'counter' }]) indexedDB.deleteDatabase(name);
  await registration.unregister();
}
