// What a page asks of the service worker: `askWorker('viewer', {…})` → what it answers (`ASKED` in service_worker/asked.js). Rejects
// where there is none. What it has to say to every page comes as `counter-worker` on <body> (`detail.said`).
{
  globalThis.askWorker = async (ask, about = {}) => {
    const worker = (await navigator.serviceWorker?.getRegistration())?.active;
    if (!worker) throw new Error('no worker');
    return new Promise((done, failed) => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = ({ data }) => ('error' in data ? failed(new Error(data.error)) : done(data.value));
      worker.postMessage({ ...about, ask }, [port2]);
    });
  };

  new BroadcastChannel('counter').addEventListener('message', ({ data }) => {
    document.body.dispatchEvent(new CustomEvent('counter-worker', { bubbles: true, detail: data }));
  });
}
