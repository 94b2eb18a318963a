// What a real navigation does by itself and a boosted one must be told: focus, the marked place in the menus, open menus.
// `after:settle` and not `after:swap`: the latter waits for the end of a view transition.
document.addEventListener('htmx:after:settle', (event) => {
  if (event.target.id !== 'main') return;
  const inside = (link) => `${location.pathname}/`.startsWith(`${link.pathname}/`);
  for (const menu of document.querySelectorAll('.top-menu, .tabs')) { // what has a place in one may lie under the desk in the other
    const links = [...menu.querySelectorAll('a')];
    const nearest = Math.max(...links.filter(inside).map((link) => link.pathname.length)); // a desk lies around its people
    for (const link of links) {
      if (inside(link) && link.pathname.length === nearest) link.setAttribute('aria-current', location.pathname === link.pathname ? 'page' : 'true');
      else link.removeAttribute('aria-current');
    }
  }
  for (const open of document.querySelectorAll(':popover-open')) open.hidePopover();
  event.target.focus({ preventScroll: true });
});

// Back while a page is still coming in: at its end it would give its title to the page that was gone back to.
document.addEventListener('htmx:before:history:restore', () => {
  const running = document.activeViewTransition;
  running?.ready.catch(() => {}); // it is skipped: so be it
  running?.skipTransition();
});
