// Of a page that comes in, what is seen at once is laid out first and the rest when that is painted (`data-arriving`, see
// css/order.css): a slow phone shows it sooner. Not where somebody is led further down, to where they were or to a place
// on the page: its height must be known then.
document.addEventListener('htmx:before:swap', ({ detail: { ctx, tasks } }) => {
  const main = tasks.find(({ target, swapSpec }) => target?.id === 'main' && swapSpec?.style === 'outerHTML');
  if (!main) return; // nothing comes, or into the page that is there
  // Taken away with the focus in it, the old page would be laid out together with the new one, to see where the focus goes.
  if (document.activeElement?.matches('#main :is(a, button)')) document.activeElement.blur();
  const { anchor, headers = {} } = ctx.request ?? {}; // none where something is put in by hand
  if (anchor || 'HX-History-Restore-Request' in headers) return;
  main.fragment?.querySelector('#main')?.setAttribute('data-arriving', '');
});

document.addEventListener('htmx:after:settle', ({ target }) => {
  if (target.id === 'main') requestAnimationFrame(() => setTimeout(() => target.removeAttribute('data-arriving')));
});
