// <desk-queue>: a list of rows gone through by keys. j and k move, x ticks, Enter opens; nothing while somebody types.
customElements.define('desk-queue', class extends HTMLElement {
  connectedCallback() {
    this.querySelector('[data-keys]')?.removeAttribute('hidden');
    this.pressed = (event) => this.#press(event);
    document.addEventListener('keydown', this.pressed);
  }

  disconnectedCallback() { document.removeEventListener('keydown', this.pressed); }

  get #rows() { return [...this.querySelectorAll('.queue > li')]; }

  get #here() { return this.querySelector('.queue > li[data-here]'); }

  #press(event) {
    const typing = event.target.closest?.('input:not([type=checkbox]), textarea, select');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'j') this.#go(1);
    else if (event.key === 'k') this.#go(-1);
    else if (event.key === 'x') this.#tick();
    else return;
    event.preventDefault();
  }

  // The link of the row has the focus: Enter opens it by itself.
  #go(step) {
    const rows = this.#rows, at = rows.indexOf(this.#here);
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    this.#here?.removeAttribute('data-here');
    next?.setAttribute('data-here', '');
    next?.querySelector('a').focus();
  }

  #tick() {
    const box = this.#here?.querySelector('input[type=checkbox]');
    if (box) box.checked = !box.checked;
  }
});
