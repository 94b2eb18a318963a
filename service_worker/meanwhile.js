// What whoever has made a change sees while it waits.
const WAITING_PAGE = '/offline/waiting';

// The page stays as it is, and marks what waits (static/js/elements/waiting-changes.js).
function inPlace(status = 202) { return new Response(null, { status, headers: { 'HX-Reswap': 'none', 'HX-Push-Url': 'false' } }); }

// What could not be sent and does not wait: no other page comes, what was typed is still there, and a message says why.
function stays(said) {
  everyPage.postMessage({ said });
  return inPlace(204);
}

// A form that may not wait (a language, the steps of signing in).
async function sentNow(event) {
  const sent = Date.now();
  try {
    const response = await fetch(event.request);
    event.waitUntil(heard(response, sent).catch(() => {}));
    return response;
  } catch { return stays('offline'); }
}

// To where it would have led, or where it was made, when that can be shown; else to the list of what waits.
async function back(row) {
  for (const address of [new URLSearchParams(written(row)).get('back'), row.from].filter(Boolean)) {
    try {
      const url = new URL(ours(address));
      if (await copy(new Request(url), url)) return Response.redirect(url, 303);
    } catch { /* it waits, whatever is broken here */ }
  }
  return Response.redirect(WAITING_PAGE, 303);
}

// The session has run out: what was typed waits for the one who comes back.
async function signInFirst(row) {
  try { await remember(row, 'later'); } catch (error) {
    if (error?.name === 'QuotaExceededError') return stays('full');
    await note('lost', true).catch(() => {}); // the session was ended, and all is forgotten
  }
  const { pathname, search } = new URL(row.from || '/', location.origin);
  return Response.redirect(`/sign-in?${new URLSearchParams({ next: pathname + search })}`, 303);
}
