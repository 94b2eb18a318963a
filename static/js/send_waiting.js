// What was done without a network is sent when there may be one: the worker is asked on every page that is opened or looked at, and
// where nobody answers again, later each time; “online” is said before it is so. Then the page shows what it has become.
{
  const FIRST_WAIT = 2_000, LONGEST_WAIT = 300_000; // milliseconds
  let wait = FIRST_WAIT;
  let timer = 0;

  const ask = async () => {
    clearTimeout(timer);
    if (document.hidden || !navigator.serviceWorker || await askWorker('send').catch(() => true)) return;
    timer = setTimeout(ask, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT);
  };
  const askNow = () => { wait = FIRST_WAIT; ask(); };

  document.addEventListener('visibilitychange', askNow);
  addEventListener('online', askNow);
  addEventListener('load', askNow);

  const path = (form) => new URL(form.getAttribute('action') ?? location.href, location.href).pathname;

  // Where it may be done, it may be seen: that page is asked for anew; elsewhere the pieces that want to be right ask for themselves.
  // Of a list that begins further down only cards would come.
  document.addEventListener('counter-worker', async ({ detail: { said, urls } }) => {
    if (said !== 'sent') return;
    const here = [...document.querySelectorAll('.page form')].some((form) => urls.some((url) => url.split('?')[0] === path(form)));
    if (!here || /[?&]before=/.test(location.search)) {
      document.body.dispatchEvent(new CustomEvent('counter-changed', { bubbles: true }));
      return;
    }
    const source = document.querySelector('waiting-changes');
    const page = { source, target: '#main > .page', select: '.page', swap: 'outerMorph ignoreTitle:true' };
    await htmx.ajax('GET', location.pathname + location.search, page).catch(() => {});
    document.querySelector('.kept-note')?.remove();
  });
}
