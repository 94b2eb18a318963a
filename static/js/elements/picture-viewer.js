// <picture-viewer><dialog>…</dialog></picture-viewer>: a picture of a conversation that is touched is shown large over the page, and the
// way back (a key, a gesture, the button, a touch beside it) leads to where one was. Without it the link leads to the picture.
customElements.define('picture-viewer', class extends HTMLElement {
  connectedCallback() { document.addEventListener('click', this.#show); }

  disconnectedCallback() { document.removeEventListener('click', this.#show); }

  #show = (event) => {
    const link = event.target.closest?.('a.sent-picture');
    if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    const dialog = this.querySelector('dialog'), picture = dialog.querySelector('img');
    picture.src = link.href;
    picture.alt = link.querySelector('img').alt;
    dialog.querySelector('a').href = link.href;
    dialog.showModal();
  };
});
