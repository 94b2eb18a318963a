// What happens to the service worker, and whose business it is. Put together by app/web/worker_script.py.
addEventListener('activate', (event) => event.waitUntil(clients.claim()));
addEventListener('push', (event) => event.waitUntil(show(event.data)));
addEventListener('notificationclick', (event) => event.waitUntil(open(event.notification)));
addEventListener('pushsubscriptionchange', (event) => event.waitUntil(renew(event)));
