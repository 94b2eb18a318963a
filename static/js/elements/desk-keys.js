// <desk-keys>: keys of a desk's page. Whatever has a `data-key` is pressed by it, a field gets the focus; ? shows which there are,
// Ctrl+Enter sends the answer that is typed. Nothing while somebody types; and nobody has to have them (WCAG 2.2, 2.1.4): the box
// in it switches off all keys that are one letter, those of <desk-queue>, too.
customElements.define('desk-keys', class extends HTMLElement {
  static #OFF = 'desk-keys-off';

  connectedCallback() {
    this.hidden = false;
    this.box = this.querySelector('input');
    this.box.checked = !localStorage.getItem(this.constructor.#OFF);
    this.box.addEventListener('change', this.#switch);
    document.addEventListener('keydown', this.#press, true);
  }

  disconnectedCallback() { document.removeEventListener('keydown', this.#press, true); }

  #switch = () => {
    if (this.box.checked) localStorage.removeItem(this.constructor.#OFF);
    else localStorage.setItem(this.constructor.#OFF, 'yes');
  };

  #press = (event) => {
    const { key, target } = event, chord = event.ctrlKey || event.metaKey;
    const field = target.closest?.('input:not([type=checkbox]), textarea, select');
    if (chord && key === 'Enter' && target.form?.matches('.answer')) target.form.requestSubmit(target.form.querySelector('.button.first'));
    else if (field || chord || event.altKey || key.length > 1) return;
    else if (!this.box.checked) return event.stopImmediatePropagation();
    else if (key === '?') this.#show();
    else if (!this.#use(document.querySelector(`[data-key="${CSS.escape(key)}"]`))) return;
    event.preventDefault();
  };

  #show() {
    const list = this.querySelector('details');
    list.open = !list.open;
    if (list.open) list.querySelector('summary').focus();
  }

  #use(it) {
    if (it?.matches('input, textarea')) it.focus();
    else it?.click();
    return it;
  }
});
