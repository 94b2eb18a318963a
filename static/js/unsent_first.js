// What waits is sent before somebody signs out. Of what cannot be it is said that it would be lost: the second press signs out.
{
  const PATIENCE = 8_000; // milliseconds

  document.addEventListener('submit', async (event) => {
    const form = event.target;
    if (form.getAttribute('action') !== '/sign-out' || form.dataset.sure || !navigator.serviceWorker?.controller) return;
    event.preventDefault();
    const button = form.querySelector('button');
    button.disabled = true;
    const unsent = await askWorker('unsent', {}, PATIENCE).catch(() => 0);
    button.disabled = false;
    form.dataset.sure = 'yes';
    if (!unsent) return void form.requestSubmit();
    form.querySelector('[data-unsent] b').textContent = unsent;
    for (const part of form.querySelectorAll('[data-unsent]')) part.hidden = part.dataset.unsent !== 'yes';
    button.focus();
  }, { capture: true }); // before send_once.js
}
