// <tick-bar><b data-said="Ticked: {}"></b><button data-all hidden>…</button><button type="reset">…</button></tick-bar> in a form: how many
// of its boxes are ticked, wherever they stand on the page, and a way to tick all of them.
customElements.define('tick-bar', class extends HTMLElement {
  connectedCallback() {
    this.querySelector('[data-all]').hidden = false;
    this.querySelector('[data-all]').addEventListener('click', this.#all);
    this.closest('form').addEventListener('reset', () => setTimeout(this.#told));
    document.addEventListener('change', this.#count);
    document.addEventListener('htmx:after:settle', this.#count);
    this.#count();
  }

  disconnectedCallback() {
    document.removeEventListener('change', this.#count);
    document.removeEventListener('htmx:after:settle', this.#count);
  }

  get #boxes() { return [...this.closest('form').elements].filter(({ type, name }) => type === 'checkbox' && name === 'code'); }

  #all = () => {
    for (const box of this.#boxes) box.checked = true;
    this.#told();
  };

  // As if somebody had ticked: a list that keeps what is ticked hears of it, too.
  #told = () => (this.#boxes[0] ?? this).dispatchEvent(new Event('change', { bubbles: true }));

  #count = () => {
    const said = this.querySelector('[data-said]'), count = this.#boxes.filter((box) => box.checked).length;
    said.textContent = count ? said.dataset.said.replace('{}', count) : '';
  };
});
