// <draft-marks><template><p class="gist draft"><b>Draft:</b> <span></span></p></template></draft-marks> in the list of conversations: where
// something was begun on this device and not sent (service_worker/drafts.js), its beginning stands in place of the newest word.
customElements.define('draft-marks', class extends HTMLElement {
  static #OF = /^\/inbox\/(T-[0-9A-Z]+)\/messages$/;
  static #LONGEST = 160;

  connectedCallback() {
    if (!navigator.serviceWorker) return;
    for (const name of ['htmx:after:settle', 'visibilitychange']) document.addEventListener(name, this.#look);
    this.#look();
  }

  disconnectedCallback() { for (const name of ['htmx:after:settle', 'visibilitychange']) document.removeEventListener(name, this.#look); }

  #look = async () => {
    if (document.hidden) return;
    const drafts = await askWorker('drafts').catch(() => ({}));
    if (!this.isConnected) return;
    const begun = Object.entries(drafts).filter(([of, { text, sent }]) => this.constructor.#OF.test(of) && text.trim() && !sent);
    const texts = new Map(begun.map(([of, { text }]) => [`thread-${of.match(this.constructor.#OF)[1]}`, text]));
    for (const row of document.querySelectorAll('.threads > .thread')) this.#mark(row, texts.get(row.id) ?? '');
  };

  #mark(row, text) {
    const gist = row.querySelector('.gist:not(.draft)');
    let mark = row.querySelector('.gist.draft');
    if (text && !mark) {
      mark = this.querySelector('template').content.firstElementChild.cloneNode(true);
      gist.before(mark);
    }
    if (text) mark.querySelector('span').textContent = text.trim().replace(/\s+/g, ' ').slice(0, this.constructor.#LONGEST);
    else mark?.remove();
    gist.hidden = Boolean(text);
  }
});
