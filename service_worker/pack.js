// The pack: the lists and the newest hundred orders, in one answer of many lines (app/offline/making.py). Each is kept as it comes, so
// that an answer which was cut off is taken up behind the last of them.
let bringing;
let next;

// `sparing`: once a day, and without pictures; `changed`: something is known to have changed.
ASKED.pack = async ({ sparing = false, changed = false }) => {
  const age = Date.now() - await stamp('synced');
  if (age < (sparing ? A_DAY : changed ? 0 : A_MINUTE)) return true;
  return brought(sparing, changed);
};

// One at a time. Whoever knows of a change while it is on its way has it asked for once more.
function brought(sparing, changed) {
  if (!bringing) return (bringing = bring(sparing).finally(() => { bringing = undefined; }));
  if (!changed) return bringing;
  return (next ??= bringing.catch(() => {}).then(() => { next = undefined; return brought(sparing, false); }));
}

// Whether all of it is kept now.
async function bring(sparing) {
  const id = await viewer();
  if (!id || await paused()) return false;
  const ended = await tried(id).catch(async (error) => { await noteFailed(id, String(error)); throw error; });
  if (ended !== 'kept') {
    if (!['over', 'away'].includes(ended) && !givenWay.signal.aborted) await noteFailed(id, ended);
    return false;
  }
  await noteFor(id, 'failed', undefined);
  if (!sparing) await fillPictures(id);
  everyPage.postMessage({ said: 'kept' });
  return true;
}

// See `trying.js` for the ends it may come to.
async function bringOnce(id) {
  const had = await fact('pack') ?? {}, most = await fact('most'), sent = Date.now();
  const query = new URLSearchParams({ ...had, ...(most >= 0 && { most }) });
  const response = await fetch(`/offline/pack?${query}`, { redirect: 'manual', signal: givenWay.signal }).catch(() => null);
  if (!response) return 'away';
  await heard(response, sent);
  if (response.status === 401 || response.type === 'opaqueredirect') return 'over';
  if (response.status === 429) return waited(response);
  if (!/ndjson/.test(response.headers.get('content-type'))) return `status ${response.status}`;
  let head, ended = 'cut';
  for await (const line of linesOf(response.body)) {
    if (!await still(id)) return 'over';
    if (line.end) return finished(id, head, sent);
    if (line.digest) { head = line; await noteFor(id, 'unread', line.unread); }
    if (line.words) await noteFor(id, 'list', { words: line.words, zone: line.zone, locale: line.locale });
    if (line.frame) await noteFor(id, 'frame', line.frame);
    if (!line.url) continue;
    const taken = await take(id, line, head.cursor);
    if (taken !== 'taken') return taken === 'full' ? finished(id, head, sent) : wrong();
    await noteFor(id, 'pack', { ...(had.cursor && { cursor: had.cursor }), resume: head.cursor, after: line.url });
    ended = 'more';
  }
  return ended;
}

// Up to where it was cut off.
async function* linesOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (let rest = ''; ;) {
      const { done, value } = await reader.read().catch(() => ({ done: true }));
      if (done) return;
      const lines = (rest + value).split('\n');
      rest = lines.pop();
      for (const line of lines) yield JSON.parse(line);
    }
  } finally { reader.cancel().catch(() => {}); }
}
