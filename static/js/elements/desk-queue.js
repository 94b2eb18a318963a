// <desk-queue>: a list of rows gone through by keys. j and k move, x ticks, Enter opens; nothing while somebody types.
// Where one was, and what was ticked, is kept with the page's entry in the history: who opens one and comes back goes on there.
customElements.define('desk-queue', class extends HTMLElement {
  connectedCallback() {
    this.querySelector('[data-keys]')?.removeAttribute('hidden');
    const { here, ticked = [] } = history.state?.queue ?? {};
    for (const box of this.#boxes) box.checked ||= ticked.includes(box.value);
    this.#mark(this.#rows.find((row) => this.#link(row).pathname === here));
    this.#count();
    this.addEventListener('focusin', this.#focused);
    this.addEventListener('change', this.#keep);
    document.addEventListener('keydown', this.#press);
  }

  disconnectedCallback() { document.removeEventListener('keydown', this.#press); }

  get #rows() { return [...this.querySelectorAll('.queue > li')]; }

  get #here() { return this.querySelector('.queue > li[data-here]'); }

  get #boxes() { return [...this.querySelectorAll('.queue input[type=checkbox]')]; }

  #link(row) { return row.querySelector('h2 a'); }

  #press = (event) => {
    const typing = event.target.closest?.('input:not([type=checkbox]), textarea, select');
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'j') this.#go(1);
    else if (event.key === 'k') this.#go(-1);
    else if (event.key === 'x') this.#tick();
    else if (event.key === 'Enter' && this.#here && !event.target.closest('a, button, summary')) this.#link(this.#here).click();
    else return;
    event.preventDefault(); // Enter on a box would approve what is ticked
  };

  // The link of the row has the focus: Enter opens it by itself.
  #go(step) {
    const rows = this.#rows, at = rows.indexOf(this.#here);
    const next = rows[Math.min(Math.max(at + step, 0), rows.length - 1)];
    if (next) this.#link(next).focus();
  }

  #tick() {
    const box = this.#here?.querySelector('input[type=checkbox]');
    if (!box) return;
    box.checked = !box.checked;
    this.#keep();
  }

  #focused = ({ target }) => {
    const row = target.closest('.queue > li');
    if (!row) return;
    this.#mark(row);
    this.#keep();
  };

  #mark(row) {
    this.#here?.removeAttribute('data-here');
    row?.setAttribute('data-here', '');
  }

  #keep = () => {
    const here = this.#here && this.#link(this.#here).pathname;
    const ticked = this.#boxes.filter((box) => box.checked).map((box) => box.value);
    history.replaceState({ ...history.state, htmx: true, queue: { here, ticked } }, ''); // without its mark htmx would put its own there
    this.#count();
  };

  #count() {
    const ticked = this.#boxes.filter((box) => box.checked).length;
    for (const place of this.querySelectorAll('[data-ticked]')) place.textContent = ticked ? ` (${ticked})` : '';
  }
});
