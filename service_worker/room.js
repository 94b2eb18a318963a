// Where a device has no room left: pictures go first, then the pages of the oldest orders. Their cards stay in the list.

// Tries again as long as something that can be missed more than what is of that time makes room; '' is older than no order.
async function withRoom(id, time, work) {
  for (;;) {
    try { return await work(); } catch (error) {
      if (error?.name !== 'QuotaExceededError') throw error;
      await noteFor(id, 'full', Date.now()).catch(() => {});
      if (await dropPictures(id) || await dropOldest(id, time)) continue;
      if (time) return undefined; // the newer ones stay
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
