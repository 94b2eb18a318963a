// Whoever signs out in one tab has signed out in all, and a page of one person is none of another's: both are left at once. What is
// typed in them could not be sent any more.
{
  const viewer = () => document.querySelector('meta[name="viewer"]')?.content;
  let leaving = false; // on its way elsewhere already
  addEventListener('beforeunload', () => { leaving = true; setTimeout(() => { leaving = false; }, 5_000); });

  document.addEventListener('counter-worker', ({ detail: { said } }) => {
    if (!viewer() || leaving) return;
    if (said === 'forgotten') location.assign('/sign-in');
    if (said === 'switched') location.reload();
  });

  document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
    const answered = ctx.response.headers.get('X-Viewer');
    if (answered && viewer() && answered !== viewer()) location.reload();
  });
}
