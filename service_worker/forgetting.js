// Forgetting of somebody all that is kept here.
let forgetting;

// Of anybody else, left here after a fortnight.
async function dropUnsent(id) {
  const others = (await inStore('waiting', 'readonly', (store) => store.getAll())).filter((row) => row.viewer !== id);
  if (others.length) await note('lost', true);
  for (const row of others) await drop(row.id);
}

// `said` is told to the pages, unless it is empty, with who comes next. What was begun is noted first and ended last: a browser may
// be closed meanwhile, and whoever comes next then finishes it. One at a time.
function forget(...how) {
  const mine = forgetting = (forgetting ?? Promise.resolve()).catch(() => {}).then(() => forgotten(...how));
  return mine.finally(() => { if (forgetting === mine) forgetting = undefined; });
}

async function forgotten(said = 'forgotten', id = '', which) {
  const stores = Array.isArray(which) ? which : ['orders', 'waiting']; // an older worker has noted `true`
  await note('purging', stores);
  await note('viewer', undefined);
  await note('changed', Date.now());
  const unsent = stores.includes('waiting') && await inStore('waiting', 'readonly', (it) => it.count());
  if (unsent && said && !await fact('leaving')) await note('lost', true); // else they have been told, or asked for it
  await dropCopies();
  for (const store of stores) await inStore(store, 'readwrite', (it) => it.clear());
  await forgetFacts(['changed', 'leaving', 'locale', 'lost', 'purging']);
  await note('purging', undefined);
  if (said) everyPage.postMessage({ said, viewer: id });
  for (const shown of await registration.getNotifications?.() ?? []) shown.close(); // not there in every browser
  await badge(0);
}

// Whether changes that waited went with somebody who did not say so; once.
ASKED.lost = async () => {
  if (!await fact('lost')) return false;
  await note('lost', undefined);
  return true;
};
ASKED.forget = ({ quiet }) => forget(quiet ? '' : 'forgotten');
