// What a line of the pack is kept as: a page among the copies; of an order its card too, with what the list is sorted and searched by.
// 'taken', 'wrong' when it could not be put together, 'full' when there is no room for it. `pack` is the cursor of the answer that
// it came with.
async function take(id, line, pack) {
  const { html, card } = line.like ? await likened(id, line) : line;
  const page = html ?? await together(id, line.url, line.parts);
  if (await hashed(page) !== line.etag) return 'wrong';
  const about = line.facts;
  await withRoom(id, about?.placed ?? '', () => keep(line.url, page, { viewer: id }));
  if (LISTS.includes(line.url)) await dropOthers(id, line.url, page);
  if (!about) return 'taken';
  const order = { url: line.url, card, facts: about, pictures: line.pictures, pack };
  return await withRoom(id, about.placed, () => rememberOrder(id, order), dropLast) ? 'taken' : 'full';
}

async function rememberOrder(id, order) {
  if (await still(id)) await inStore('orders', 'readwrite', (store) => store.put(order));
  if (!await still(id)) await inStore('orders', 'readwrite', (store) => store.delete(order.url));
}

async function hashed(text) {
  const bytes = new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text)));
  return Array.from(bytes.slice(0, 8), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

function wrong() { return note('pack', undefined).then(() => 'wrong'); }

// The end of an answer: only the newest stay. When these are not the orders that the server means, all is asked for anew, or where
// there was no room for them as many as there is.
async function finished(id, head, sent) {
  const all = await keptOrders();
  const newest = all.filter((it) => !head.whole || it.pack === head.cursor).slice(0, head.most);
  for (const order of all) if (!newest.includes(order)) await dropOrder(id, order.url);
  const meant = await hashed(newest.map((it) => it.url).sort().join('\n')) === head.digest;
  if (!meant) return await stamp('full') >= sent ? fewer(id, newest.length) : wrong();
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
