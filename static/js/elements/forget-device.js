// <forget-device><form>: the worker forgets first, so that nothing which is on its way is kept after all; then the server answers with
// what makes the browser throw everything away, and the other tabs go, too. Without a network the session ends when there is one.
// (The worker must not be asked for that answer itself: it would be thrown away while it holds it.)
customElements.define('forget-device', class extends HTMLElement {
  connectedCallback() {
    const form = this.querySelector('form');
    form.addEventListener('submit', async (event) => {
      event.preventDefault();
      form.querySelector('button').disabled = true;
      document.querySelector('meta[name="viewer"]').content = ''; // this page is left by itself: see signed_out.js
      await askWorker('forget', { quiet: true }).catch(() => {}); // there is none
      const answer = await fetch(form.action, { method: 'POST', redirect: 'manual' }).catch(() => null);
      if (answer) new BroadcastChannel('counter').postMessage({ said: 'forgotten' });
      else await askWorker('leave').catch(() => {});
      location.assign('/sign-in');
    });
  }
});
