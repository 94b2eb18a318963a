// Signing out: what is kept here goes first, and whatever the network does. Without one, the server's session ends with the first
// request that gets through; until then nothing is shown, and nothing kept.
async function signOut(event) {
  await note('leaving', true);
  await forget('');
  const response = await fetch(event.request).catch(() => null);
  if (response && !DOWN.has(response.status)) await note('leaving', undefined);
  await forget(); // what was on its way
  return response && !DOWN.has(response.status) ? response : Response.redirect('/sign-in', 303);
}

// Whether nobody is left to be signed out.
async function left() {
  const response = await fetch('/sign-out', { method: 'POST', redirect: 'manual' }).catch(() => null);
  if (!response || response.status >= 500) return false;
  await note('leaving', undefined);
  await note('changed', Date.now());
  return true;
}

// Where nobody could be reached: signed out later.
ASKED.leave = async () => {
  await note('leaving', true);
  await forget();
};
