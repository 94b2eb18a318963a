// <count-down seconds="42"><button>…: the button rests until the time is over. Without JavaScript the server says "too soon".
customElements.define('count-down', class extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    let left = Number(this.getAttribute('seconds'));
    const button = this.querySelector('button');
    const shown = this.querySelector('[data-left]');
    const tick = () => {
      button.disabled = left > 0;
      if (shown) shown.textContent = left > 0 ? ` (${left})` : '';
      if (left-- > 0) this.#timer = setTimeout(tick, 1000);
    };
    tick();
  }

  disconnectedCallback() { clearTimeout(this.#timer); }
});
