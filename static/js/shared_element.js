// The sentence on a card becomes the sentence of its order: the clicked card takes the name that the order's page wears.
document.addEventListener('htmx:before:viewTransition', ({ detail: { ctx } }) => {
  const card = ctx.sourceElement?.closest?.('.order-card');
  const say = ctx.target?.id === 'main' && card?.querySelector('.top');
  if (say) say.style.viewTransitionName = 'order-head';
});
