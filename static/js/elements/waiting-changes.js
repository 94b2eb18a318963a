// <waiting-changes hidden data-waiting="…" data-refused="…">: how many changes wait for the network and how many were refused, as the
// worker knows, with the way to their list; each form that made one says so.
customElements.define('waiting-changes', class extends HTMLElement {
  #rows = [];

  connectedCallback() {
    if (!navigator.serviceWorker) return;
    document.addEventListener('counter-worker', this.#look);
    document.addEventListener('htmx:after:settle', this.#mark);
    this.#look();
  }

  disconnectedCallback() {
    document.removeEventListener('counter-worker', this.#look);
    document.removeEventListener('htmx:after:settle', this.#mark);
  }

  #look = async () => {
    const { rows, signIn } = await askWorker('waiting').catch(() => ({ rows: [] }));
    this.#rows = rows;
    this.hidden = !rows.length;
    for (const part of this.querySelectorAll('[data-state]')) {
      const count = rows.filter((row) => row.state === part.dataset.state).length;
      part.hidden = !count;
      part.querySelector('b').textContent = count;
    }
    this.querySelector('[data-sign-in]').hidden = !signIn;
    this.#mark();
  };

  #mark = () => {
    for (const form of document.forms) {
      form.querySelector('.waits')?.remove();
      const row = form.method === 'post' && this.#rows.findLast(({ url }) => url === this.#path(form));
      if (!row) continue;
      const note = document.createElement('small');
      note.className = `waits ${row.state}`;
      note.textContent = this.dataset[row.state];
      form.append(note);
    }
  };

  #path(form) {
    const { pathname, search } = new URL(form.getAttribute('action') ?? location.href, location.href);
    return pathname + search;
  }
});
