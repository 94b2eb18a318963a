// <scan-code>: reads the code of a label with the phone's camera, where the browser can; typing it works everywhere.
customElements.define('scan-code', class extends HTMLElement {
  static #KINDS = ['code_128', 'qr_code'];
  static #PAUSE = 150; // milliseconds between two looks

  async connectedCallback() {
    if (!navigator.mediaDevices?.getUserMedia) return;
    const known = await window.BarcodeDetector?.getSupportedFormats() ?? [];
    this.kinds = this.constructor.#KINDS.filter((kind) => known.includes(kind));
    if (!this.kinds.length) return;
    this.#part('with').hidden = false;
    this.#part('without').hidden = true;
    this.querySelector('button').onclick = () => (this.stream ? this.#stop() : this.#start());
  }

  disconnectedCallback() { this.#stop(); }

  #part(name) { return this.querySelector(`[data-${name}]`); }

  get #video() { return this.querySelector('video'); }

  async #start() {
    this.#say('');
    try {
      this.stream = 'asked for';
      const stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: 'environment' } });
      if (!this.stream) return this.#end(stream); // stopped, or left, while the person was asked
      this.stream = stream;
      this.#show(true);
      this.#video.srcObject = stream;
      await this.#video.play();
      await this.#look(new BarcodeDetector({ formats: this.kinds }));
    } catch {
      if (this.stream) this.#say(this.#part('said').dataset.none);
      this.#stop();
    }
  }

  async #look(detector) {
    while (this.stream) {
      const [found] = await detector.detect(this.#video);
      if (found && this.stream) return this.#found(found.rawValue);
      await new Promise((done) => { setTimeout(done, this.constructor.#PAUSE); });
    }
  }

  #found(code) {
    this.#stop();
    const form = this.querySelector('form');
    form.elements.code.value = code;
    form.requestSubmit();
  }

  #say(text) { this.#part('said').textContent = text; }

  #show(on) {
    this.#video.hidden = !on;
    for (const words of this.querySelectorAll('[data-on]')) words.hidden = (words.dataset.on === 'yes') !== on;
  }

  #end(stream) { for (const track of stream.getTracks?.() ?? []) track.stop(); }

  #stop() {
    this.#end(this.stream ?? {});
    this.stream = undefined;
    this.#show(false);
  }
});
