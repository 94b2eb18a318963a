// `counter-told` (see live-stream) becomes `counter-changed` on <body> when it is newer than what #main was made of: pieces that
// want to be right ask for themselves then (`current` in parts/ui.html). A page that nobody looks at waits until somebody does.
{
  let newest = null;
  let passed = 0;
  const shown = () => Number(document.getElementById('main')?.dataset.revision ?? 0);
  const tell = (name) => document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: newest }));

  const pass = () => {
    if (!newest || document.hidden || newest.revision <= Math.max(shown(), passed)) return;
    passed = newest.revision;
    tell('counter-changed');
  };

  document.addEventListener('counter-told', ({ detail }) => { newest = detail; pass(); });
  document.addEventListener('visibilitychange', pass);

  // Something may have changed while a page was on its way: it was made before, and so was the bell that came with it.
  document.addEventListener('htmx:after:settle', ({ target }) => {
    if (target.id !== 'main') return;
    passed = 0;
    if (newest?.revision > shown()) tell('counter-told');
  });
}
