// COMPTOIR_OFFLINE=off: in place of a release that is broken. It takes over at once, throws away all that was kept, and goes. Pages see
// that another worker has come, and load themselves anew where nothing is lost by it (new-release); the others work on without it.
const TOLD_WITHIN = 12_000; // milliseconds

addEventListener('install', (event) => event.waitUntil(skipWaiting()));
addEventListener('activate', (event) => event.waitUntil(withdraw()));

async function withdraw() {
  for (const name of await caches.keys()) await caches.delete(name);
  const databases = await allTold().catch(() => false) ? await indexedDB.databases?.() ?? [{ name: 'counter' }] : [];
  for (const { name } of databases) indexedDB.deleteDatabase(name);
  await registration.unregister();
}

// What the server is still owed is told now: that somebody has gone, or the changes that wait, in their order. Whether that is all of
// it; the rest is left to the next release, and nothing else of theirs.
async function allTold() {
  const owed = await fact('leaving');
  const rows = await inStore('waiting', 'readonly', (store) => store.getAll());
  let told = !owed || await heardOf(owed.address, owed.viewer && { 'X-Viewer': owed.viewer });
  for (const row of rows.filter(({ state }) => state === 'waiting')) {
    told &&= await heardOf(row.url, { 'Content-Type': row.type, 'Idempotency-Key': row.key, 'X-Viewer': row.viewer }, row.body);
    if (told) await inStore('waiting', 'readwrite', (store) => store.delete(row.id));
  }
  if (told && !rows.some(({ state }) => state === 'refused')) return true;
  await inStore('orders', 'readwrite', (store) => store.clear());
  await forgetFacts(['viewer', 'contact', 'changed', 'leaving', 'locale']);
  return false;
}

// See sending.js and leaving.js.
async function heardOf(address, headers, body) {
  const asked = { method: 'POST', headers: { Accept: 'application/problem+json', ...headers }, body, redirect: 'manual' };
  const response = await fetch(address, { ...asked, signal: AbortSignal.timeout(TOLD_WITHIN) }).catch(() => null);
  return response?.status === 204;
}
