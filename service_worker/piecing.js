// A page of the pack that is told by what this device has already.
const BETWEEN = /(?=<article|<section|<fieldset|<form class|<li )/; // the same in app/offline/blocks.py

// Of blocks that are new, and of those that the copy has.
async function together(id, url, parts) {
  const had = (await copied(id, url)).split(BETWEEN);
  return parts.map((part) => (typeof part === 'string' ? part : had.slice(...part).join(''))).join('');
}

// Of pieces that are new, and of those that another order has: its page and its card in one.
async function likened(id, { like, parts, card }) {
  const other = await inStore('orders', 'readonly', (store) => store.get(like));
  const base = await copied(id, like) + (other?.card ?? '');
  return { html: pieced(parts, base), card: pieced(card, base) };
}

// Texts, and signs of the base: how far behind the last ones (near, mostly: a small number), and how many.
function pieced(parts, base) {
  let end = 0;
  return parts.map((part) => (typeof part === 'string' ? part : base.slice(end + part[0], end += part[0] + part[1]))).join('');
}

async function copied(id, url) {
  const copy = await caches.match(place(url), { cacheName: `kept-${id}` });
  return await copy?.text() ?? '';
}
