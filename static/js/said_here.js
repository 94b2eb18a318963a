// What is said in a conversation goes out without leaving the page: what was typed and chosen is gone then, the newest is in sight, and
// the focus stays in the field. What was refused stays as it is, with why.
{
  const talking = ({ detail: { ctx } }, status) => ctx.sourceElement?.matches?.('form.reply') && status(ctx.response?.status ?? 0);
  const sent = (event) => talking(event, (status) => status >= 200 && status < 300 && status !== 204); // 204: see meanwhile.js

  document.addEventListener('htmx:after:request', (event) => {
    if (!sent(event)) return;
    const form = event.detail.ctx.sourceElement, field = form.elements.text;
    for (const old of form.querySelectorAll(':scope > .error, :scope > .notice')) old.remove();
    for (const one of form.querySelectorAll('[aria-invalid]')) one.removeAttribute('aria-invalid');
    field.defaultValue = '';
    form.reset();
  });

  document.addEventListener('htmx:finally:request', (event) => {
    if (!talking(event, (status) => status && status < 500)) return;
    document.querySelector('form.reply textarea')?.focus({ preventScroll: sent(event) });
    if (sent(event)) scrollTo({ top: document.documentElement.scrollHeight });
  });
}
