// What pages are made with: style, script, pictures of the app itself. Their addresses hold a hash of their content, so that a copy is
// right for ever; the offline page has the release in its address, in each language.
const SHELL = 'shell';

async function fillShell() {
  const cache = await caches.open(SHELL);
  await Promise.all(COUNTER.shell.map(async (address) => {
    if (await cache.match(address)) return;
    const response = await fetch(address, { credentials: 'omit' });
    if (!response.ok) throw new TypeError(`${address}: ${response.status}`);
    await cache.put(address, response);
  }));
}

async function tidyShell() {
  const wanted = new Set(COUNTER.shell.map((address) => new URL(address, location.origin).href));
  const cache = await caches.open(SHELL);
  for (const { url } of await cache.keys()) if (!wanted.has(url)) await cache.delete(url);
}

// A page kept before a deployment names a file that is gone: today's of the same name is better than none.
async function asset(request) {
  const cache = await caches.open(SHELL);
  const found = await cache.match(request, { ignoreVary: true });
  if (found) return found;
  const response = await fetch(request).catch(() => null);
  if (response?.ok) return response;
  const other = (await cache.keys()).find(({ url }) => named(url) === named(request.url));
  return (other && await cache.match(other)) || response || Response.error();
}

function named(url) { return new URL(url).pathname.replace(/\.[0-9a-f]{12}(\.\w+)$/, '$1'); }

// Of a page that is nobody's, in each language (`pages`, by locale): the text in the one that was spoken last.
async function textFromShell(pages) {
  const page = pages[await fact('locale') ?? ''] ?? Object.values(pages)[0];
  const copy = await caches.match(page, { cacheName: SHELL, ignoreVary: true });
  return copy?.text();
}

async function offlinePage() {
  let html = await textFromShell(COUNTER.offline);
  if (html === undefined) return Response.error();
  for (const [, address] of html.matchAll(/data-kept="([^"]+)"/g)) {
    const kept = await copy(new Request(address), new URL(address, location.origin)).catch(() => undefined);
    if (kept) html = html.replace(`data-kept="${address}" hidden`, `data-kept="${address}"`);
  }
  const { address } = await fact('leaving') ?? {}; // that it is done is more than that there is no network
  const [, said] = html.match(new RegExp(`<template data-left="${address}">(.*?)</template>`, 's')) ?? [];
  if (said) html = html.replace(/(<div data-said>).*?(?=<\/div>)/s, (all, open) => open + said);
  return shown(html);
}

function shown(html) {
  return new Response(html, { headers: { ...COUNTER.headers, 'Content-Type': 'text/html; charset=utf-8', 'X-From': 'device' } });
}
