// Which of the kept orders fit what is chosen and typed: the same rules as app/orders/filters.py, app/orders/searching.py and
// app/search.py have.
const RECENT = { '30days': 30, '3months': 91 }; // days
const NEWS_WITHIN = 60;
const STAGES = ['preparing', 'on_the_way', 'needs_you', 'delivered', 'returned', 'cancelled'];
const LIGATURES = { œ: 'oe', æ: 'ae', ø: 'o', ł: 'l', đ: 'd', ð: 'd', þ: 'th', ı: 'i', '’': "'", ς: 'σ' };

// Nonsense in the address is the same as nothing.
function choices(query) {
  const asked = (name) => query.get(name) ?? '';
  const period = asked('period'), state = asked('state');
  return {
    q: [...asked('q').trim().split(/\s+/).join(' ')].slice(0, 200).join(''),
    period: Object.hasOwn(RECENT, period) || /^(19[7-9]\d|[2-9]\d{3})$/.test(period) ? period : '',
    state: STAGES.includes(state) ? state : '',
    merchant: asked('merchant').slice(0, 64),
    archived: asked('archived') === 'yes' ? 'yes' : '',
  };
}

// `today` is the person's own: “2026-11-27”.
function fits({ facts: about }, asked, today) {
  const day = about.placed.slice(0, 10);
  const since = (days) => day >= new Date(Date.parse(today) - days * 86_400_000).toISOString().slice(0, 10);
  return about.archived === Boolean(asked.archived)
    && (!asked.period || (Object.hasOwn(RECENT, asked.period) ? since(RECENT[asked.period]) : day.startsWith(`${asked.period}-`)))
    && (!asked.state || about.state === asked.state)
    && (!['preparing', 'on_the_way'].includes(asked.state) || since(NEWS_WITHIN))
    && (!asked.merchant || about.merchant === asked.merchant)
    && says(about, asked.q);
}

function says(about, query) {
  const words = folded(query).split(/\s+/).filter(Boolean).slice(0, 8);
  if (words.every((word) => about.words.includes(word))) return true;
  const number = words.length ? folded(query).replace(/[\s-]/g, '').toUpperCase() : '';
  return number.length >= 4 && (number.match(/\d/g) ?? []).length >= 2 && about.numbers.some((it) => it.startsWith(number));
}

// “Théière en Grès” → “theiere en gres”.
function folded(text) {
  const low = text.normalize('NFKD').toLowerCase().toUpperCase().toLowerCase().normalize('NFKD');
  return [...low].filter((sign) => !combines(sign)).map((sign) => LIGATURES[sign] ?? sign).join('');
}

// As Unicode has it (a combining class that is not 0): normalising moves such a sign past another one.
function combines(sign) {
  return [`${sign}\u0334`, `\u0301${sign}`].some((pair) => pair.normalize('NFD') !== pair);
}
