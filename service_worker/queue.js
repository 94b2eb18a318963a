// Changes that may be made without a network (COUNTER.queued, from app/routes.py). Each has a key from the moment it is made, under
// which the server does it once: it is sent with it at once, and kept when nobody answers, or when others wait before it.
const QUEUED = COUNTER.queued.map((path) => new RegExp(`^${path}$`));
const DOWN_FROM = 502; // what proxies say of us: whether it was done, nobody knows
const ANSWER_WITHIN = 12_000; // milliseconds, less than pages wait; then it is kept: sent again, it is not done again

function mayWait(request, url) { return request.method === 'POST' && QUEUED.some((path) => path.test(url.pathname)); }

async function change(event, url) {
  const { request } = event;
  const id = await viewer();
  if (!id) return request.mode === 'navigate' ? sentNow(event) : fetch(request);
  const row = {
    url: url.pathname + url.search, type: request.headers.get('content-type') ?? '', body: await request.clone().arrayBuffer(),
    viewer: id, key: crypto.randomUUID(), at: Date.now(), from: request.referrer, state: 'waiting',
  };
  let why = 'later';
  try {
    const within = AbortSignal.timeout(patience(row));
    const response = await othersAreSent(row) && await sentAtOnce(request, row, within);
    if (response.status === 401 && request.mode === 'navigate') return await signInFirst(row);
    if (response && response.status < DOWN_FROM) return response;
  } catch (error) { if (error instanceof TypeError) why = 'waiting'; /* no network */ }
  try { await remember(row, why); } catch (error) { return stays(error instanceof TypeError ? 'offline' : 'full'); }
  return request.mode === 'navigate' ? back(row) : inPlace();
}

// What was done first is sent first; but for what we ourselves fail at, when this is about something else.
async function othersAreSent(row) {
  const before = async () => (await rows('waiting').catch(() => [])).filter((it) => !it.failed || path(it) === path(row));
  if (!(await before()).length) return true;
  if (await Promise.race([sendWaiting(), wait(ANSWER_WITHIN)]) === 'cut') throw new TypeError('no network');
  return !(await before()).length;
}

async function sentAtOnce(request, row, signal) {
  const sent = Date.now();
  const headers = new Headers(request.headers);
  headers.set('Idempotency-Key', row.key);
  headers.set('X-Viewer', row.viewer);
  const { redirect, referrer } = request;
  const response = await fetch(row.url, { method: 'POST', body: row.body, headers, redirect, referrer, signal });
  await heard(response, sent).catch(() => {});
  return response;
}

// Those of whom the device belongs to, the oldest first; `state` is 'waiting' or 'refused'.
async function rows(state) {
  const id = await viewer();
  const all = id ? await inStore('waiting', 'readonly', (store) => store.getAll()) : [];
  return all.filter((row) => row.viewer === id && (!state || row.state === state));
}

// Pressed twice, it waits once. Whose it is is looked at before and after: a purge may come between. `why` is what is said: 'waiting'
// for the network, or 'later'. Throws where there is no room for it, although pictures and old pages made some.
async function remember(row, why) {
  const last = (await rows('waiting')).findLast(({ url }) => url === row.url);
  if (last && written(last) === written(row)) return;
  if (!await still(row.viewer)) throw new TypeError('whose it was is gone');
  let id;
  await withRoom(row.viewer, '', async () => { id = await inStore('waiting', 'readwrite', (store) => store.add(row)); });
  if (!await still(row.viewer)) await drop(id);
  try { await registration.sync?.register('waiting'); } catch { /* not allowed, or not there (Firefox, Safari) */ }
  everyPage.postMessage({ said: 'waiting', why });
}

// Photos take their time on a slow network: 20 kB in a second.
function patience({ body }) { return ANSWER_WITHIN + body.byteLength / 20; }

function path({ url }) { return url.split('?')[0]; }

function written(row) { return new TextDecoder().decode(row.body); }

function drop(id) { return inStore('waiting', 'readwrite', (store) => store.delete(id)); }
