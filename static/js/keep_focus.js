// A swap that removes the focused control leaves a keyboard at the top of the page: give the focus to what came instead.
{
  const holding = new WeakSet();

  document.addEventListener('htmx:before:swap', ({ detail: { ctx, tasks } }) => {
    const main = tasks.find((task) => task.type === 'main');
    if (main?.target instanceof Element && main.target.contains(document.activeElement)) holding.add(main);
  });

  document.addEventListener('htmx:after:settle', ({ detail: { task, newContent } }) => {
    if (!holding.has(task) || task.target.id === 'main' || document.activeElement !== document.body) return;
    for (const node of newContent) {
      const next = node.matches?.('a[href], button') ? node : node.querySelector?.('a[href], button');
      if (next) return next.focus({ preventScroll: true });
    }
  });
}
