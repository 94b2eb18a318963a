// Of a row of choices that is wider than the screen, the chosen one is in sight.
{
  const show = () => {
    for (const chosen of document.querySelectorAll('.chips.roll [aria-current]')) {
      const row = chosen.parentElement, [at, within] = [chosen.getBoundingClientRect(), row.getBoundingClientRect()];
      if (at.left < within.left || at.right > within.right) row.scrollLeft += at.left + at.width / 2 - within.left - within.width / 2;
    }
  };

  addEventListener('load', show);
  document.addEventListener('htmx:after:settle', ({ target }) => { if (target.id === 'main') show(); });
}
