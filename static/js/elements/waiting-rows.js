// <waiting-rows><template><p class="gist unsent-one"><b>Waiting to be sent:</b> <span></span></p></template></waiting-rows> in the list of
// conversations: what was written in one without a network stands in its row in place of the newest word (service_worker/queue.js).
customElements.define('waiting-rows', class extends HTMLElement {
  static #OF = /^\/inbox\/(T-[0-9A-Z]+)\/messages$/;

  connectedCallback() {
    if (!navigator.serviceWorker) return;
    for (const name of ['counter-worker', 'htmx:after:settle']) document.addEventListener(name, this.#look);
    this.#look();
  }

  disconnectedCallback() { for (const name of ['counter-worker', 'htmx:after:settle']) document.removeEventListener(name, this.#look); }

  #look = async () => {
    const { rows } = await askWorker('waiting').catch(() => ({ rows: [] }));
    const text = ({ fields }) => fields.filter(([name, value]) => ['text', 'pictures'].includes(name) && value).map(([, value]) => value).join(' ');
    const waiting = new Map(rows.filter(({ url }) => this.constructor.#OF.test(url))
      .map((row) => [`thread-${row.url.match(this.constructor.#OF)[1]}`, text(row)]));
    for (const row of document.querySelectorAll('.threads > .thread')) this.#mark(row, waiting.get(row.id));
  };

  #mark(row, text) {
    let mark = row.querySelector('.unsent-one');
    if (text === undefined) return void mark?.remove();
    if (!mark) {
      mark = this.querySelector('template').content.firstElementChild.cloneNode(true);
      row.querySelector('.gist').after(mark);
    }
    mark.querySelector('span').textContent = text;
  }
});
