// The stream says that it is over (see live-stream): the session may have been ended from elsewhere. The service worker does not hear
// the stream, but any other answer that says so (`X-Forget`): it forgets then, and tells the pages. Where there is none, this one goes.
// A page that is being left already asks nothing: what is to be said on the next one would be said to this.
document.addEventListener('counter-over', async () => {
  if (!document.querySelector('meta[name="viewer"]')?.content) return; // see forget-device
  const answer = await fetch('/offline', { headers: { 'HX-Request': 'true' } }).catch(() => null);
  const here = encodeURIComponent(location.pathname + location.search);
  if (answer?.headers.has('X-Forget') && !navigator.serviceWorker?.controller) location.assign(`/sign-in?next=${here}`);
});
