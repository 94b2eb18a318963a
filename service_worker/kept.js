// Copies of pages, by their addresses: those of the pack, and of what was looked at besides. Each person has caches of their own, whose
// names end in their public id.
const MOST_SEEN = 60; // pages besides the pack
const LISTS = ['/returns', '/inbox']; // whose things have pages in the pack

// Full pages alone: fragments of a page have no copy. Chromium keeps one copy an address, whatever Vary says.
function place(address) {
  const url = new URL(address, location.origin);
  url.hash = '';
  url.searchParams.delete('src');
  return url.href;
}

// `part`: 'main' is a title and a main, to be put in a frame; 'whole' a document. Whose it is is looked at last of all, and once more
// after: a purge may have come between. Throws what `Cache.put` throws (QuotaExceededError).
async function keep(address, html, { viewer: id, part = 'main', at = new Date(), cache = `kept-${id}` }) {
  const headers = { 'Content-Type': 'text/html; charset=utf-8', 'X-Kept-At': at.toISOString(), 'X-Kept-Part': part };
  await put(id, cache, place(address), new Response(html, { headers }));
}

async function put(id, name, address, response) {
  if (!await still(id)) return;
  const cache = await caches.open(name);
  if (await still(id)) await cache.put(address, response);
  if (!await still(id)) await caches.delete(name);
}

async function keepSeen(address, response, id) {
  const name = `seen-${id}`;
  try { await keep(address, await response.text(), { viewer: id, part: 'whole', cache: name }); } catch { return; } // no room left
  if (!await caches.has(name)) return;
  const cache = await caches.open(name);
  const all = await cache.keys();
  for (const old of all.slice(0, Math.max(0, all.length - MOST_SEEN))) await cache.delete(old);
}

// The newer one of the two, if any.
async function copyOf(address) {
  const id = await viewer();
  if (!id) return undefined;
  const [kept, seen] = await Promise.all(['kept', 'seen'].map((name) => caches.match(place(address), { cacheName: `${name}-${id}` })));
  const composed = new URL(address, location.origin).pathname in COMPOSED; // under its address lies what it is put together of
  const found = [kept && !composed && await current(kept), seen];
  const at = (copy) => (copy ? copy.headers.get('x-kept-at') : '');
  return (at(found[0]) < at(found[1]) ? found[1] : found[0]) || undefined;
}

// What came with the pack is right as of the last time that the server was asked what of it has changed.
async function current(copy) {
  const headers = new Headers(copy.headers);
  const synced = new Date(await fact('synced') ?? 0).toISOString();
  if (synced > headers.get('x-kept-at')) headers.set('X-Kept-At', synced);
  return new Response(copy.body, { headers });
}

// Of what such a list names, the pages stay: the copy of another one would say what was, and nothing of its age.
async function dropOthers(id, address, list) {
  const cache = await caches.open(`kept-${id}`);
  for (const { url } of await cache.keys()) {
    const { pathname } = new URL(url);
    const named = [`"${pathname}"`, `"${pathname}#`].some((it) => list.includes(it));
    if (pathname.startsWith(`${address}/`) && !named) await cache.delete(url);
  }
}

async function dropCopies() {
  for (const name of await caches.keys()) if (/^(kept|seen)-/.test(name)) await caches.delete(name);
}
