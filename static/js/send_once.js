// A form that the browser sends itself is not sent twice by impatient fingers: the second time would find the code used up.
// (What htmx sends has its order from hx-sync.) After ten seconds one may try again: the first time may have been stopped.
{
  const free = (form) => form.removeAttribute('aria-busy');

  document.addEventListener('submit', (event) => {
    const form = event.target;
    if (event.defaultPrevented) return;
    if (form.ariaBusy === 'true') return event.preventDefault();
    form.ariaBusy = 'true';
    setTimeout(free, 10_000, form);
  });

  // The way back finds the page as it was left, as does who could not leave it (service_worker/meanwhile.js).
  const freeAll = () => document.querySelectorAll('form[aria-busy]').forEach(free);
  addEventListener('pageshow', freeAll);
  document.addEventListener('counter-worker', ({ detail: { said } }) => { if (['offline', 'full'].includes(said)) freeAll(); });
}
