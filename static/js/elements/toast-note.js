// <toast-note>: goes away by itself after a while unless it offers something to do; waits while pointed at or focused.
customElements.define('toast-note', class extends HTMLElement {
  #timer = 0;

  connectedCallback() {
    for (const name of ['pointerenter', 'focusin']) this.addEventListener(name, () => clearTimeout(this.#timer));
    for (const name of ['pointerleave', 'focusout']) this.addEventListener(name, () => this.#wait());
    this.addEventListener('click', (event) => { if (event.target.closest('[data-close]')) this.remove(); });
    this.#wait();
  }

  disconnectedCallback() { clearTimeout(this.#timer); }

  #wait() {
    clearTimeout(this.#timer);
    if (!this.querySelector('form')) this.#timer = setTimeout(() => this.remove(), 8000);
  }
});
