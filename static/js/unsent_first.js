// What waits is sent before somebody signs out. Of what cannot be it is said that it would be lost: the second press signs out.
{
  const PATIENCE = 8_000; // milliseconds

  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (form.getAttribute('action') !== '/sign-out') return;
    if (!navigator.serviceWorker?.controller) return withdrawn();
    if (form.dataset.sure) return;
    event.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    const unsent = await askWorker('unsent', {}, PATIENCE).catch(() => 0);
    button.disabled = false;
    form.dataset.sure = 'yes';
    if (!unsent) return void form.requestSubmit();
    form.querySelector('[data-unsent] b').textContent = unsent;
    show(form, 'yes');
    button.focus();
  }, { capture: true }); // before send_once.js

  // What could not be sent before the app was withdrawn is on nobody's list any more, and nothing for whoever comes next.
  const withdrawn = () => {
    if (!document.querySelector('meta[name="worker"]')) indexedDB.deleteDatabase('counter');
  };

  const show = (form, state) => {
    for (const part of form.querySelectorAll('[data-unsent]')) part.hidden = part.dataset.unsent !== state;
  };
  // Whoever was asked is asked anew when it is another number by now.
  document.addEventListener('counter-worker', async () => {
    const forms = [...document.querySelectorAll('form[data-sure]')];
    if (!forms.length) return;
    const { rows } = await askWorker('waiting').catch(() => ({ rows: [] }));
    for (const form of forms.filter((it) => it.querySelector('[data-unsent] b').textContent !== String(rows.length))) {
      delete form.dataset.sure;
      show(form, 'no');
    }
  });
}
