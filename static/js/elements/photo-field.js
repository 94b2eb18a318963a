// <photo-field>: photos are made smaller on the device before they are sent: a telephone's are 5 MB each, and networks are slow.
// Drawn anew, they do not say where they were taken. What cannot be drawn, or would not be smaller, is sent as it is.
customElements.define('photo-field', class extends HTMLElement {
  static #SIDE = 2_000; // pixels, as app/shelves.py keeps them
  static #SMALL = 600_000; // bytes

  connectedCallback() { this.addEventListener('change', this.#choose); }

  #choose = async ({ target }) => {
    const chosen = [...target.files];
    const button = target.form.querySelector('.button.first');
    button.disabled = true;
    this.ariaBusy = 'true';
    try {
      const all = new DataTransfer();
      for (const file of chosen) all.items.add(await this.#smaller(file)); // one at a time: each takes 50 MB of memory
      if (target.files.length === chosen.length && chosen.every((file, n) => file === target.files[n])) target.files = all.files;
    } finally {
      button.disabled = false;
      this.ariaBusy = null;
    }
  };

  async #smaller(file) {
    if (file.size < this.constructor.#SMALL) return file;
    try {
      const picture = await createImageBitmap(file);
      const scale = Math.min(1, this.constructor.#SIDE / Math.max(picture.width, picture.height));
      const canvas = new OffscreenCanvas(Math.round(picture.width * scale), Math.round(picture.height * scale));
      canvas.getContext('2d').drawImage(picture, 0, 0, canvas.width, canvas.height);
      picture.close();
      const made = await canvas.convertToBlob({ type: 'image/jpeg', quality: 0.85 });
      return made.size < file.size ? new File([made], file.name.replace(/\.\w+$/, '.jpg'), { type: made.type }) : file;
    } catch { return file; }
  }
});
