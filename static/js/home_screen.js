// Putting the counter on a home screen: how this browser does it, whether that is done, and whether to speak of it. Chromium's own
// question is kept until somebody asks for it. What is remembered, on this device alone, is when somebody signed in came first and
// how often (at most once in half an hour), and a no; nothing of an account.
{
  const KEPT = 'home-screen', PAUSE = 1_800_000, THIRD = 3, LAST = 8; // milliseconds; visits
  let question = null;

  const kept = () => { try { return JSON.parse(localStorage.getItem(KEPT)) ?? {}; } catch { return null; } };
  const note = (more) => { try { localStorage.setItem(KEPT, JSON.stringify({ ...kept(), ...more })); } catch { /* no memory */ } };

  const visit = () => {
    const { first = Date.now(), visits = 0, counted = 0 } = kept() ?? {};
    if (Date.now() - counted > PAUSE) note({ first, visits: visits + 1, counted: Date.now() });
  };

  // An iPad says that it is a Mac; a view inside another app cannot put anything anywhere; Safari on a Mac can since 17.
  const place = () => {
    const { userAgent: agent, maxTouchPoints: fingers } = navigator;
    const has = (word) => agent.includes(word);
    if (has('iPhone') || has('iPad') || (has('Macintosh') && fingers > 1)) return has('Safari/') ? 'apple' : '';
    if (has('Android')) return has('Firefox/') ? 'firefox' : has('; wv') ? '' : 'android';
    if (has('Firefox/')) return 'firefox-computer';
    return has('Chrome/') ? 'computer' : Number(/Macintosh.* Version\/(\d+)/.exec(agent)?.[1]) >= 17 ? 'dock' : '';
  };

  const there = () => navigator.standalone === true
    || ['standalone', 'minimal-ui'].some((mode) => matchMedia(`(display-mode: ${mode})`).matches);

  // Which words to say unasked, or none: to somebody who has come back, a few times, and never after an answer.
  const hint = () => {
    const { first, visits, answered } = kept() ?? { answered: 'cannot be remembered' };
    const back = visits >= THIRD || new Date(first).toDateString() !== new Date().toDateString();
    if (answered || there() || !visits || !back || visits > LAST) return '';
    return question ? 'asks' : place();
  };

  const ask = async () => {
    const asked = question;
    question = null; // it can be asked once
    await asked?.prompt();
    await asked?.userChoice;
  };

  const answer = (answered) => {
    note({ answered });
    for (const one of document.querySelectorAll('home-hint')) one.hidden = true;
  };

  addEventListener('beforeinstallprompt', (event) => {
    event.preventDefault();
    question = event;
    event.userChoice.then(({ outcome }) => { if (outcome === 'dismissed') answer('no'); });
    document.dispatchEvent(new CustomEvent('home-screen-asks'));
  });

  addEventListener('appinstalled', () => { question = null; answer('installed'); });
  if (document.querySelector('meta[name="viewer"]')?.content) visit();

  globalThis.homeScreen = { place, there, hint, ask, answer, get asks() { return Boolean(question); } };
}
