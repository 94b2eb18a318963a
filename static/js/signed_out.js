// Whoever signs out in one tab has signed out in all, and a page of one person is none of another's: both are left at once. What is
// typed in them could not be sent any more. So is one that the way back brings out again as it was.
{
  const viewer = () => document.querySelector('meta[name="viewer"]')?.content;
  const LEFT = 5_000; // milliseconds; a page that is here then was not left (a download, say)
  let leaving = false; // on its way elsewhere already
  let missed; // what was said meanwhile

  const hear = ({ said, viewer: now }) => {
    if (!viewer()) return;
    if (said === 'forgotten') location.assign('/sign-in');
    if (said === 'switched' && now !== viewer()) location.reload();
  };
  const stay = () => {
    leaving = false;
    if (missed) hear(missed);
    missed = undefined;
  };
  addEventListener('beforeunload', () => { leaving = true; setTimeout(stay, LEFT); });

  document.addEventListener('counter-worker', ({ detail }) => {
    if (!['forgotten', 'switched'].includes(detail.said)) return;
    if (leaving) missed = detail;
    else hear(detail);
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
    missed = undefined;
    if (await askWorker('whose').catch(askServer) !== viewer()) location.reload();
  });
}
