// What the worker remembers besides pages, in IndexedDB: facts by their names, the orders of the pack, and what waits to be sent.
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
      done(asked.result);
    };
    asked.onerror = () => { opened = undefined; failed(asked.error); };
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
    transaction.onerror = transaction.onabort = () => failed(transaction.error);
  });
}

// Asked at every page: read once, for nobody but us writes them.
const facts = new Map();

async function fact(name) {
  if (!facts.has(name)) facts.set(name, await inStore('facts', 'readonly', (store) => store.get(name)));
  return facts.get(name);
}

async function note(name, value) {
  facts.set(name, value);
  await inStore('facts', 'readwrite', (store) => (value === undefined ? store.delete(name) : store.put(value, name)));
}

async function forgetFacts(but) {
  const names = await inStore('facts', 'readonly', (store) => store.getAllKeys());
  for (const name of names) if (!but.includes(name)) await note(name, undefined);
}
