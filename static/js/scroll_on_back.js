// Shim for htmx 4.0.1: it leaves the scroll position on Back to the Navigation API. Safari before 26.2 has none and
// htmx does not use it in any Firefox. May go when the browser test of Back in those engines passes without it.
if (!window.navigation || /firefox/i.test(navigator.userAgent)) {
  history.scrollRestoration = 'manual';

  const keep = (key, y) => { try { sessionStorage.setItem('y:' + key, y); } catch { /* private mode: no memory */ } };
  const kept = (key) => { try { return +sessionStorage.getItem('y:' + key); } catch { return 0; } };
  const key = () => {
    const own = history.state?.key ?? crypto.randomUUID();
    // Marked as htmx marks it: at its first swap it would put its own mark in place of a state without one, key and all.
    history.replaceState({ ...history.state, htmx: true, key: own }, '');
    return own;
  };

  let here = key();
  let y = scrollY;
  let wanted = null;

  if (performance.getEntriesByType('navigation')[0]?.type !== 'navigate') scrollTo(0, kept(here));
  addEventListener('scroll', () => { if (wanted === null) y = scrollY; }, { passive: true });
  addEventListener('pagehide', () => keep(here, y));
  document.addEventListener('htmx:before:history:update', () => keep(here, y));
  document.addEventListener('htmx:after:history:update', () => { here = key(); });
  addEventListener('popstate', () => { keep(here, y); here = key(); wanted = kept(here); });
  document.addEventListener('htmx:after:settle', (event) => {
    if (wanted === null || event.target.id !== 'main') return;
    y = wanted;
    wanted = null;
    scrollTo(0, y);
  });
}
