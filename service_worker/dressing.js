// How a copy is shown: in a frame when it is the middle of a page alone, and with its age.

// `main` alone gets the frame that came with the pack.
async function dressed(html, headers) {
  const at = headers.get('x-kept-at');
  const whole = headers.get('x-kept-part') === 'whole' ? html : framed(html, await fact('frame') ?? '');
  return whole.replace(/<main [^>]*>(?:<div class="backbar">.*?<\/div>)?/s, (open) => open + aged(at, whole));
}

function framed(html, frame) {
  const [title] = html.match(/<title>.*?<\/title>/s) ?? [''];
  const main = html.slice(html.indexOf('<main'));
  const titled = frame.replace(/<title>.*?<\/title>/s, () => title);
  return titled.replace(/<main .*?<\/main>/s, () => main);
}

// “Offline copy, kept 5 minutes ago.”, in the language of the page.
function aged(at, html) {
  const [, language] = html.match(/<html lang="([^"]+)"/) ?? ['', 'en'];
  const words = COUNTER.words[language.replace('-', '_')] ?? Object.values(COUNTER.words)[0];
  const age = ago(new Date(at), language);
  const said = age ? words.kept.replace('{age}', () => age) : words.just_kept;
  return `<p class="kept-note" role="status"><time datetime="${at}">${said}</time> <a href="">${words.again}</a></p>`;
}

// Nothing within the last minute.
function ago(at, language) {
  const seconds = (Date.now() - at) / 1000;
  const found = [['day', 86_400], ['hour', 3_600], ['minute', 60]].find(([, size]) => seconds >= size);
  if (!found) return '';
  const [unit, size] = found;
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.trunc(seconds / size), unit);
}
