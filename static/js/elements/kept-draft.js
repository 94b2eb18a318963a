// <kept-draft of="/inbox/T-…/messages" hidden> in a form: what is typed in its `text` is kept on this device (service_worker/drafts.js)
// and is there again on the next visit, until it was posted. Whether it was is seen on the page that comes: the message stands there,
// it waits for the network, or the page says that it was sent.
customElements.define('kept-draft', class extends HTMLElement {
  static #PAUSE = 400; // milliseconds
  #timer = 0;
  #saved = '';

  connectedCallback() {
    // The one beside it: while htmx puts another in its place, the form has two of that name.
    this.field = this.parentElement.querySelector('[name="text"]');
    this.form = this.closest('form');
    if (!navigator.serviceWorker) return;
    this.field.addEventListener('input', this.#later);
    this.form.addEventListener('submit', this.#send);
    addEventListener('pagehide', this.#now);
    document.addEventListener('visibilitychange', this.#now);
    this.#restore().catch(() => {});
  }

  disconnectedCallback() {
    this.form.removeEventListener('submit', this.#send);
    removeEventListener('pagehide', this.#now);
    document.removeEventListener('visibilitychange', this.#now);
    if (!this.sent) this.#now();
  }

  #later = () => {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(this.#now, this.constructor.#PAUSE);
    this.hidden = true;
  };

  #now = () => {
    clearTimeout(this.#timer);
    if (this.sent || this.field.value === this.#saved) return;
    this.#saved = this.field.value;
    this.#keep({ of: this.getAttribute('of'), text: this.#saved });
  };

  #send = ({ defaultPrevented }) => {
    if (defaultPrevented) return;
    this.#saved = this.field.value;
    this.sent = true;
    setTimeout(() => { this.sent = false; }, 10_000); // it may have been stopped: see send_once.js
    this.#keep({ of: this.getAttribute('of'), text: this.#saved, sent: true });
  };

  #keep(draft) { return askWorker('draft', draft).catch(() => {}); }

  async #restore() {
    const drafts = await askWorker('drafts'), { rows } = await askWorker('waiting'), here = this.getAttribute('of');
    const done = this.#done(rows, here);
    for (const [of, draft] of Object.entries(drafts)) {
      if (done(of, draft)) await this.#keep({ of, text: '' });
      else if (of === here && !this.field.value && !this.field.matches('[aria-invalid]')) this.#show(draft.text);
    }
  }

  // This page's own stands on it, or waits; another's waits, or was sent a moment ago: the same words may well be somebody else's.
  #done(rows, here) {
    const said = [...document.querySelectorAll('.bubble.mine')].map((it) => this.#words(it));
    const waiting = ({ fields }) => fields.filter(([name]) => name === 'text').map(([, text]) => text);
    const good = document.querySelector('#toasts .toast.good'), since = Date.now() - 60_000;
    return (of, { text, sent, at }) => {
      const posted = [...rows.filter(({ url }) => of === here || url === of).flatMap(waiting), ...(of === here ? said : [])];
      return posted.some((one) => this.#bare(one) === this.#bare(text)) || (sent && good && at > since);
    };
  }

  #show(text) {
    this.field.value = this.#saved = text;
    this.hidden = false;
  }

  #words(bubble) { return [...bubble.querySelectorAll('.words')].map((it) => it.textContent).join(''); }

  #bare(text) { return text.replace(/\s+/g, ''); }
});
