// The stream says that it is over (see live-stream): the session may have been ended from elsewhere. The service worker does not hear
// the stream, so that it is asked once what an answer says (`X-Forget`): then it forgets, and where there is none this page is left.
document.addEventListener('counter-over', async () => {
  const answer = await fetch('/account', { headers: { 'HX-Request': 'true' } }).catch(() => null);
  if (answer?.headers.has('X-Forget')) location.assign('/sign-in');
});
