// <scan-code>: reads the code of a label with the phone's camera, where the browser can; typing it works everywhere.
customElements.define('scan-code', class extends HTMLElement {
  connectedCallback() {
    if (!('BarcodeDetector' in window) || !navigator.mediaDevices?.getUserMedia) return;
    this.hidden = false;
    this.querySelector('button').onclick = () => (this.stream ? this.#stop() : this.#start());
  }

  disconnectedCallback() { this.#stop(); }

  get #video() { return this.querySelector('video'); }

  async #start() {
    try {
      this.stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
    } catch {
      const said = this.querySelector('[data-said]');
      said.textContent = said.dataset.none;
      return;
    }
    this.#video.srcObject = this.stream;
    this.#video.hidden = false;
    await this.#video.play();
    this.#look(new BarcodeDetector({ formats: ['code_128', 'qr_code'] }));
  }

  async #look(detector) {
    while (this.stream) {
      const [found] = await detector.detect(this.#video).catch(() => []);
      if (found) return this.#found(found.rawValue);
      await new Promise((done) => { setTimeout(done, 150); });
    }
  }

  #found(code) {
    this.#stop();
    const form = this.querySelector('form');
    form.elements.code.value = code;
    form.requestSubmit();
  }

  #stop() {
    for (const track of this.stream?.getTracks() ?? []) track.stop();
    this.stream = undefined;
    this.#video.hidden = true;
  }
});
