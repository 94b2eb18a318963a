// <thread-seen><form …><button>Mark as read</button></form></thread-seen>: a conversation that somebody looks at is read. Its form
// sends itself once the page is seen, and says nothing; without JavaScript the button is there.
customElements.define('thread-seen', class extends HTMLElement {
  connectedCallback() {
    document.addEventListener('visibilitychange', this.#look);
    this.#look();
  }

  disconnectedCallback() { document.removeEventListener('visibilitychange', this.#look); }

  #look = () => {
    if (document.hidden || this.sent) return;
    this.sent = true;
    this.hidden = true;
    setTimeout(() => { if (this.isConnected) this.querySelector('form').requestSubmit(); }); // htmx has it by then
  };
});
