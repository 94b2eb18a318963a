// What waited on this device and could not be sent any more, for who had made it has gone, is told once, where somebody looks.
{
  const look = async () => {
    if (document.hidden || !navigator.serviceWorker || !await askWorker('lost').catch(() => false)) return;
    document.body.dispatchEvent(new CustomEvent('counter-worker', { bubbles: true, detail: { said: 'lost' } }));
  };
  addEventListener('load', look);
  document.addEventListener('counter-worker', ({ detail: { said, viewer } }) => {
    if (said === 'switched' && viewer === document.querySelector('meta[name="viewer"]')?.content) look();
  });
  document.addEventListener('visibilitychange', look);
}
