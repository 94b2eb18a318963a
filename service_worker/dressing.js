// How a copy is shown: in a frame when it is the middle of a page alone, and with its age.

// `main` alone gets the frame that came with the pack. `middle`: who asks takes nothing else, and need not read the rest; it is a
// slow device that has no network.
async function dressed(html, headers, path, { middle = false } = {}) {
  const frame = await fact('frame') ?? '';
  const whole = headers.get('x-kept-part') === 'whole';
  const number = await fact('unread') ?? 0;
  const page = middle ? titled(html) : whole ? html : framed(html, belled(sectioned(frame, path), number));
  const age = aged(headers.get('x-kept-at'), whole ? html : frame);
  return page.replace(/<main [^>]*>(?:<div class="backbar">.*?<\/div>)?/s, (open) => open + age);
}

function titled(html) {
  const [title] = html.match(/<title>.*?<\/title>/s) ?? [''];
  return title + html.slice(html.indexOf('<main'), html.indexOf('</main>') + '</main>'.length);
}

function framed(html, frame) {
  const [title] = html.match(/<title>.*?<\/title>/s) ?? [''];
  const main = html.slice(html.indexOf('<main'));
  const titled = frame.replace(/<title>.*?<\/title>/s, () => title);
  return titled.replace(/<main .*?<\/main>/s, () => main);
}

// Where one is, in the menu and among the tabs.
function sectioned(frame, path) {
  const section = `/${path.split('/')[1]}`;
  return frame.replaceAll(`<a href="${section}">`, `<a href="${section}" aria-current="${path === section ? 'page' : 'true'}">`);
}

// The number of unread notifications; the frame itself has none, so that it stays the same.
function belled(frame, unread) {
  const [, words] = frame.match(/ unread="0" label="([^"]*)"/) ?? [];
  if (!unread || words === undefined) return frame;
  const number = unread > 99 ? '99+' : String(unread);
  return frame.replace(' unread="0" label', ` unread="${unread}" label`)
    .replace(/(<a class="bell"[^>]* aria-label=")[^"]*/, (all, before) => before + words.replace('{}', number))
    .replace('<b aria-hidden="true" hidden>0</b>', `<b aria-hidden="true">${number}</b>`);
}

// “Offline copy, kept 5 minutes ago.”, in the language of the page.
function aged(at, html) {
  const [, language] = html.match(/<html lang="([^"]+)"/) ?? ['', 'en'];
  const { kept, just_kept: justKept, again: anew } = wordsOf(language.replace('-', '_'));
  const age = ago(new Date(at), language);
  const said = age ? kept.replace('{age}', () => age) : justKept;
  return `<p class="kept-note" role="status"><time datetime="${at}">${said}</time> <a href="">${anew}</a></p>`;
}

function wordsOf(locale) { return COUNTER.words[locale] ?? Object.values(COUNTER.words)[0]; }

// In the language of the last page.
async function words() { return wordsOf(await fact('locale')); }

// Nothing within the last minute.
function ago(at, language) {
  const seconds = (Date.now() - at) / 1000;
  const found = [['day', 86_400], ['hour', 3_600], ['minute', 60]].find(([, size]) => seconds >= size);
  if (!found) return '';
  const [unit, size] = found;
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.trunc(seconds / size), unit);
}
