// A page comes from the network. Where that is away, or takes too long, the copy is shown, and says how old it is.
const SLOW = 2_500; // milliseconds
const DOWN = new Set([502, 503, 504]); // nobody is behind the door
// By path: (url, { partial, middle }) → Response or undefined, for what is put together here. See orders.js.
const COMPOSED = {};

// What a boosted link asks for is a whole page, too, as is what htmx asks for on Back, without its usual mark; of the pieces of a page
// only those that are put together here are ours.
function isPage(request, url) {
  if (request.method !== 'GET') return false;
  if (request.mode === 'navigate' || request.headers.has('hx-history-restore-request')) return true;
  return request.headers.has('hx-request') && (!partial(request) || url.pathname in COMPOSED);
}

function partial(request) { return request.headers.get('hx-request-type') === 'partial'; }

// On Back, and in a tab that is restored, the browser may answer by itself what it has, however old: that is no contact with the
// counter, nor anything newer than what is kept.
function again(request) { return request.isHistoryNavigation || request.cache === 'force-cache'; }

async function page(event, url) {
  if (await fact('leaving') && !await left(event)) return withoutThem(url);
  if (again(event.request) && !navigator.onLine) return await copy(event.request, url).catch(() => undefined) ?? offlinePage();
  const answer = fromNetwork(event, url);
  event.waitUntil(answer.catch(() => {}));
  const response = await Promise.race([answer, wait(SLOW)]).catch(() => null); // no network
  if (response && !DOWN.has(response.status)) return response;
  const copied = await copy(event.request, url).catch(() => undefined);
  if (copied) return copied;
  try { return await answer; } catch { return partial(event.request) ? Response.error() : offlinePage(); }
}

async function fromNetwork(event, url) {
  const sent = Date.now();
  const response = await fetch(event.request);
  if (!again(event.request)) event.waitUntil(learn(event.request, url, response.clone(), sent));
  return response;
}

async function learn(request, url, response, sent) {
  await heard(response, sent);
  const id = response.headers.get('x-viewer');
  if (!id || partial(request) || !mayBeKept(url, response) || !await still(id)) return;
  await keepSeen(url.href, response, id);
}

// A merchant's desk is not: its customers are not on that device.
function mayBeKept(url, response) {
  return !/^\/desk(\/|$)/.test(url.pathname) && response.status === 200 && response.type === 'basic' && !response.redirected
    && /^text\/html/.test(response.headers.get('content-type') ?? '') && !/no-store/.test(response.headers.get('cache-control') ?? '');
}

function wait(milliseconds) { return new Promise((done) => { setTimeout(done, milliseconds); }); }

async function copy(request, asked) {
  const url = asked.pathname === '/' ? new URL('/orders', asked) : asked; // there an installed app begins, and is led on
  const middle = request.headers.has('hx-boosted');
  const composed = await COMPOSED[url.pathname]?.(url, { partial: partial(request), middle });
  if (composed || partial(request)) return composed;
  const found = await copyOf(url.href);
  return found && shown(await dressed(await found.text(), found.headers, url.pathname, { middle }));
}
