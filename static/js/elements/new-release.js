// <new-release hidden>: offers the release that waits in the service worker. One tap takes it, and each window is loaded anew, once,
// where nothing typed would be lost; elsewhere it says that the next page will be the new one (`root.dataset.stale`, see app.js).
{
  const ANSWERED = 2_000; // milliseconds

  customElements.define('new-release', class extends HTMLElement {
    #registration = null;
    #controlled = Boolean(navigator.serviceWorker?.controller);

    async connectedCallback() {
      if (!navigator.serviceWorker) return;
      this.querySelector('button').addEventListener('click', () => this.#take());
      navigator.serviceWorker.addEventListener('controllerchange', () => this.#changed());
      document.addEventListener('visibilitychange', () => { if (!document.hidden) this.#look(); });
      this.#watch(await navigator.serviceWorker.ready);
    }

    async #take() {
      const button = this.querySelector('button');
      button.disabled = true;
      await askWorker('giveWay', {}, ANSWERED).catch(() => {}); // or it is busy
      this.#registration.waiting?.postMessage({ ask: 'skip' });
      button.disabled = Boolean(this.#registration.waiting);
    }

    #look() { this.#registration?.update().catch(() => {}); } // no network

    #watch(registration) {
      this.#registration = registration;
      const offer = () => { if (registration.waiting && this.#controlled) this.#show('waiting'); };
      registration.addEventListener('updatefound', () => registration.installing?.addEventListener('statechange', offer));
      offer();
    }

    // The first worker that ever took this page over changes nothing about it, nor does one that was taken away.
    #changed() {
      if (!navigator.serviceWorker.controller) return;
      if (!this.#controlled) return void (this.#controlled = true);
      if (windowIsFree()) return void this.#reload();
      document.documentElement.dataset.stale = 'yes';
      this.#show('later');
    }

    #reload() {
      if (this.dataset.now === 'left') return;
      this.dataset.now = 'left';
      location.reload();
    }

    #show(state) {
      this.hidden = false;
      this.querySelector('button').disabled = false;
      this.dataset.now = state;
      for (const one of this.querySelectorAll('[data-state]')) one.hidden = one.dataset.state !== state;
    }
  });
}
