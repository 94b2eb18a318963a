// Whoever signs out in one tab has signed out in all, and a page of one person is none of another's: both are left at once. What is
// typed in them could not be sent any more. So is one that the way back brings out again as it was.
{
  const viewer = () => document.querySelector('meta[name="viewer"]')?.content;
  let leaving = false; // on its way elsewhere already
  addEventListener('beforeunload', () => { leaving = true; setTimeout(() => { leaving = false; }, 5_000); });

  document.addEventListener('counter-worker', ({ detail: { said, viewer: now } }) => {
    if (!viewer() || leaving) return;
    if (said === 'forgotten') location.assign('/sign-in');
    if (said === 'switched' && now !== viewer()) location.reload();
  });

  document.addEventListener('htmx:after:request', ({ detail: { ctx } }) => {
    const answered = ctx.response.headers.get('X-Viewer');
    if (answered && viewer() && answered !== viewer()) location.reload();
  });

  // Where there is no worker to know it. Without a network nobody does.
  const askServer = async () => {
    const answer = await fetch(location.href, { method: 'HEAD', redirect: 'manual' }).catch(() => null);
    return answer && answer.status < 500 ? answer.headers.get('X-Viewer') : viewer();
  };
  addEventListener('pageshow', async ({ persisted }) => {
    if (!persisted || !viewer()) return;
    leaving = false;
    if (await askWorker('whose').catch(askServer) !== viewer()) location.reload();
  });
}
