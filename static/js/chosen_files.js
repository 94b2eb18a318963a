// `chosenFiles(list, files, wrong, takeOut)`: shows in the list what will be sent, each with a picture, its size and a button that takes
// it out, and of what will not why. Needs no words but those that the list brings (`chosen_files` in parts/form.html).
{
  const SIDE = 88; // pixels
  const UNITS = [['MB', 1_000_000], ['kB', 1_000]];

  const element = (name, about, ...children) => {
    const made = Object.assign(document.createElement(name), about);
    made.append(...children);
    return made;
  };

  const size = (bytes) => {
    const [unit, of] = UNITS.find(([, least]) => bytes >= least) ?? UNITS[1];
    const digits = unit === 'MB' ? 1 : 0;
    const number = Math.max(bytes / of, 1).toLocaleString(document.documentElement.lang, { maximumFractionDigits: digits });
    return `${number} ${document.documentElement.lang.startsWith('fr') ? unit.replace('B', 'o') : unit}`;
  };

  // Drawn small: a picture of the device's own has no address that the policy allows.
  const thumbnail = (file) => {
    if (!file.type.startsWith('image/')) return element('span', { className: 'kind', ariaHidden: 'true', textContent: 'PDF' });
    const canvas = element('canvas', { width: SIDE, height: SIDE, ariaHidden: 'true' });
    createImageBitmap(file).then((picture) => {
      const from = Math.min(picture.width, picture.height);
      const [x, y] = [(picture.width - from) / 2, (picture.height - from) / 2];
      canvas.getContext('2d').drawImage(picture, x, y, from, from, 0, 0, SIDE, SIDE);
      picture.close();
    }).catch(() => {});
    return canvas;
  };

  globalThis.chosenFiles = (list, files, wrong, takeOut) => {
    const rows = files.map((file) => {
      const out = element('button', { type: 'button', ariaLabel: list.dataset.takeOut.replace('{}', () => file.name), onclick: () => takeOut(file) }, '×');
      return element('li', {}, thumbnail(file), element('span', {}, element('b', {}, file.name), element('small', {}, size(file.size))), out);
    });
    list.replaceChildren(...wrong.map((why) => element('li', { className: 'error', role: 'alert' }, why)), ...rows);
    list.hidden = !list.children.length;
  };
}
