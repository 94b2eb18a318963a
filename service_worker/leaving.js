// Signing out, and forgetting a device: what is kept here goes first, and whatever the network does. Without one, the server hears of it
// with the first request that gets through; until then nothing is shown, and nothing kept. What it is owed is the fact `leaving`: at
// which address, of whom, for somebody else may come in meanwhile, and since when.
const LEAVES_WITHIN = 10_000; // milliseconds
const SENT_WITHIN = 5_000;
let telling;

async function signOut(event) {
  try {
    await sentFirst();
    await note('leaving', { address: '/sign-out', viewer: await fact('viewer'), at: Date.now() });
    await forget('');
  } catch (error) { // nothing can be noted: at least no page is left, and the browser asks by itself
    await dropCopies().catch(() => {});
    throw error;
  }
  await left(event, true);
  await forget(); // what was on its way
  return Response.redirect('/sign-in', 303);
}

// What waits is sent while it still can be.
async function sentFirst() {
  if ((await rows('waiting')).length) await Promise.race([sendWaiting().catch(() => {}), wait(SENT_WITHIN)]);
}

// Whether nobody is left to be signed out. `now`: it is asked for by whoever is signed in at this moment. Told once at a time; nobody
// waits for a slow answer.
async function left(event, now = false) {
  telling ??= tell(now).catch(() => false).finally(() => { telling = undefined; }); // no network
  event.waitUntil(telling);
  return Promise.race([telling, wait(SLOW).then(() => false)]);
}

// 204 is made for us: everything else is no answer of ours (a portal's page, a proxy's refusal), or none that helps.
async function tell(now) {
  const owed = await fact('leaving');
  if (!owed) return true;
  const { address = '/sign-out', viewer: id } = owed;
  const headers = { Accept: PROBLEM, ...(id && !now && { 'X-Viewer': id }) };
  const signal = AbortSignal.timeout(LEAVES_WITHIN);
  const { status } = await fetch(address, { method: 'POST', headers, redirect: 'manual', signal });
  if (status !== 204) return false;
  const owes = await fact('leaving');
  const same = owes?.at === owed.at; // else more is owed by now
  if (same) await note('leaving', undefined);
  await note('changed', Date.now());
  return same || !owes;
}

// What is shown until then: that it is so, or how the app is on this device, which is nobody's.
async function withoutThem(url) {
  return (url.pathname === HEALTH && await COMPOSED[HEALTH](url, {})) || offlinePage();
}

ASKED.unsent = async () => { await sentFirst(); return (await rows()).length; };
// Where the page could not reach anybody.
ASKED.leave = async ({ address, viewer: id }) => {
  await note('leaving', { address, viewer: id || (await fact('leaving'))?.viewer, at: Date.now() });
  await forget();
  await (await registration.pushManager?.getSubscription())?.unsubscribe();
};
