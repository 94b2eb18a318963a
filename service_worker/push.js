// One message for browsers that show it by themselves (Declarative Web Push) and for those that ask us. Something is always
// shown: a browser takes the permission away from who shows nothing.
async function show(event) {
  if (await fact('leaving')) return showNothing(event);
  const said = read(event.data);
  const { title, navigate, app_badge: inside, ...options } = said.notification ?? {};
  await badge(said.app_badge ?? inside);
  await registration.showNotification(title || COUNTER.name, {
    icon: COUNTER.icon, badge: COUNTER.badge, ...options, data: { navigate: navigate ?? '/' },
  });
}

// They have gone, and the server had not heard of it: there is a network now. What it sent was theirs.
async function showNothing(event) {
  await left(event);
  const said = await words();
  const { icon, badge: mark } = COUNTER;
  await registration.showNotification(said.news, { icon, badge: mark, body: said.sign_in, data: { navigate: '/' } });
}

function read(data) {
  try { return data.json() ?? {}; } catch { return {}; }
}

// The number on the installed app's icon, where there is such a thing.
async function badge(unread) {
  if (unread === undefined || !navigator.setAppBadge) return;
  const count = Number(unread);
  try { await (count ? navigator.setAppBadge(count) : navigator.clearAppBadge()); } catch { /* not installed */ }
}
