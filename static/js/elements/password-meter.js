// <password-meter url="/…/strength">, around the field of a new password and a [data-said] region: asks how good it is when the
// fingers rest. In the body of a POST: never in an address. Nothing is said when that fails; the form itself says it all.
customElements.define('password-meter', class extends HTMLElement {
  #timer = 0;
  #asking = null;

  connectedCallback() {
    this.addEventListener('input', ({ target }) => {
      this.#stop();
      this.#forgive(target);
      this.#timer = setTimeout(() => this.#ask(), 300);
    });
    this.closest('form').addEventListener('submit', () => this.#stop());
  }

  disconnectedCallback() { this.#stop(); }

  // What was wrong with the last one says nothing about this one.
  #forgive(field) {
    const error = document.getElementById(`${field.id}-error`);
    if (!error) return;
    error.remove();
    field.removeAttribute('aria-invalid');
    const others = field.getAttribute('aria-describedby').split(' ').filter((id) => id !== `${field.id}-error`);
    others.length ? field.setAttribute('aria-describedby', others.join(' ')) : field.removeAttribute('aria-describedby');
  }

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
