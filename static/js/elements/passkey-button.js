// <passkey-button hidden options="/…/options" ceremony="get|create" [field="credential"] [autofill] [also="id"]>, around a form with
// that hidden field: the browser is asked for a passkey, its answer sent with the form; `also` names a box of another form that
// counts for this one, too. Without passkeys or JavaScript it stays hidden.
customElements.define('passkey-button', class extends HTMLElement {
  #asking = null;

  connectedCallback() {
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) return;
    this.hidden = false;
    this.form = this.querySelector('form');
    this.form.addEventListener('submit', (event) => {
      if (this.#field.value) return;
      event.preventDefault();
      this.#ask();
    });
    this.form.addEventListener('formdata', ({ formData }) => {
      const box = document.getElementById(this.getAttribute('also'));
      if (box?.checked) formData.set(box.name, box.value);
    });
    document.addEventListener('submit', this.#another);
    if (this.hasAttribute('autofill')) this.#offer();
  }

  // Whoever sends another form goes that way: nothing waits for a finger any more.
  #another = ({ target }) => { if (target !== this.form) this.#asking?.abort(); };

  get #field() { return this.form.elements[this.getAttribute('field') ?? 'credential']; }

  disconnectedCallback() {
    document.removeEventListener('submit', this.#another);
    this.#asking?.abort();
  }

  // The browser lists passkeys among what it fills into the e-mail field; nothing is asked until one is chosen.
  async #offer() {
    const possible = await PublicKeyCredential.isConditionalMediationAvailable?.();
    if (possible && this.isConnected && !this.#asking) await this.#ask('conditional'); // unless the button was quicker
  }

  async #ask(mediation) {
    this.#asking?.abort();
    this.#asking = new AbortController();
    const { signal } = this.#asking;
    this.#say('');
    try {
      const answer = await fetch(this.getAttribute('options'), { method: 'POST', signal });
      if (!answer.ok) throw new Error(String(answer.status));
      const json = await answer.json();
      const credential = this.getAttribute('ceremony') === 'create'
        ? await navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(json), signal })
        : await navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(json), mediation, signal });
      this.#field.value = JSON.stringify(credential.toJSON());
      this.form.requestSubmit();
    } catch (error) {
      if (signal.aborted || mediation) return;
      this.#say(error.name === 'InvalidStateError' ? this.dataset.known : this.dataset.failed);
    }
  }

  #say(text) {
    const place = this.querySelector('[data-said]');
    place.textContent = text ?? '';
    place.hidden = !text;
  }
});
