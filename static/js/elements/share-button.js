// <share-button hidden url text><button>: hands the link to another app, where the browser can; elsewhere it stays hidden.
customElements.define('share-button', class extends HTMLElement {
  connectedCallback() {
    if (!navigator.share) return;
    this.hidden = false;
    this.onclick = () => {
      navigator.share({ url: this.getAttribute('url'), text: this.getAttribute('text') }).catch(() => {}); // closed without
    };
  }
});
