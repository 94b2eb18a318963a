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
  const missing = wanted.filter((address) => !(address in kept));
  const free = () => MOST_BYTES - Object.values(kept).reduce((sum, size) => sum + size, 0);
  const fill = async () => {
    for (let address; (address = missing.shift()) && free() > 0 && await still(id);) kept[address] = await fetched(id, address, free());
  };
  await Promise.all(Array.from({ length: AT_ONCE }, fill)).catch(() => {}); // no network, or no room: the next time
  await noteFor(id, 'pictures', kept);
}

// Its size; 0 for one that is not kept, and not worth being asked for again.
async function fetched(id, address, most) {
  const response = await fetch(address);
  if (!response.ok) return 0;
  const { size } = await response.clone().blob();
  if (size > most) return 0;
  await put(id, `kept-${id}`, place(address), response);
  return size;
}

// Whether there were any.
async function dropPictures(id) {
  const kept = Object.keys(await sizes());
  for (const address of kept) await dropCopy(id, address);
  await noteFor(id, 'pictures', undefined).catch(() => {});
  return kept.length > 0;
}
