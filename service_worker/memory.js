// What the worker remembers besides pages, in IndexedDB: facts by their names, the orders of the pack, and what waits to be sent.
const OPENS_WITHIN = 2_000; // milliseconds
let opened;

function database() {
  opened ??= new Promise((done, failed) => {
    const asked = indexedDB.open('counter', 1);
    asked.onupgradeneeded = () => {
      asked.result.createObjectStore('facts');
      asked.result.createObjectStore('orders', { keyPath: 'url' });
      asked.result.createObjectStore('waiting', { keyPath: 'id', autoIncrement: true });
    };
    asked.onsuccess = () => {
      asked.result.onversionchange = () => { asked.result.close(); opened = undefined; };
      asked.result.onclose = () => { opened = undefined; };
      opened = Promise.resolve(asked.result); // late is better than never
      done(asked.result);
    };
    asked.onerror = () => { opened = undefined; failed(asked.error); };
    setTimeout(() => failed(new Error('the database does not open')), OPENS_WITHIN);
  });
  return opened;
}

// One transaction: `work(store)` may answer a request, whose result is answered when all is written.
async function inStore(name, mode, work) {
  const open = await database();
  return new Promise((done, failed) => {
    const transaction = open.transaction(name, mode);
    const asked = work(transaction.objectStore(name));
    transaction.oncomplete = () => done(asked?.result);
    transaction.onerror = ({ target }) => failed(target.error);
    transaction.onabort = () => failed(transaction.error);
  });
}

// Asked at every page: read once. Nobody but us writes them, and a worker that was taken away, while its last requests last.
const facts = new Map();
const otherWorkers = new BroadcastChannel('facts');
otherWorkers.onmessage = ({ data }) => { facts.delete(data); };

// Where nothing can be remembered (a full disk, a broken database) there are none: pages come from the network as without a worker.
async function fact(name) {
  if (facts.has(name)) return facts.get(name);
  try { facts.set(name, await inStore('facts', 'readonly', (store) => store.get(name))); } catch { return undefined; }
  return facts.get(name);
}

// One that is a moment, in milliseconds. Of the future there is none: the clock was set back since.
async function stamp(name) {
  const at = await fact(name) ?? 0;
  return at <= Date.now() ? at : 0;
}

async function note(name, value) {
  await inStore('facts', 'readwrite', (store) => (value === undefined ? store.delete(name) : store.put(value, name)));
  facts.set(name, value);
  otherWorkers.postMessage(name);
}

async function forgetFacts(but) {
  const names = await inStore('facts', 'readonly', (store) => store.getAllKeys());
  for (const name of names) if (!but.includes(name)) await note(name, undefined);
}
