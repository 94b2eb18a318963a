// <desk-count of="atelier">: how many returns wait at that desk, or, with an empty name, at all of one's desks. The server writes
// the number with every page; here it follows `counter-told`.
customElements.define('desk-count', class extends HTMLElement {
  connectedCallback() { document.body.addEventListener('counter-told', this.#hear); }

  disconnectedCallback() { document.body.removeEventListener('counter-told', this.#hear); }

  #hear = ({ detail: { desks = {} } }) => {
    const of = this.getAttribute('of');
    const number = of ? desks[of] ?? 0 : Object.values(desks).reduce((sum, one) => sum + one, 0);
    this.hidden = !number;
    this.querySelector('b').textContent = number > 99 ? '99+' : number;
  };
});
