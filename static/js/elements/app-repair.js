// <app-repair><button>: fetches all of the app anew. The worker and what it keeps are thrown away but for changes that wait; the page
// loads anew, and goes on where it was: with a new worker, the orders, and news on the screen where it was on.
{
  const DOING = 'repair'; // in sessionStorage, while it is done: whether news is to be switched on again, and the address it went to
  const ANSWERED = 5_000, SET_UP = 45_000, FETCHED = 60_000; // milliseconds
  // Nothing is waited for for ever: something is broken, after all.
  const late = (milliseconds) => new Promise((_, failed) => { setTimeout(failed, milliseconds, new Error('late')); });
  const within = (milliseconds, work) => Promise.race([work, late(milliseconds)]);
  const tried = async (work) => { try { return await within(ANSWERED, work()); } catch { return undefined; } };
  const noted = () => { try { return sessionStorage.getItem(DOING); } catch { return null; } };
  const dropCaches = async () => Promise.allSettled((await caches.keys()).map((name) => caches.delete(name)));
  const dropDatabase = () => new Promise((done) => {
    const asked = indexedDB.deleteDatabase('counter');
    asked.onsuccess = asked.onerror = done;
  });

  customElements.define('app-repair', class extends HTMLElement {
    connectedCallback() {
      this.button = this.querySelector('button');
      this.button.onclick = () => this.#begin();
      addEventListener('load', () => { if (noted()) this.#goOn(); }, { once: true });
    }

    get #health() { return this.closest('app-health'); }

    async #begin() {
      this.#say('working');
      const up = await tried(() => fetch('/up', { cache: 'no-store' }));
      if (!up?.ok) return this.#say('offline');
      const registration = await tried(() => navigator.serviceWorker?.getRegistration());
      const old = await tried(() => registration?.pushManager?.getSubscription());
      const push = Boolean(old || this.#health.hasAttribute('pushed')) && window.Notification?.permission === 'granted';
      await tried(() => sessionStorage.setItem(DOING, JSON.stringify({ push, old: old?.endpoint ?? '' })));
      // A database that cannot even be looked at is broken; a slow one is not, nor one that nobody was there to look at.
      const needed = await askWorker('anew', {}, ANSWERED).catch(({ message }) => /late|no worker|does not open/.test(message));
      await tried(dropCaches);
      await tried(() => registration?.unregister());
      if (!needed) await tried(dropDatabase);
      location.reload();
    }

    async #goOn() {
      const { push, old } = JSON.parse(noted());
      sessionStorage.removeItem(DOING);
      this.#say('working');
      const mended = await this.#setUp(push, old).then(() => 'done', () => 'failed');
      await this.#health.look();
      this.#say(mended);
    }

    // For whoever is signed in, and while the app is not withdrawn.
    async #setUp(push, old) {
      if (!document.querySelector('meta[name="worker"]') || !document.querySelector('meta[name="viewer"]').content) return;
      const registration = await within(SET_UP, navigator.serviceWorker.ready);
      if (push) await this.#subscribe(registration.pushManager, old);
      await within(FETCHED, askWorker('pack'));
    }

    async #subscribe(manager, old) {
      const options = { userVisibleOnly: true, applicationServerKey: this.#health.getAttribute('key') };
      const made = await manager.getSubscription() ?? await manager.subscribe(options);
      const body = new URLSearchParams({ subscription: JSON.stringify(made), old });
      await fetch('/account/notifications/push', { method: 'POST', body });
    }

    #say(word) {
      this.dataset.now = word;
      this.button.disabled = word === 'working';
      this.querySelector('[data-said]').textContent = this.dataset[word];
    }
  });
}
