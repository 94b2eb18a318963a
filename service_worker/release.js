// A newer release is looked for when an answer tells of it: boosted pages never ask for the worker. Then it waits until somebody takes
// it (new-release): nothing changes under an open page by itself.
let { build } = COUNTER;

function toldOf(release) {
  if (!release || release === build) return;
  build = release;
  registration.update().catch(() => {}); // no network
}

ASKED.skip = () => skipWaiting();

// The browser lets an older one end what it has begun first: that is cut off, for the newer one to take up.
const givenWay = new AbortController();
ASKED.giveWay = () => { if (registration.waiting) givenWay.abort(); };
