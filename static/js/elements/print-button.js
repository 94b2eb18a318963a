// <print-button hidden><button>…: shown only where JavaScript can print. What is folded is unfolded on paper.
customElements.define('print-button', class extends HTMLElement {
  #opened = [];

  #unfold = () => {
    this.#opened = [...document.querySelectorAll('#main details:not([open])')];
    for (const fold of this.#opened) fold.open = true;
  };

  #fold = () => {
    for (const fold of this.#opened) fold.open = false;
    this.#opened = [];
  };

  connectedCallback() {
    this.hidden = false;
    this.onclick = () => print();
    addEventListener('beforeprint', this.#unfold);
    addEventListener('afterprint', this.#fold);
  }

  disconnectedCallback() {
    removeEventListener('beforeprint', this.#unfold);
    removeEventListener('afterprint', this.#fold);
  }
});
