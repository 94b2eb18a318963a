// What waits is sent in its order, one at a time and by one of us: after a sign-out, or as somebody else, nothing is. Who is to be
// told of a refusal reads it in the list: it stays until the person decides.
const PROBLEM = 'application/problem+json';
const GOES_ON = ['done', 'refused', 'failed'];
const FAILS = 5, FAILS_FOR = 86_400_000; // times, and milliseconds
let sending;

// 'sent' when all of it has been answered; 'signed out'; 'later'; or 'cut', when there is no network. What came meanwhile is sent, too.
function sendWaiting() {
  sending ??= navigator.locks.request('waiting', sendAll).finally(() => { sending = undefined; });
  return sending;
}

async function sendAll() {
  const sent = [], failed = [];
  let answer = 'done';
  while (GOES_ON.includes(answer)) {
    const row = (await rows('waiting')).find((it) => !failed.includes(path(it)));
    if (!row) break;
    answer = await sendOne(row).catch((error) => (error instanceof TypeError ? 'cut' : 'later'));
    if (answer === 'done') sent.push(row.url);
    if (answer === 'failed') failed.push(path(row));
  }
  if (sent.length) everyPage.postMessage({ said: 'sent', urls: sent });
  if (!GOES_ON.includes(answer)) return answer;
  return failed.length ? 'later' : 'sent';
}

// 'done', 'refused', 'failed', 'later' or 'signed out'.
async function sendOne(row) {
  const asked = Date.now();
  const headers = { 'Content-Type': row.type, 'Idempotency-Key': row.key, 'X-Viewer': row.viewer, Accept: PROBLEM };
  const signal = AbortSignal.timeout(patience(row));
  const response = await fetch(row.url, { method: 'POST', body: row.body, headers, redirect: 'manual', signal });
  await heard(response, asked);
  await wantsSignIn(response.status === 401);
  if (response.status === 401) return 'signed out';
  if (response.status === 204) {
    await drop(row.id);
    return 'done';
  }
  // Not our answer but of whoever stands between (a portal, a proxy that refuses); or asked to wait.
  const fromUs = response.headers.get('content-type')?.startsWith(PROBLEM);
  const later = response.status === 429 || response.status >= DOWN_FROM || (!fromUs && response.status < 400);
  if (later) return 'later';
  if (!fromUs || response.status >= 500) return fails(row);
  await refused(row.id, await response.json().catch(() => ({})));
  return 'refused';
}

async function wantsSignIn(wanted) {
  if (wanted === Boolean(await fact('sign-in'))) return;
  await note('sign-in', wanted || undefined);
  everyPage.postMessage({ said: 'waiting' });
}

async function refused(id, { detail = '', errors = [] }) {
  await changeRow(id, { state: 'refused', reasons: errors.length ? errors.map((error) => error.detail) : [detail] });
  everyPage.postMessage({ said: 'refused' });
}

// Nothing is wrong with what was sent, but with us or on the way: what is about something else is sent before it, and after a day
// it is said.
async function fails({ id, failed: { times, since } = { times: 0, since: Date.now() } }) {
  await changeRow(id, { failed: { times: times + 1, since } });
  if (times + 1 < FAILS || Date.now() - since < FAILS_FOR) return 'failed';
  await refused(id, { detail: (await words()).fault });
  return 'refused';
}

// What was purged or discarded meanwhile does not come back.
function changeRow(id, about) {
  return inStore('waiting', 'readwrite', (store) => {
    const found = store.get(id);
    found.onsuccess = () => { if (found.result) store.put({ ...found.result, ...about }); };
    return found;
  });
}
