// Pictures of the orders that are kept, and the land on their maps: newest first, within a budget. What their address names never
// changes, so one that is kept is not asked for again.
const MOST_BYTES = 8 * 1024 * 1024;
const AT_ONCE = 3;

function isPicture(url) { return url.pathname.startsWith('/pictures/') || url.pathname.startsWith('/maps/'); }

async function picture(request) {
  const id = await viewer();
  const found = id && await caches.match(place(request.url), { cacheName: `kept-${id}` });
  return found || fetch(request);
}

// Sizes by address, of those that are kept.
async function sizes() { return { ...await fact('pictures') }; }

async function fillPictures(id) {
  const wanted = [...new Set((await keptOrders()).flatMap((order) => order.pictures))];
  const kept = await sizes();
  for (const address of Object.keys(kept)) {
    if (wanted.includes(address)) continue;
    await dropCopy(id, address);
    delete kept[address];
  }
  const free = () => MOST_BYTES - Object.values(kept).reduce((sum, size) => sum + Math.max(size, 0), 0);
  const missing = wanted.filter((address) => !(address in kept) || (kept[address] < 0 && -kept[address] <= free()));
  const fill = async () => {
    for (let address; (address = missing.shift()) && free() > 0 && await still(id);) kept[address] = await fetched(id, address, free());
  };
  await Promise.allSettled(Array.from({ length: AT_ONCE }, fill)); // no network, or no room: the next time
  await noteFor(id, 'pictures', kept);
}

// Its size; a negative one of what was too large for the rest of the budget, 0 for one that is gone, and not worth being asked for
// again. Throws where there is none for the moment.
async function fetched(id, address, most) {
  const response = await fetch(address, { signal: givenWay.signal });
  if (response.status === 404 || response.status === 410) return 0;
  if (!response.ok) throw new TypeError(`${address}: ${response.status}`);
  const { size } = await response.clone().blob();
  if (size > most) return -size;
  await put(id, `kept-${id}`, place(address), response);
  return size;
}

// Whether any went.
async function dropPictures(id) {
  let went = false;
  for (const address of Object.keys(await sizes())) went = await dropCopy(id, address) || went;
  await noteFor(id, 'pictures', undefined).catch(() => {});
  return went;
}
