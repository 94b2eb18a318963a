// How a copy is shown: in a frame when it is the middle of a page alone, and with its age.

// `main` alone gets the frame that came with the pack.
async function dressed(html, headers) {
  const at = headers.get('x-kept-at');
  const whole = headers.get('x-kept-part') === 'whole' ? html : framed(html, await fact('frame') ?? '');
  return whole.replace(/<main [^>]*>/, (open) => open + aged(at, whole));
}

function framed(html, frame) {
  const [title] = html.match(/<title>.*?<\/title>/s) ?? [''];
  const main = html.slice(html.indexOf('<main'));
  const titled = frame.replace(/<title>.*?<\/title>/s, () => title);
  return titled.replace(/<main .*?<\/main>/s, () => main);
}

// “As it was 5 minutes ago.”, in the language of the page.
function aged(at, html) {
  const [, language] = html.match(/<html lang="([^"]+)"/) ?? ['', 'en'];
  const words = COUNTER.words[language.replace('-', '_')] ?? Object.values(COUNTER.words)[0];
  const age = `<time datetime="${at}">${ago(new Date(at), language)}</time>`;
  return `<p class="kept-note" role="status">${words.kept.replace('{age}', () => age)} <a href="">${words.again}</a></p>`;
}

function ago(at, language) {
  const seconds = Math.min(0, (at - Date.now()) / 1000);
  const [unit, size] = [['day', 86_400], ['hour', 3_600], ['minute', 60]].find(([, size]) => -seconds >= size) ?? ['second', 1];
  const number = unit === 'second' ? 0 : Math.trunc(seconds / size);
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(number, unit);
}
