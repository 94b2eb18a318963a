// What the page /app-health asks, and that page itself: it is there without a network, and for nobody in particular.
const HEALTH = '/app-health';
COMPOSED[HEALTH] = async (url, { partial }) => {
  const html = partial ? undefined : await textFromShell(COUNTER.health);
  return html && shown(html);
};

ASKED.about = async () => {
  const count = (store) => inStore(store, 'readonly', (it) => it.count());
  const [id, orders, waiting] = await Promise.all([viewer(), count('orders'), count('waiting')]);
  const [contact, synced, full, failed] = await Promise.all(['contact', 'synced', 'full', 'failed'].map(fact));
  return { version: COUNTER.version, somebody: Boolean(id), orders, waiting, contact, synced, full, failed };
};

// Before the app is fetched anew: what waits to be sent stays, and whose it is. Whether there is anything in the database that may not
// be lost.
ASKED.anew = async () => {
  const needed = Boolean(await fact('leaving')) || await inStore('waiting', 'readonly', (it) => it.count()) > 0;
  const stays = ['viewer', 'contact', 'changed', 'leaving', 'locale', 'lost', 'purging', 'sign-in', 'drafts'];
  // What is broken, or full, the page throws away.
  await Promise.allSettled([inStore('orders', 'readwrite', (it) => it.clear()), forgetFacts(stays), dropCopies()]);
  return needed;
};
