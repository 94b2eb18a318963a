// <waiting-messages of="/inbox/T-…/messages"><ol hidden></ol><template>…</template></waiting-messages>: what was written in a
// conversation without a network, as the worker knows, below what was said: it waits there, or it says why it could not be sent.
customElements.define('waiting-messages', class extends HTMLElement {
  connectedCallback() {
    if (!navigator.serviceWorker) return;
    document.addEventListener('counter-worker', this.#look);
    document.addEventListener('htmx:after:settle', this.#look);
    this.#look();
  }

  disconnectedCallback() {
    document.removeEventListener('counter-worker', this.#look);
    document.removeEventListener('htmx:after:settle', this.#look);
  }

  #look = async () => {
    const { rows } = await askWorker('waiting').catch(() => ({ rows: [] }));
    const mine = rows.filter(({ url }) => url === this.getAttribute('of'));
    const list = this.querySelector('ol');
    list.hidden = !mine.length;
    list.className = mine.length ? 'bubbles' : '';
    list.replaceChildren(...mine.map((row) => this.#bubble(row)));
  };

  #bubble({ at, state, reasons, fields }) {
    const bubble = this.querySelector('template').content.firstElementChild.cloneNode(true);
    const part = (name) => bubble.querySelector(`[data-part=${name}]`);
    const texts = (wanted) => fields.filter(([name, value]) => name === wanted && value).map(([, value]) => value);
    const when = new Date(at);
    part('at').dateTime = when.toISOString();
    part('at').textContent = timeIn(this.getAttribute('zone'), when);
    part('text').textContent = texts('text').join('');
    part('files').textContent = texts('pictures').join(', ');
    part('reasons').textContent = reasons.join(' ');
    for (const one of bubble.querySelectorAll('[data-part]')) one.hidden = !one.textContent;
    for (const one of bubble.querySelectorAll('[data-state]')) one.hidden = one.dataset.state !== state;
    return bubble;
  }
});
