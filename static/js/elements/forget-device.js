// <forget-device><form>: the worker forgets first, so that nothing which is on its way is kept after all; then the server answers with
// what makes the browser throw everything away, and the other tabs go, too. Where it cannot be reached the worker tells it later, and
// says so on the next page; where there is no worker that answers, the person is told.
// (The worker must not be asked for that answer itself: it would be thrown away while it holds it.)
{
  const ANSWERED = 5_000, TOLD = 10_000; // milliseconds

  customElements.define('forget-device', class extends HTMLElement {
    connectedCallback() {
      const form = this.querySelector('form');
      const meta = document.querySelector('meta[name="viewer"]');
      form.addEventListener('submit', async (event) => {
        event.preventDefault();
        const viewer = meta.content, button = form.querySelector('button');
        button.disabled = true;
        meta.content = ''; // this page is left by itself: see signed_out.js
        if (await this.#forget(form.getAttribute('action'), viewer)) return void location.assign('/sign-in');
        meta.content = viewer;
        button.disabled = false;
        this.querySelector('[data-failed]').hidden = false;
      });
    }

    // Whether the server knows, or will. What is not our own 204 is an answer of somebody else, or an error.
    async #forget(address, viewer) {
      await askWorker('forget', { quiet: true }, ANSWERED).catch(() => {});
      const asked = { method: 'POST', headers: { Accept: 'application/problem+json' }, signal: AbortSignal.timeout(TOLD) };
      const answer = await fetch(address, { ...asked, redirect: 'manual' }).catch(() => null);
      if (answer?.status !== 204) return askWorker('leave', { address, viewer }, ANSWERED).then(() => true, () => false);
      new BroadcastChannel('counter').postMessage({ said: 'forgotten' });
      return true;
    }
  });
}
