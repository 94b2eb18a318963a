// What a line of the pack is kept as: a page among the copies; of an order its card too, with what the list is sorted and searched by.
const BETWEEN = /(?=<article|<section|<li )/; // the same in app/offline/blocks.py

// Whether it could be put together. `pack` is the cursor of the answer that it came with.
async function take(id, line, pack) {
  const html = line.html ?? await together(id, line.url, line.parts);
  if (await hashed(html) !== line.etag) return false;
  if (!line.card) await withRoom(id, '', () => keep(line.url, html, { viewer: id }));
  else await takeOrder(id, line, html, pack);
  return true;
}

// Of blocks that are new, and of those that the copy has.
async function together(id, url, parts) {
  const copy = await caches.match(place(url), { cacheName: `kept-${id}` });
  const had = (await copy?.text() ?? '').split(BETWEEN);
  return parts.map((part) => (typeof part === 'string' ? part : had.slice(...part).join(''))).join('');
}

async function takeOrder(id, { url, card, facts: about, pictures }, html, pack) {
  await withRoom(id, about.placed, () => keep(url, html, { viewer: id }));
  await withRoom(id, about.placed, () => remember(id, { url, card, facts: about, pictures, pack }));
}

async function remember(id, order) {
  if (await still(id)) await inStore('orders', 'readwrite', (store) => store.put(order));
  if (!await still(id)) await inStore('orders', 'readwrite', (store) => store.delete(order.url));
}

async function hashed(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function wrong() { return note('pack', undefined).then(() => 'wrong'); }

// The end of an answer: only the newest stay. When these are not the orders that the server means, all is asked for anew.
async function finished(id, head, sent) {
  const all = await keptOrders();
  const newest = all.filter((it) => !head.whole || it.pack === head.cursor).slice(0, head.most);
  for (const order of all) if (!newest.includes(order)) await dropOrder(id, order.url);
  if (await hashed(newest.map((it) => it.url).sort().join('\n')) !== head.digest) return wrong();
  await noteFor(id, 'pack', { cursor: head.cursor });
  await noteFor(id, 'synced', sent);
  return 'kept';
}

// Newest first.
async function keptOrders() {
  const all = await inStore('orders', 'readonly', (store) => store.getAll());
  const at = ({ facts: { placed } }) => Date.parse(placed);
  return all.sort((one, other) => at(other) - at(one) || other.facts.id - one.facts.id);
}

async function dropOrder(id, url) {
  await inStore('orders', 'readwrite', (store) => store.delete(url));
  await dropCopy(id, url);
}

async function dropCopy(id, url) {
  const cache = await caches.open(`kept-${id}`);
  return cache.delete(place(url));
}
