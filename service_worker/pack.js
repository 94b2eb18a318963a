// The pack: the lists and the newest hundred orders, in one answer of many lines (app/offline/making.py). Each is kept as it comes, so
// that an answer which was cut off is taken up behind the last of them.
const A_MINUTE = 60_000; // milliseconds
const A_DAY = 86_400_000;
const TRIES = 3;
let bringing;
let next;

// `sparing`: once a day, and without pictures; `changed`: something is known to have changed.
ASKED.pack = async ({ sparing = false, changed = false }) => {
  const age = Date.now() - (await fact('synced') ?? 0);
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
  if (!id) return false;
  for (let n = 0; n < TRIES; n++) {
    const ended = await bringOnce(id).catch((error) => { if (error instanceof TypeError) return 'cut'; throw error; });
    if (ended === 'over') return false;
    if (ended !== 'kept') continue;
    if (!sparing) await fillPictures(id);
    everyPage.postMessage({ said: 'kept' });
    return true;
  }
  return false;
}

// `kept`; `cut` or `wrong`, to be asked for again; or `over`: nobody is signed in any more, or somebody else.
async function bringOnce(id) {
  const had = await fact('pack') ?? {}, sent = Date.now();
  const response = await fetch(`/offline/pack?${new URLSearchParams(had)}`, { redirect: 'manual' });
  await heard(response, sent);
  if (!response.ok) return DOWN.has(response.status) ? 'cut' : 'over';
  let head;
  for await (const line of linesOf(response.body)) {
    if (!await still(id)) return 'over';
    if (line.end) return finished(id, head, sent);
    if (line.digest) { head = line; await noteFor(id, 'unread', line.unread); }
    if (line.words) await noteFor(id, 'list', { words: line.words, zone: line.zone, locale: line.locale });
    if (line.frame) await noteFor(id, 'frame', line.frame);
    if (!line.url) continue;
    if (!await take(id, line, head.cursor)) return wrong();
    await noteFor(id, 'pack', { ...(had.cursor && { cursor: had.cursor }), resume: head.cursor, after: line.url });
  }
  return 'cut';
}

async function* linesOf(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (let rest = ''; ;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

// A fact about somebody, not left behind when they go meanwhile.
async function noteFor(id, name, value) {
  if (await still(id)) await note(name, value);
  if (!await still(id)) await note(name, undefined);
}
