// The service worker of whoever is signed in. It is told whose page this is, and what the browser is subscribed to is told to the
// server anew at each visit: sessions change at every sign-in, and another person's news must not go on coming here.
if (navigator.serviceWorker) {
  const address = document.querySelector('meta[name="worker"]')?.content; // none while the app is withdrawn: see COMPTOIR_OFFLINE
  const viewer = document.querySelector('meta[name="viewer"]')?.content ?? '';
  const policy = window.trustedTypes?.createPolicy('app', {
    createScriptURL: (url) => { if (url !== address) throw new TypeError(url); return url; },
  });

  const subscribed = async (registration) => {
    const subscription = await registration.pushManager?.getSubscription();
    if (!subscription) return;
    const body = new URLSearchParams({ subscription: JSON.stringify(subscription) });
    await fetch('/account/notifications/push', { method: 'POST', body }).catch(() => {});
  };

  addEventListener('load', async () => {
    if (!viewer || !address) return;
    const script = policy?.createScriptURL(address) ?? address;
    const registration = await navigator.serviceWorker.register(script, { updateViaCache: 'none' }).catch(() => null); // no network
    if (!registration) return;
    await navigator.serviceWorker.ready;
    const locale = document.documentElement.lang.replace('-', '_');
    await askWorker('viewer', { viewer, locale, loaded: performance.timeOrigin }).catch(() => {});
    document.dispatchEvent(new CustomEvent('worker-ready'));
    await subscribed(registration);
  });
}
