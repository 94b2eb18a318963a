// <push-switch key="…" [on]>: shows of its [data-state] the one that is true of this browser; sending the form of “off” asks
// for permission first, and goes on with what the browser answers. `on`: the server knows this browser.
customElements.define('push-switch', class extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector('form');
    this.form.addEventListener('submit', (event) => {
      if (this.form.elements.subscription.value) return;
      event.preventDefault();
      this.#ask();
    });
    this.#look();
  }

  async #look() { this.#show(await this.#state()); }

  async #state() {
    const apple = /iPhone|iPad/.test(navigator.userAgent) || (navigator.platform === 'MacIntel' && navigator.maxTouchPoints > 1);
    if (!navigator.serviceWorker || !window.PushManager || !window.Notification) {
      return apple && !navigator.standalone ? 'home' : 'unsupported';
    }
    if (Notification.permission === 'denied') return 'denied';
    if (!this.hasAttribute('on') || Notification.permission !== 'granted') return 'off';
    const registration = await navigator.serviceWorker.getRegistration();
    return await registration?.pushManager.getSubscription() ? 'on' : 'off';
  }

  #show(state) {
    for (const one of this.querySelectorAll('[data-state]')) one.hidden = one.dataset.state !== state;
    this.dataset.now = state;
  }

  // The browser asks only upon a click. What it held before may be bound to another key of ours: it makes a new one.
  async #ask() {
    const button = this.form.querySelector('button');
    button.disabled = true;
    this.#say('');
    try {
      if (await Notification.requestPermission() !== 'granted') return await this.#look();
      const { pushManager } = await navigator.serviceWorker.ready;
      await (await pushManager.getSubscription())?.unsubscribe();
      const made = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: this.getAttribute('key') });
      this.form.elements.subscription.value = JSON.stringify(made);
      button.disabled = false;
      this.form.requestSubmit();
    } catch {
      this.#say(this.dataset.failed);
    } finally {
      button.disabled = false;
    }
  }

  #say(text) {
    const place = this.querySelector('[data-said]');
    place.textContent = text;
    place.hidden = !text;
  }
});
