// <reveal-password><input type="password"><button hidden aria-pressed="false">: shows what is typed while the button is pressed in.
// Sent, it is a password again: no browser keeps it among the texts that it offers elsewhere.
customElements.define('reveal-password', class extends HTMLElement {
  connectedCallback() {
    const input = this.querySelector('input');
    const button = this.querySelector('button');
    const show = (shown) => {
      input.type = shown ? 'text' : 'password';
      button.ariaPressed = String(shown);
    };
    button.hidden = false;
    button.onclick = () => show(input.type === 'password');
    input.form.addEventListener('submit', () => show(false));
  }
});
