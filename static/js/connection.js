// A request that brings nothing back says so: the words stand on the toasts' region, in the person's language.
{
  const say = (word, tone = 'bad') => {
    const region = document.getElementById('toasts');
    const text = region?.dataset[word];
    if (!text || [...region.children].some((toast) => toast.dataset.word === word)) return;
    const toast = document.createElement('toast-note');
    toast.className = `toast ${tone}`;
    toast.dataset.word = word;
    const line = document.createElement('p');
    line.textContent = text;
    toast.append(line);
    region.append(toast);
  };

  // What became of changes that were made without a network (service_worker/queue.js), where somebody looks.
  document.addEventListener('counter-worker', ({ detail: { said } }) => {
    if (!document.hidden && ['waiting', 'sent', 'refused', 'lost'].includes(said)) say(said, ['refused', 'lost'].includes(said) ? 'bad' : 'good');
  });

  // What a page asks for by itself (`current` in parts/ui.html) is nothing that somebody waits for.
  const quiet = (ctx) => ctx?.sourceElement?.matches?.('[data-quiet]');

  document.addEventListener('htmx:error', ({ detail: { ctx, error } }) => {
    if (quiet(ctx)) return;
    if (ctx?.request?.signal?.reason === 'timeout') say('slow');
    else if (error instanceof TypeError && !ctx?.response) say('offline');
  });
  document.addEventListener('htmx:response:error', ({ detail: { ctx } }) => {
    if (ctx.response.status >= 500 && !quiet(ctx)) say('failed');
  });
}
