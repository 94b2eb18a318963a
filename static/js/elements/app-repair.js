// <app-repair><button>: fetches all of the app anew. The worker and what it keeps are thrown away but for changes that wait; the page
// loads anew, and goes on where it was: with a new worker, the orders, and news on the screen where it was on.
{
  const DOING = 'repair'; // in sessionStorage, while it is done: whether news is to be switched on again, and the address it went to

  customElements.define('app-repair', class extends HTMLElement {
    connectedCallback() {
      this.button = this.querySelector('button');
      this.button.onclick = () => this.#begin();
      addEventListener('load', () => { if (sessionStorage.getItem(DOING)) this.#goOn(); }, { once: true });
    }

    get #health() { return this.closest('app-health'); }

    async #begin() {
      this.button.disabled = true;
      this.#say('working');
      const up = await fetch('/up', { cache: 'no-store' }).catch(() => null);
      if (!up?.ok) { this.button.disabled = false; return this.#say('offline'); }
      const registration = await navigator.serviceWorker?.getRegistration();
      const old = await registration?.pushManager?.getSubscription();
      const push = Boolean(old || this.#health.hasAttribute('pushed')) && window.Notification?.permission === 'granted';
      sessionStorage.setItem(DOING, JSON.stringify({ push, old: old?.endpoint ?? '' }));
      await Promise.race([askWorker('anew').catch(() => {}), new Promise((done) => { setTimeout(done, 5_000); })]);
      for (const name of await globalThis.caches?.keys() ?? []) await caches.delete(name);
      await registration?.unregister();
      location.reload();
    }

    async #goOn() {
      const { push, old } = JSON.parse(sessionStorage.getItem(DOING));
      sessionStorage.removeItem(DOING);
      this.button.disabled = true;
      this.#say('working');
      try {
        if (document.querySelector('meta[name="worker"]') && document.querySelector('meta[name="viewer"]').content) {
          const registration = await navigator.serviceWorker?.ready;
          if (push) await this.#subscribe(registration.pushManager, old);
          await askWorker('pack').catch(() => {});
        }
      } finally {
        this.button.disabled = false;
        this.#say('done');
        await this.#health.look();
        this.dataset.done = 'yes';
      }
    }

    async #subscribe(manager, old) {
      const options = { userVisibleOnly: true, applicationServerKey: this.#health.getAttribute('key') };
      const made = await manager.getSubscription() ?? await manager.subscribe(options);
      const body = new URLSearchParams({ subscription: JSON.stringify(made), old });
      await fetch('/account/notifications/push', { method: 'POST', body });
    }

    #say(word) { this.querySelector('[data-said]').textContent = this.dataset[word]; }
  });
}
