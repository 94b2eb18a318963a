// What is true of the app in this browser, for each line of /app-health: which of its sentences, and what goes into it.
// `shown`: the <app-health>; `about`: what the worker says of itself (null without one); `up`: how the shop answered.
{
  const language = document.documentElement.lang;
  const of = (number, unit, style = 'long') => new Intl.NumberFormat(language, {
    style: 'unit', unit, unitDisplay: style, maximumFractionDigits: number < 10 && unit.endsWith('byte') ? 1 : 0,
  }).format(number);
  const sized = (bytes) => {
    const [unit, size] = [['gigabyte', 1e9], ['megabyte', 1e6]].find(([, size]) => bytes >= size) ?? ['kilobyte', 1e3];
    return of(bytes / size, unit, 'short');
  };
  const steps = [['day', 86_400], ['hour', 3_600], ['minute', 60], ['second', 1]];
  const lasting = (seconds) => {
    const [unit, size] = steps.find(([, size]) => seconds >= size) ?? ['second', 1];
    return of(Math.trunc(seconds / size), unit);
  };
  const ago = (seconds) => {
    const [unit, size] = steps.find(([, size]) => seconds >= size) ?? ['second', 1];
    return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(-Math.trunc(seconds / size), unit);
  };
  const signedIn = (about) => Boolean(document.querySelector('meta[name="viewer"]')?.content || about?.somebody);
  const registration = () => navigator.serviceWorker?.getRegistration();
  const SLOW = 2_000, OFF = 60, FULL = 0.9; // milliseconds, seconds, share
  const PASSING = ['busy', 'more', 'cut']; // see service_worker/trying.js

  globalThis.healthFacts = {
    async app({ about, build }) {
      if (!document.querySelector('meta[name="worker"]')) return ['withdrawn', build];
      if (!navigator.serviceWorker) return ['unsupported', build];
      const found = await registration();
      if (!found) return [signedIn(about) ? 'none' : 'nobody', build];
      if (found.installing) return ['setting-up'];
      if (!about) return ['none', build];
      return [found.waiting ? 'wait' : 'good', build, about.version];
    },

    network({ up }) {
      if (!up) return [navigator.onLine ? 'away' : 'offline'];
      return [up.took < SLOW ? 'good' : 'wait', of(up.took, 'millisecond', 'short')];
    },

    clock({ up }) {
      if (!up?.date) return ['unknown'];
      const ahead = (up.at - up.date) / 1000;
      if (Math.abs(ahead) < OFF) return ['good'];
      return [ahead > 0 ? 'fast' : 'slow', lasting(Math.abs(ahead))];
    },

    kept({ about }) {
      const { orders, synced, contact = 0, full, failed } = about ?? {};
      const since = (at) => ago(Math.max(Date.now() - at, 0) / 1000);
      if (full && orders && synced) return ['full', orders, since(synced), since(contact)];
      if (failed?.times > 1 || (failed && !PASSING.includes(failed.why))) return ['failed', orders, since(failed.at), failed.why];
      if (!orders) return ['plain'];
      if (!synced) return ['coming', orders];
      return ['good', orders, since(synced), since(contact)];
    },

    waiting: ({ about }) => (about?.waiting ? ['wait', about.waiting] : ['good']),

    async storage() {
      const { usage, quota } = await navigator.storage?.estimate?.() ?? {};
      if (!quota) return ['unknown'];
      const kept = usage > quota * FULL ? 'bad' : await navigator.storage.persisted() ? 'good' : 'plain';
      return [kept, sized(usage), sized(quota)];
    },

    async push({ shown, about }) {
      const found = await registration();
      if (!found?.pushManager || !window.Notification) return ['unsupported'];
      if (Notification.permission === 'denied') return ['denied'];
      const made = await found.pushManager.getSubscription();
      if (!made || !signedIn(about)) return [shown.hasAttribute('pushed') ? 'lost' : 'off'];
      const body = new URLSearchParams({ subscription: JSON.stringify(made) });
      const answer = await fetch('/account/notifications/push', { method: 'POST', body }).catch(() => null);
      if (!answer?.ok) return ['unknown'];
      return [(await answer.json()).on ? 'good' : 'strange'];
    },
  };
}
