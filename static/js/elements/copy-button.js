// <copy-button hidden for="id"><button><span data-done="Copied">Copy: puts that element's text on the clipboard, where the
// browser can; elsewhere it stays hidden, and the text is there to be selected.
customElements.define('copy-button', class extends HTMLElement {
  connectedCallback() {
    if (!navigator.clipboard) return;
    this.hidden = false;
    this.onclick = async () => {
      const said = this.querySelector('[data-done]');
      try {
        await navigator.clipboard.writeText(document.getElementById(this.getAttribute('for')).textContent);
        said.textContent = said.dataset.done;
        this.dataset.done = '';
      } catch { getSelection().selectAllChildren(document.getElementById(this.getAttribute('for'))); }
    };
  }
});
