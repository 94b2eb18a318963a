// The push service has changed the browser's address, or ended it: the counter is told the new one.
async function renew({ oldSubscription, newSubscription }) {
  if (!newSubscription && !oldSubscription) return;
  const made = newSubscription ?? await registration.pushManager.subscribe(oldSubscription.options);
  const body = new URLSearchParams({ subscription: JSON.stringify(made), old: oldSubscription?.endpoint ?? '' });
  await fetch('/account/notifications/push', { method: 'POST', body });
}
