// Where a device has no room left: pictures go first, then the pages of the oldest orders. Their cards stay in the list, as long as
// there is room for those.
const A_DAY = 86_400_000; // milliseconds

// Whether it is done: tries again as long as something that can be missed more than what is of that time makes room; '' is older
// than no order. `last`: what else can go, when no page is left.
async function withRoom(id, time, work, last = () => false) {
  for (;;) {
    try {
      await work();
      return true;
    } catch (error) {
      if (error?.name !== 'QuotaExceededError') throw error;
      await noteFor(id, 'full', Date.now()).catch(() => {});
      if (await dropPictures(id) || await dropOldest(id, time) || await last(id, time)) continue;
      if (time) return false; // the newer ones stay
      throw error;
    }
  }
}

async function dropOldest(id, time) {
  const cache = await caches.open(`kept-${id}`);
  for (const order of (await keptOrders()).reverse()) {
    if (time && Date.parse(order.facts.placed) >= Date.parse(time)) return false;
    if (await cache.delete(place(order.url))) return true;
  }
  return false;
}

// The oldest order, card and all.
async function dropLast(id, time) {
  const last = (await keptOrders()).at(-1);
  if (!last || Date.parse(last.facts.placed) >= Date.parse(time)) return false;
  await dropOrder(id, last.url);
  return true;
}

// There is room for so many: fewer are asked for, with some air. After a day all of them once more.
async function fewer(id, fit) {
  await noteFor(id, 'most', Math.floor(fit * 0.9));
  return 'full';
}

async function roomAgain(id) {
  if (!await fact('full') || Date.now() - await stamp('full') < A_DAY) return;
  for (const name of ['full', 'most', 'pack']) await noteFor(id, name, undefined);
}
