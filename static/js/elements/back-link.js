// <back-link><a href="/orders">: goes back to the list as it was left (filters, place) when that is where one came from.
customElements.define('back-link', class extends HTMLElement {
  connectedCallback() {
    this.addEventListener('click', (event) => {
      const link = event.target.closest('a');
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || !this.#cameFrom(link.pathname)) return;
      event.preventDefault();
      event.stopImmediatePropagation();   // before htmx boosts the link
      history.back();
    }, true);
  }

  #cameFrom(path) {
    const { navigation } = window;
    const before = navigation?.entries()[navigation.currentEntry.index - 1];
    return before?.url && new URL(before.url).pathname === path;
  }
});
