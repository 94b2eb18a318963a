// <password-meter url="/…/strength">, around the field of a new password and a [data-said] region: asks how good it is when the
// fingers rest. In the body of a POST: never in an address. Nothing is said when that fails; the form itself says it all.
customElements.define('password-meter', class extends HTMLElement {
  #timer = 0;
  #asking = null;

  connectedCallback() {
    this.addEventListener('input', () => {
      this.#stop();
      this.#timer = setTimeout(() => this.#ask(), 300);
    });
    this.closest('form').addEventListener('submit', () => this.#stop());
  }

  disconnectedCallback() { this.#stop(); }

  #stop() {
    clearTimeout(this.#timer);
    this.#asking?.abort();
  }

  async #ask() {
    const place = this.querySelector('[data-said]');
    const typed = this.querySelector('input').value;
    if (!typed) return place.replaceChildren();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    const asked = { method: 'POST', headers: { 'HX-Request-Type': 'partial' }, cache: 'no-store', redirect: 'error', signal };
    try {
      const answer = await fetch(this.getAttribute('url'), { ...asked, body: new URLSearchParams({ new_password: typed }) });
      const text = answer.ok ? await answer.text() : '';
      if (signal.aborted) return;
      if (text) await htmx.swap({ sourceElement: this, target: place, text, swap: 'innerHTML' });
      else place.replaceChildren();
    } catch { /* no connection, or typed on meanwhile */ }
  }
});
