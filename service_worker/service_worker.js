// What happens to the service worker, and whose business it is. Put together by app/web/worker_script.py.
addEventListener('install', (event) => event.waitUntil(fillShell()));
addEventListener('activate', (event) => event.waitUntil(tidyShell().then(() => clients.claim())));
addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  const answer = answerTo(event, url);
  if (answer) event.respondWith(answer.catch(() => fetch(event.request))); // whatever is broken here, the shop is there
});

function answerTo(event, url) {
  if (url.pathname.startsWith('/static/')) return asset(event.request);
  if (event.request.method === 'POST' && url.pathname === '/sign-out') return signOut(event);
  if (isPicture(url)) return picture(event.request);
  if (mayWait(event.request, url)) return change(event, url);
  if (event.request.method === 'POST' && event.request.mode === 'navigate') return sentNow(event);
  return isPage(event.request, url) ? page(event, url) : undefined;
}

addEventListener('message', (event) => {
  const answer = (told) => event.ports[0]?.postMessage(told);
  const asked = async () => ASKED[event.data.ask]?.(event.data);
  if (event.data?.ask) event.waitUntil(asked().then((value) => answer({ value }), (error) => answer({ error: String(error) })));
});
addEventListener('sync', (event) => { if (event.tag === 'waiting') event.waitUntil(sync()); });
addEventListener('push', (event) => event.waitUntil(show(event)));
addEventListener('notificationclick', (event) => event.waitUntil(open(event.notification)));
addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)));
