// A page comes from the network. Where that is away, or takes too long, the copy is shown, and says how old it is.
const SLOW = 2_500; // milliseconds
const DOWN = new Set([502, 503, 504]); // nobody is behind the door
// By path: (url, { partial }) → Response or undefined, for what is put together here. See orders.js.
const COMPOSED = {};

// What a boosted link asks for is a whole page, too; of the pieces of a page only those that are put together here are ours.
function isPage(request, url) {
  if (request.method !== 'GET') return false;
  if (request.mode === 'navigate') return true;
  return request.headers.has('hx-request') && (!partial(request) || url.pathname in COMPOSED);
}

function partial(request) { return request.headers.get('hx-request-type') === 'partial'; }

async function page(event, url) {
  const { request } = event;
  const copied = copy(request, url);
  if (await fact('leaving') && !await left()) return offlinePage();
  const answer = fromNetwork(event, url);
  event.waitUntil(answer.catch(() => {}));
  try {
    const response = await (await copied ? Promise.race([answer, wait(SLOW)]) : answer);
    if (response && !(DOWN.has(response.status) && await copied)) return response;
  } catch { /* no network */ }
  return (await copied)?.() ?? (partial(request) ? Response.error() : offlinePage());
}

async function fromNetwork(event, url) {
  const sent = Date.now();
  const response = await fetch(event.request);
  event.waitUntil(learn(event.request, url, response.clone(), sent));
  return response;
}

async function learn(request, url, response, sent) {
  await heard(response, sent);
  const id = response.headers.get('x-viewer');
  if (!id || partial(request) || !mayBeKept(response) || !await still(id)) return;
  await keepSeen(url.href, response, id);
}

function mayBeKept(response) {
  return response.status === 200 && response.type === 'basic' && !response.redirected
    && /^text\/html/.test(response.headers.get('content-type') ?? '') && !/no-store/.test(response.headers.get('cache-control') ?? '');
}

function wait(milliseconds) { return new Promise((done) => { setTimeout(done, milliseconds); }); }

// A function that makes the answer, when there is one to be made.
async function copy(request, url) {
  const composed = await COMPOSED[url.pathname]?.(url, { partial: partial(request) });
  if (composed) return () => composed;
  if (partial(request)) return undefined;
  const found = await copyOf(url.href);
  return found && (async () => shown(await dressed(await found.text(), found.headers)));
}
