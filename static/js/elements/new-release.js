// <new-release hidden>: offers the release that waits in the service worker. One tap takes it, and each window is loaded anew, once,
// where nothing typed would be lost; elsewhere it says that the next page will be the new one (`root.dataset.stale`, see app.js).
customElements.define('new-release', class extends HTMLElement {
  #registration = null;
  #build = document.querySelector('meta[name="build"]')?.content;
  #controlled = Boolean(navigator.serviceWorker?.controller);

  async connectedCallback() {
    if (!navigator.serviceWorker) return;
    this.querySelector('button').addEventListener('click', () => this.#registration.waiting?.postMessage({ ask: 'skip' }));
    navigator.serviceWorker.addEventListener('controllerchange', () => this.#changed());
    document.addEventListener('visibilitychange', () => { if (!document.hidden) this.#look(); });
    document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => this.#heard(ctx.response.headers.get('X-Build')));
    this.#watch(await navigator.serviceWorker.ready);
  }

  // A boosted page never asks for the worker by itself.
  #look() { this.#registration?.update().catch(() => {}); } // no network

  #heard(build) {
    if (!build || build === this.#build) return;
    this.#build = build;
    this.#look();
  }

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
    this.dataset.now = state;
    for (const one of this.querySelectorAll('[data-state]')) one.hidden = one.dataset.state !== state;
  }
});
