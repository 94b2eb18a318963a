// What waits is sent in its order, one at a time and by one of us: after a sign-out, or as somebody else, nothing is. Who is to be
// told of a refusal reads it in the list: it stays until the person decides.
const PROBLEM = 'application/problem+json';
let sending;

// Whether all of it has been answered. What came meanwhile is sent, too.
function sendWaiting() {
  sending ??= navigator.locks.request('waiting', sendAll).finally(() => { sending = undefined; });
  return sending;
}

async function sendAll() {
  const sent = [];
  let answer = 'done';
  while (answer === 'done' || answer === 'refused') {
    const [row] = await rows('waiting');
    if (!row) break;
    answer = await sendOne(row).catch(() => 'later');
    if (answer === 'done') sent.push(row.url);
  }
  if (sent.length) everyPage.postMessage({ said: 'sent', urls: sent });
  return answer !== 'later';
}

// 'done', 'refused', 'later' or 'signed out'.
async function sendOne(row) {
  const asked = Date.now();
  const headers = { 'Content-Type': row.type, 'Idempotency-Key': row.key, 'X-Viewer': row.viewer, Accept: PROBLEM };
  const signal = AbortSignal.timeout(ANSWER_WITHIN);
  const response = await fetch(row.url, { method: 'POST', body: row.body, headers, redirect: 'manual', signal });
  await heard(response, asked);
  await wantsSignIn(response.status === 401);
  if (response.status === 401) return 'signed out';
  if (response.status === 204) {
    await drop(row.id);
    return 'done';
  }
  // Not our answer but of whoever stands between (a portal, a proxy); asked to wait; or nothing is wrong with what was sent.
  const fromUs = response.headers.get('content-type')?.startsWith(PROBLEM);
  if (!fromUs || response.status === 429 || response.status >= 500) return 'later';
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

// What was purged or discarded meanwhile does not come back.
function changeRow(id, about) {
  return inStore('waiting', 'readwrite', (store) => {
    const found = store.get(id);
    found.onsuccess = () => { if (found.result) store.put({ ...found.result, ...about }); };
    return found;
  });
}

// The browser asks again later when this fails.
async function sync() {
  if (!await sendWaiting()) throw new Error('nobody answers');
}
