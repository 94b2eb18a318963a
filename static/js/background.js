// The service worker of whoever is signed in. What the browser is subscribed to is told anew at each visit: sessions change at
// every sign-in, and another person's news must not go on coming here.
if (navigator.serviceWorker && document.querySelector('meta[name="viewer"]')?.content) {
  const address = '/service-worker.js';
  const policy = window.trustedTypes?.createPolicy('app', {
    createScriptURL: (url) => { if (url !== address) throw new TypeError(url); return url; },
  });

  addEventListener('load', async () => {
    const script = policy?.createScriptURL(address) ?? address;
    const worker = await navigator.serviceWorker.register(script, { updateViaCache: 'none' }).catch(() => null); // no network
    const subscription = await worker?.pushManager?.getSubscription();
    if (!subscription) return;
    const body = new URLSearchParams({ subscription: JSON.stringify(subscription) });
    await fetch('/account/notifications/push', { method: 'POST', body }).catch(() => {});
  });
}
