// <waiting-list>: what the worker has kept to be sent (`ASKED.waiting`): each with its words, what was typed, when, and why it was
// refused. The words are templates of the page; a change that the page has no words for is “a change”.
customElements.define('waiting-list', class extends HTMLElement {
  connectedCallback() {
    document.addEventListener('counter-worker', this.#look);
    this.addEventListener('click', ({ target }) => this.#press(target.closest('button')));
    this.#look();
  }

  disconnectedCallback() { document.removeEventListener('counter-worker', this.#look); }

  #look = async () => {
    const { rows } = await askWorker('waiting').catch(() => ({ rows: [] }));
    const items = rows.map((row) => this.#item(row));
    for (const gone of this.querySelectorAll('ol > li')) if (!items.includes(gone)) gone.remove();
    this.querySelector('ol').append(...items.filter((item) => !item.isConnected));
    for (const part of this.querySelectorAll('[data-when]')) part.hidden = part.dataset.when !== (rows.length ? 'some' : 'none');
  };

  // An item stays the same one: whoever is asked whether they are sure is not asked anew by news.
  #item(row) {
    const item = this.querySelector(`ol > [data-id="${row.id}"]`) ?? this.querySelector('[data-row]').content.firstElementChild.cloneNode(true);
    const part = (name) => item.querySelector(`[data-part=${name}]`);
    const at = new Date(row.at);
    item.dataset.id = row.id;
    part('what').textContent = this.#words(row);
    part('at').dateTime = at.toISOString();
    part('at').textContent = at.toLocaleString(datesIn(), { dateStyle: 'medium', timeStyle: 'short' });
    part('typed').replaceChildren(...this.#typed(row.fields));
    part('reasons').textContent = row.reasons.join(' ');
    for (const one of item.querySelectorAll('[data-state]')) one.hidden = one.dataset.state !== row.state;
    return item;
  }

  // Of the first that fits: its path, and the value of a field where it names one.
  #words({ url, fields }) {
    const path = url.split('?')[0];
    for (const { dataset, textContent } of this.querySelector('[data-words]').content.children) {
      const found = path.match(new RegExp(`^${dataset.path}$`));
      const fits = !dataset.field || fields.some(([name, value]) => name === dataset.field && value === dataset.value);
      if (found && fits) return textContent.replace('{}', () => decodeURIComponent(found[1] ?? ''));
    }
    return this.dataset.change;
  }

  // Only what a person has filled in: fields that the page has a name for.
  #typed(fields) {
    const { content } = this.querySelector('[data-names]');
    const said = (name, value) => content.querySelector(`[data-value="${CSS.escape(value)}"][data-of="${name}"]`)?.textContent ?? value;
    return [...content.querySelectorAll('[data-name]')].flatMap(({ dataset: { name }, textContent }) => {
      const values = fields.filter(([one, value]) => one === name && value).map(([, value]) => said(name, value));
      return values.length ? [this.#element('dt', textContent), this.#element('dd', values.join(', '))] : [];
    });
  }

  #element(name, text) {
    const made = document.createElement(name);
    made.textContent = text;
    return made;
  }

  // What is discarded is gone: it is asked once.
  #press(button) {
    const item = button?.closest('[data-id]');
    if (!item) return;
    const ask = (name) => askWorker(name, { id: Number(item.dataset.id) }).catch(() => {});
    if (button.matches('[data-again]')) ask('again');
    if (button.matches('[data-for-good]')) ask('discard');
    for (const one of item.querySelectorAll('[data-sure]')) one.hidden = button.matches('[data-discard]') !== (one.dataset.sure === 'yes');
    if (button.matches('[data-discard]')) item.querySelector('[data-for-good]').focus();
  }
});
