// A piece that asked for itself (`current` in parts/ui.html) and got no answer asks again: after some seconds, longer each time,
// when the network is back, and when somebody looks at the page again. News that was lost would else wait for the next.
{
  const FIRST_WAIT = 5_000, LONGEST_WAIT = 300_000; // milliseconds
  const unanswered = new Set(); // ids
  let wait = FIRST_WAIT;
  let timer = 0;

  const again = () => {
    if (document.hidden || !navigator.onLine) return;
    clearTimeout(timer);
    for (const id of [...unanswered]) {
      const piece = document.getElementById(id);
      if (piece) htmx.trigger(piece, 'asked-again');
      else unanswered.delete(id); // it was on another page
    }
  };

  const lost = (ctx) => {
    const piece = ctx?.sourceElement;
    if (!piece?.matches?.('[data-quiet]')) return;
    if (!unanswered.size) wait = FIRST_WAIT;
    unanswered.add(piece.id);
    clearTimeout(timer);
    timer = setTimeout(() => { wait = Math.min(wait * 2, LONGEST_WAIT); again(); }, wait);
  };

  document.addEventListener('htmx:error', ({ detail: { ctx } }) => { if (!ctx?.response) lost(ctx); });
  document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => { if (ctx.response.status >= 500) lost(ctx); });
  document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
    if (ctx.response.status < 500) unanswered.delete(ctx.sourceElement?.id);
  });
  addEventListener('online', again);
  document.addEventListener('visibilitychange', again);
}
