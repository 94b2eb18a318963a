// How often the pack is asked for. What it comes to: `kept`; `over`, for nobody is signed in any more, or somebody else; `away`, no
// network; `busy`, too many ask; `more`, cut off behind something new; `cut`, before that; `wrong`, not as the server means it;
// `full`, no room for all of it; or what was said instead.
const TRIES = 3;
const AT_ONCE_AGAIN = ['busy', 'more', 'wrong', 'full'];
const PASSING = ['busy', 'more', 'cut']; // it is the network's fault, or goes on the next time
const MOST_SECONDS = 10; // that are waited for the server's sake at a time
const A_MINUTE = 60_000, LONGEST_PAUSE = 6 * 3_600_000; // milliseconds

// Again at once where that may help; for all of it only once.
async function tried(id) {
  await roomAgain(id);
  const ends = [];
  while (ends.length < TRIES) {
    const ended = await bringOnce(id);
    if (!AT_ONCE_AGAIN.includes(ended) || (ended === 'wrong' && ends.includes(ended))) return ended;
    ends.push(ended);
  }
  return ends.at(-1);
}

async function waited(response) {
  await wait(Math.min(Number(response.headers.get('retry-after')) || 1, MOST_SECONDS) * 1_000);
  return 'busy';
}

// Then there is a pause, of a minute at first; each is twice as long as the one before where trying more does not help.
async function noteFailed(id, why) {
  const times = PASSING.includes(why) ? 1 : ((await fact('failed'))?.times ?? 0) + 1;
  const about = { at: Date.now(), times, why };
  await noteFor(id, 'failed', about).catch(() => { facts.set('failed', about); }); // no room even for that
}

async function paused() {
  const { at = 0, times = 0 } = await fact('failed') ?? {};
  const since = Date.now() - at;
  return since >= 0 && since < Math.min(A_MINUTE * 2 ** (times - 1), LONGEST_PAUSE);
}

// A fact about somebody, not left behind when they go meanwhile.
async function noteFor(id, name, value) {
  if (await still(id)) await note(name, value);
  if (!await still(id)) await note(name, undefined);
}
