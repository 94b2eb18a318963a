// <unread-bell label="…, unread: {}" none="…" unread="3">: the number on the bell and its words, the “(3) ” before the page's title
// and the number on the installed app's icon. The server writes them with every page; here they follow `counter-told`.
customElements.define('unread-bell', class extends HTMLElement {
  #told = null;
  #replaced = new MutationObserver(() => this.#show());

  connectedCallback() {
    document.body.addEventListener('counter-told', this.#hear);
    this.#replaced.observe(document.querySelector('title'), { childList: true, characterData: true, subtree: true });
    this.#replaced.observe(this, { childList: true });
    this.#badge(Number(this.getAttribute('unread')));
  }

  disconnectedCallback() {
    document.body.removeEventListener('counter-told', this.#hear);
    this.#replaced.disconnect();
  }

  #hear = ({ detail }) => {
    const more = detail.unread > (this.#told?.unread ?? Number(this.getAttribute('unread')));
    this.#told = detail;
    this.#show();
    this.#badge(detail.unread);
    if (more) this.querySelector('[role=status]').textContent = this.#words;
  };

  get #number() { return this.#told.unread > 99 ? '99+' : String(this.#told.unread); }

  get #words() { return this.#told.unread ? this.getAttribute('label').replace('{}', this.#number) : this.getAttribute('none'); }

  // A page that came meanwhile may know more than the stream has told yet.
  #show() {
    if (!this.#told || this.#told.revision < Number(document.getElementById('main')?.dataset.revision ?? 0)) return;
    const number = this.querySelector('b');
    number.hidden = !this.#told.unread;
    number.textContent = this.#number;
    this.querySelector('a').ariaLabel = this.#words;
    const title = (this.#told.unread ? `(${this.#number}) ` : '') + document.title.replace(/^\(\d+\+?\) /, '');
    if (document.title !== title) document.title = title;
  }

  #badge(unread) {
    (unread ? navigator.setAppBadge?.(unread) : navigator.clearAppBadge?.())?.catch(() => {});
  }
});
