// What a page asks of the service worker: `askWorker('viewer', {…})` → what it answers (`ASKED` in service_worker/asked.js), who asks
// being told, too. Rejects where there is none, and where it has not answered within `patience`. What it has to say to every page
// comes as `counter-worker` on <body> (`detail.said`).
{
  const LONG = 120_000; // milliseconds: the pack, on a slow network

  globalThis.askWorker = async (ask, about = {}, patience = LONG) => {
    const worker = (await navigator.serviceWorker?.getRegistration())?.active;
    if (!worker) throw new Error('no worker');
    return new Promise((done, failed) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => ('error' in data ? failed(new Error(data.error)) : done(data.value));
      const viewer = document.querySelector('meta[name="viewer"]')?.content;
      worker.postMessage({ viewer, ...about, ask }, [port2]);
      setTimeout(failed, patience, new Error('late'));
    });
  };

  new BroadcastChannel('counter').addEventListener('message', ({ data }) => {
    document.body.dispatchEvent(new CustomEvent('counter-worker', { bubbles: true, detail: data }));
  });
}
