// What happens to the service worker, and whose business it is. Put together by app/web/worker_script.py.
addEventListener('install', (event) => event.waitUntil(fillShell()));
addEventListener('activate', (event) => event.waitUntil(tidyShell().then(() => clients.claim())));
addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  if (url.origin !== location.origin) return;
  if (url.pathname.startsWith('/static/')) event.respondWith(asset(event.request));
  else if (event.request.method === 'POST' && url.pathname === '/sign-out') event.respondWith(signOut(event));
  else if (isPicture(url)) event.respondWith(picture(event.request));
  else if (mayWait(event.request, url)) event.respondWith(change(event, url));
  else if (isPage(event.request, url)) event.respondWith(page(event, url));
});
addEventListener('message', (event) => {
  const answer = (told) => event.ports[0]?.postMessage(told);
  if (event.data?.ask) event.waitUntil((async () => ASKED[event.data.ask]?.(event.data))().then((value) => answer({ value }), (error) => answer({ error: String(error) })));
});
addEventListener('sync', (event) => { if (event.tag === 'waiting') event.waitUntil(sync()); });
addEventListener('push', (event) => event.waitUntil(show(event.data)));
addEventListener('notificationclick', (event) => event.waitUntil(open(event.notification)));
addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)));
