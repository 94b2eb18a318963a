// <passkey-hint hidden>: shows itself where the device can make a passkey by itself (a fingerprint, a face, a screen lock).
customElements.define('passkey-hint', class extends HTMLElement {
  async connectedCallback() {
    this.hidden = !(await window.PublicKeyCredential?.isUserVerifyingPlatformAuthenticatorAvailable?.());
  }
});
