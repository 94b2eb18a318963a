// <home-ways>: of all the ways to the home screen, this browser's goes first and is marked; where the browser asks by itself, a
// button does it. Without JavaScript all of them are there.
customElements.define('home-ways', class extends HTMLElement {
  connectedCallback() {
    const own = this.querySelector(`[data-place="${homeScreen.place()}"]`);
    if (own) {
      own.querySelector('[data-here]').hidden = false;
      this.querySelector('[data-place]').before(own);
    }
    this.#show();
    document.addEventListener('home-screen-asks', this.#show);
    addEventListener('appinstalled', this.#show);
    this.querySelector('[data-ask]').onclick = () => homeScreen.ask().finally(this.#show);
  }

  disconnectedCallback() {
    document.removeEventListener('home-screen-asks', this.#show);
    removeEventListener('appinstalled', this.#show);
  }

  #show = () => {
    this.querySelector('[data-ask]').hidden = !homeScreen.asks;
    this.querySelector('[data-there]').hidden = !homeScreen.there();
  };
});
