// The list of orders as it is without a network: put together from the cards that are kept, in the page that
// templates/offline/orders.html is. As many at a time as the server shows (app/orders/filters.py): a longer page is slow to leave.
const PAGE = 20, MOST_SHOWN = 200;

COMPOSED['/orders'] = async (url, how) => {
  const id = await fact('synced') ? await viewer() : ''; // half of the orders would look like all of them
  const about = await fact('list');
  const page = id && about && await caches.match(place('/orders'), { cacheName: `kept-${id}` });
  return page && listed(page, url.searchParams, about, how);
};

// `before` asks for what comes next below a list, wherever that came from; `shown` is how many there are then.
async function listed(page, query, about, { partial: piece, middle }) {
  const asked = choices(query), wanted = /^\d{1,5}$/.test(query.get('shown')) ? +query.get('shown') : 0;
  const end = Math.min(Math.max(wanted, PAGE), MOST_SHOWN);
  const start = piece && query.has('before') ? end - PAGE : 0;
  const today = todayIn(about.zone);
  const found = (await keptOrders()).filter((order) => fits(order, asked, today));
  const copy = await current(page);
  const age = piece ? aged(copy.headers.get('x-kept-at'), await fact('frame') ?? '') : '';
  const html = composed(await copy.text(), asked, found, about, { age, start, end });
  if (start) return shown(html.split('<!--cards-->')[1]);
  return shown(piece ? html.replace(/<\/?main[^>]*>/g, '') : await dressed(html, copy.headers, '/orders', { middle }));
}

// “2026-11-27”; by the device's own zone in a browser that is older than the name of this one.
function todayIn(timeZone) {
  const written = (options) => new Intl.DateTimeFormat('sv-SE', options).format(new Date());
  try { return written({ timeZone }); } catch { return written(); }
}

function composed(page, asked, found, { words, locale }, { age, start, end }) {
  const form = new Intl.PluralRules(locale.replace('_', '-')).select(found.length);
  const chosen = Object.entries(asked).filter(([, value]) => value);
  const count = chosen.length && found.length ? (words.count[form] ?? words.count.other).replace('{num}', found.length) : '';
  const active = [asked.state, asked.merchant].filter(Boolean).length;
  const yes = (holds) => (holds ? 'yes' : '');
  const said = {
    ...asked, narrowed: yes(active), chosen: yes(active || asked.archived), counted: yes(count), clear: yes(active || asked.q),
    more: yes(found.length > end), empty: found.length ? '' : chosen.length === 1 && asked.archived ? 'no_archived' : 'none_found',
  };
  const slots = {
    COUNT: escaped(count), Q: escaped(asked.q), ACTIVE: String(active), CLEAR: escaped(address({ archived: asked.archived })),
    HIDDEN: hidden(asked), CARDS: cards(found, start, end), AGE: age, GROWN: escaped(address({ ...asked, shown: end + PAGE })),
    OLDER: escaped(address({ ...asked, before: 'kept', shown: end + PAGE })),
  };
  const when = (all, name, value, html) => (said[name] === decodeURIComponent(value) ? html : '');
  return page
    .replace(/<!--when (\w+)=([^ ]*?)-->(.*?)<!--end-->/gs, when)
    .replace(/<a data-choice="(\w+)=([^"]*)"/g, (all, name, value) => choice(asked, name, decodeURIComponent(value)))
    .replace(/<!--([A-Z]+)-->/g, (all, name) => slots[name] ?? all);
}

function choice(asked, name, value) {
  const current = asked[name] === value ? ' aria-current="true"' : '';
  return `<a href="${escaped(address({ ...asked, [name]: value }))}"${current}`;
}

function address(asked) {
  const query = new URLSearchParams(Object.entries(asked).filter(([, value]) => value));
  return query.size ? `/orders?${query}` : '/orders';
}

function hidden(asked) {
  const fields = ['period', 'state', 'merchant', 'archived'].filter((name) => asked[name]);
  return fields.map((name) => `<input type="hidden" name="${name}" value="${escaped(asked[name])}">`).join('');
}

// With a heading for the first of each month.
function cards(found, start, end) {
  const month = (order) => order?.facts.month;
  const heading = (order, n) => (month(order) === month(found[n - 1]) ? '' : `<h2>${escaped(month(order))}</h2>`);
  return found.map((order, n) => heading(order, n) + order.card).slice(start, end).join('\n');
}

function escaped(text) {
  return String(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
