// Shim for htmx 4.0.1: it calls preventDefault() before it looks at the modifier keys, so that Ctrl-, Cmd- and
// Shift-click on a boosted link do nothing. May go when the browser test of modified clicks passes without it.
addEventListener('click', (event) => {
  const modified = event.ctrlKey || event.metaKey || event.shiftKey;
  if (modified && event.target.closest?.('a[href]')) event.stopImmediatePropagation();
}, true);
