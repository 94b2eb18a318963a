// <photo-field>: photos are made smaller on the device before they are sent: a telephone's are 5 MB each, and networks are slow.
// Drawn anew, they do not say where they were taken. What cannot be drawn, or would not be smaller, is sent as it is.
// What is chosen goes to what was chosen before; with a list (`chosen_files` in parts/form.html) it is seen, and can be taken out again,
// and what the server would not take is not sent.
customElements.define('photo-field', class extends HTMLElement {
  static #SIDE = 2_000; // pixels, as app/shelves.py keeps them
  static #SMALL = 600_000; // bytes
  static #MOST = 8; // files, and
  static #LARGEST = 10 * 1024 * 1024; // bytes, as there
  #kept = [];

  connectedCallback() {
    this.addEventListener('change', this.#choose);
    this.closest('form').addEventListener('reset', this.#none);
  }

  get #input() { return this.querySelector('input'); }

  get #list() { return this.querySelector('.chosen-files'); }

  #choose = async ({ target }) => {
    const chosen = [...target.files], button = target.form.querySelector('.button.first');
    for (const old of this.closest('form').querySelectorAll(`#${target.id}-error`)) old.remove();
    target.removeAttribute('aria-invalid');
    button.disabled = true;
    this.ariaBusy = 'true';
    try {
      const made = [];
      for (const file of chosen) made.push(await this.#smaller(file)); // one at a time: each takes 50 MB of memory
      this.#put(made);
    } finally {
      button.disabled = false;
      this.ariaBusy = null;
    }
  };

  #none = () => { this.#kept = []; this.#put([]); };

  #put(files) {
    if (!this.#list) return this.#give(files);
    const wrong = [];
    for (const file of files) {
      if (this.#kept.some(({ name, size }) => name === file.name && size === file.size)) continue;
      const why = this.#refused(file);
      if (why) wrong.push(this.#list.dataset[why].replace('{}', () => file.name));
      else this.#kept.push(file);
    }
    this.#give(this.#kept);
    chosenFiles(this.#list, this.#kept, wrong, (file) => { this.#kept = this.#kept.filter((it) => it !== file); this.#put([]); this.#input.focus(); });
  }

  #refused({ type, size }) {
    if (!this.#input.accept.split(',').includes(type)) return 'strange';
    if (size > this.constructor.#LARGEST) return 'large';
    return this.#kept.length < this.constructor.#MOST ? '' : 'many';
  }

  #give(files) {
    const all = new DataTransfer();
    for (const file of files) all.items.add(file);
    this.#input.files = all.files;
  }

  async #smaller(file) {
    const taken = !this.#list || this.#input.accept.split(',').includes(file.type);
    if (taken ? file.size < this.constructor.#SMALL : !file.type.startsWith('image/')) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, this.constructor.#SIDE / Math.max(picture.width, picture.height));
      const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const made = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
      return !taken || made.size < file.size ? new File([made], file.name.replace(/\.\w+$/, '.jpg'), { type: made.type }) : file;
    } catch { return file; }
  }
});
