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
    this.subject = this.form.querySelector('[name="subject"]:not([type=hidden])');
    if (!navigator.serviceWorker) return;
    for (const one of [this.field, this.subject]) one?.addEventListener('input', this.#later);
    this.form.addEventListener('submit', this.#send);
    this.form.addEventListener('reset', () => { this.sent = false; this.#later(); }); // it has gone out: see said_here.js
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
    if (this.sent || this.#typed() === this.#saved) return;
    this.#keep({});
  };

  #send = ({ defaultPrevented }) => {
    if (defaultPrevented) return;
    this.sent = true;
    setTimeout(() => { this.sent = false; }, 10_000); // it may have been stopped: see send_once.js
    this.#keep({ sent: true });
  };

  #keep(draft) {
    this.#saved = this.#typed();
    const typed = { of: this.getAttribute('of'), text: this.field.value, subject: this.subject?.value };
    return askWorker('draft', { ...typed, ...draft }).catch(() => {});
  }

  async #restore() {
    const drafts = await askWorker('drafts'), { rows } = await askWorker('waiting'), here = this.getAttribute('of');
    const done = draftDone(rows, here);
    for (const [of, draft] of Object.entries(drafts)) {
      if (done(of, draft)) await askWorker('draft', { of, text: '' }).catch(() => {});
      else if (of === here && !this.field.value && !this.field.matches('[aria-invalid]')) this.#show(draft);
    }
  }

  #show({ text, subject }) {
    this.field.value = text;
    if (this.subject && subject) this.subject.value = subject;
    this.#saved = this.#typed();
    this.hidden = false;
  }

  #typed() { return `${this.subject?.value ?? ''}\n${this.field.value}`.trim(); }
});
