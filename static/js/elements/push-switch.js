// <push-switch key="…" [on]>: shows of its [data-state] the one that is true of this browser; sending the form of “off” asks
// for permission first, and goes on with what the browser answers. `on`: the server knows this browser; where that has lost its
// subscription, it says so.
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
    if (!document.querySelector('meta[name="worker"]')) return 'paused';
    if (Notification.permission === 'denied') return 'denied';
    if (!this.hasAttribute('on')) return 'off';
    const registration = await navigator.serviceWorker.getRegistration();
    const subscribed = Notification.permission === 'granted' && await registration?.pushManager.getSubscription();
    return subscribed ? 'on' : 'lost';
  }

  #show(state) {
    const shown = state === 'lost' ? ['lost', 'off'] : [state]; // the same button brings it back
    for (const one of this.querySelectorAll('[data-state]')) one.hidden = !shown.includes(one.dataset.state);
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
