// <home-hint hidden>: says how this browser puts the counter on the home screen, when it is time to. What it says is decided when the
// page comes, never later: nothing moves away under a finger. Only one hint at a time (and the page before may still be there).
customElements.define('home-hint', class extends HTMLElement {
  connectedCallback() {
    const kind = this.parentElement.querySelector('passkey-hint') ? '' : homeScreen.hint();
    const all = document.getElementById('home-hint-words');
    if (!all?.content.querySelector(`[data-place="${kind}"]`)) return;
    this.replaceChildren(all.content.cloneNode(true));
    this.querySelector(`[data-place="${kind}"]`).hidden = false;
    this.querySelector('[data-ask]').hidden = kind !== 'asks';
    this.hidden = false;
    this.onclick = ({ target }) => {
      if (target.closest('[data-no]')) homeScreen.answer('no');
      if (target.closest('[data-ask]')) homeScreen.ask();
    };
  }
});
