// A notification opens its page: in a window of ours that is there already, else in a new one. Nothing leads to another host.
async function open(notification) {
  notification.close();
  const page = ours(notification.data?.navigate);
  const [window] = await clients.matchAll({ type: 'window' });
  if (!window) return clients.openWindow(page);
  try { await window.focus(); } catch { /* no click of a person: it stays where it is */ }
  try { return await window.navigate(page); } catch { return clients.openWindow(page); }
}

function ours(address) {
  try {
    const url = new URL(address ?? '/', location.origin);
    return url.origin === location.origin ? url.href : `${location.origin}/`;
  } catch { return `${location.origin}/`; }
}
