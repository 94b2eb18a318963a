// Whose pages are kept on this device: one person's, and nothing of theirs once they have gone. That is after a sign-out, when their
// session was ended from elsewhere, when somebody else is signed in, and after a fortnight in which the counter was not reached.
// That a session has run out is no such thing: they are asked to sign in, and what is kept stays.
const FORTNIGHT = 14 * 86_400_000; // milliseconds
const everyPage = new BroadcastChannel('counter');
let becoming;

// Their public id, '' when there is nobody. Of a forgetting what it comes to is said.
async function viewer() {
  if (forgetting) await forgetting.catch(() => {});
  const begun = await fact('purging');
  if (begun) await forget('', '', begun);
  const id = await fact('viewer') ?? '';
  if (!id || await away() < FORTNIGHT) return id;
  await forget('forgotten', '', ['orders']); // a clock may be wrong: what was not sent is nowhere else
  return '';
}

// How long the counter was not reached, in milliseconds: since then by this clock, or by the counter's own, if one of them is wrong.
async function away() {
  const ages = [await fact('contact'), await fact('shop')].map((at) => Date.now() - at).filter((age) => age >= 0); // none is NaN
  if (!ages.length) await note('contact', Date.now()); // it was set back since: the fortnight begins anew
  return ages.length ? Math.min(...ages) : 0;
}

async function still(id) { return id !== '' && await fact('viewer') === id; }

// Of every answer of our server. `sent`: when it was asked for; one that was on its way while people changed says nothing.
async function heard(response, sent) {
  toldOf(response.headers.get('x-build'));
  if (response.headers.has('x-forget')) return sent > await stamp('changed') ? forget() : undefined;
  const id = response.headers.get('x-viewer');
  if (!id || !await becomes(id, sent)) return;
  await note('contact', Date.now());
  await note('shop', Date.parse(response.headers.get('date')) || undefined);
}

// Whether `id` is the one for whom pages are kept, now. After a change of people only what was loaded or asked for later counts.
async function becomes(id, since) {
  if (await still(id)) return true;
  becoming = (becoming ?? Promise.resolve()).catch(() => {}).then(() => comes(id, since)); // one after the other
  return becoming;
}

async function comes(id, since) {
  if (await still(id)) return true;
  if (since <= await stamp('changed') || await fact('leaving')) return false;
  const before = await fact('viewer'), begun = await fact('purging');
  if (before || begun) await forget(before ? 'switched' : '', id, before ? undefined : begun);
  await dropUnsent(id);
  if (await fact('leaving')) return false; // meanwhile
  await note('contact', Date.now());
  await note('viewer', id);
  return true;
}

ASKED.viewer = async ({ viewer: id, loaded, locale }) => {
  await note('locale', locale);
  return id ? becomes(id, loaded) : false;
};
ASKED.whose = () => viewer();
