// <inbox-count>: how many conversations have something unread. The server writes the number with every page; here it follows
// `counter-told`.
customElements.define('inbox-count', class extends HTMLElement {
  connectedCallback() { document.body.addEventListener('counter-told', this.#hear); }

  disconnectedCallback() { document.body.removeEventListener('counter-told', this.#hear); }

  #hear = ({ detail: { threads = 0 } }) => {
    this.hidden = !threads;
    this.querySelector('b').textContent = threads > 99 ? '99+' : threads;
  };
});
