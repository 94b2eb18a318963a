// Whose pages are kept on this device: one person's, and nothing of theirs once they have gone. That is after a sign-out, when their
// session was ended from elsewhere, when somebody else is signed in, and after a fortnight in which the counter was not reached.
// That a session has run out is no such thing: they are asked to sign in, and what is kept stays.
const FORTNIGHT = 14 * 86_400_000; // milliseconds
const everyPage = new BroadcastChannel('counter');

// Their public id, '' when there is nobody.
async function viewer() {
  const id = await fact('viewer') ?? '';
  if (await fact('purging')) await forget('');
  if (!id || Date.now() - (await fact('contact') ?? 0) < FORTNIGHT) return id;
  await forget();
  return '';
}

async function still(id) { return id !== '' && await fact('viewer') === id; }

// Of every answer of our server. `sent`: when it was asked for; one that was on its way while people changed says nothing.
async function heard(response, sent) {
  if (response.headers.has('x-forget')) return sent > (await fact('changed') ?? 0) ? forget() : undefined;
  const id = response.headers.get('x-viewer');
  if (id && await becomes(id, sent)) await note('contact', Date.now());
}

// Whether `id` is the one for whom pages are kept, now. After a change of people only what was loaded or asked for later counts.
async function becomes(id, since) {
  if (await still(id)) return true;
  if (since <= (await fact('changed') ?? 0) || await fact('leaving')) return false;
  const before = await fact('viewer');
  if (before || await fact('purging')) await forget(before ? 'switched' : '', id);
  await note('contact', Date.now());
  await note('viewer', id);
  return true;
}

// `said` is told to the pages, unless it is empty, with who comes next. What was begun is noted first and ended last: a browser may be closed meanwhile,
// and whoever comes next then finishes it.
async function forget(said = 'forgotten', id = '') {
  await note('purging', true);
  await note('viewer', undefined);
  await note('changed', Date.now());
  if (!await fact('leaving') && await inStore('waiting', 'readonly', (it) => it.count())) await note('lost', true);
  await dropCopies();
  for (const store of ['orders', 'waiting']) await inStore(store, 'readwrite', (it) => it.clear());
  await forgetFacts(['changed', 'leaving', 'locale', 'lost', 'purging']);
  await note('purging', undefined);
  if (said) everyPage.postMessage({ said, viewer: id });
  for (const shown of await registration.getNotifications?.() ?? []) shown.close(); // not there in every browser
  await badge(0);
}

ASKED.viewer = async ({ viewer: id, loaded, locale }) => {
  await note('locale', locale);
  return id ? becomes(id, loaded) : false;
};
// Whether changes that waited went with somebody who did not say so; once.
ASKED.lost = async () => {
  if (!await fact('lost')) return false;
  await note('lost', undefined);
  return true;
};
ASKED.whose = () => viewer();
ASKED.forget = ({ quiet }) => forget(quiet ? '' : 'forgotten');
