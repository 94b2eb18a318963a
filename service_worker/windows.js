// A notification opens its page: in the window of ours that shows it already, else in one that has nothing to lose by it, else
// in a new one. Nothing leads to another host.
const PATIENCE = 600; // milliseconds for a window to answer: a browser lets a click open windows for a second

async function open(notification) {
  notification.close();
  const page = ours(notification.data?.navigate);
  const found = await fitting(page);
  if (!found) return clients.openWindow(page);
  try { await found.window.focus(); } catch { /* no click of a person: it stays where it is */ }
  if (!found.free) return;
  try { await found.window.navigate(page); } catch { return clients.openWindow(page); }
}

async function fitting(page) {
  const bare = (address) => address.split('#')[0];
  const windows = await clients.matchAll({ type: 'window' });
  const known = await Promise.all(windows.map(async (window) => ({ window, free: await free(window) })));
  return known.find(({ window }) => bare(window.url) === bare(page)) ?? known.find((it) => it.free);
}

// Asked of static/js/free_window.js there. A window that is asleep says nothing: it is left alone.
function free(window) {
  return new Promise((answered) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = ({ data }) => answered(data === true);
    setTimeout(answered, PATIENCE, false);
    window.postMessage('free?', [port2]);
  });
}

function ours(address) {
  try {
    const url = new URL(address ?? '/', location.origin);
    return url.origin === location.origin ? url.href : `${location.origin}/`;
  } catch { return `${location.origin}/`; }
}
