// A link or a form that takes longer than 300 ms says so with a line at the top (css/progress.css). Until then nothing is drawn for
// it: on a slow phone that alone would take as long as a page that is at hand.
{
  const SLOW = 300; // milliseconds
  const asked = new Set();

  document.addEventListener('htmx:before:request', ({ detail: { ctx } }) => {
    if (!ctx.sourceElement?.matches?.('a, form')) return;
    asked.add(ctx);
    setTimeout(() => { if (asked.has(ctx)) document.documentElement.setAttribute('data-under-way', ''); }, SLOW);
  });
  const answered = ({ detail: { ctx } }) => {
    asked.delete(ctx);
    if (!asked.size) document.documentElement.removeAttribute('data-under-way');
  };
  // The end alone is not enough: what asked may be gone from the page by then.
  for (const name of ['htmx:after:request', 'htmx:error', 'htmx:finally:request']) document.addEventListener(name, answered);
}
