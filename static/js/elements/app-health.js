// <app-health build="…" key="…" [pushed]>: shows of each line ([data-line]) the sentence that is true here (see health_facts.js), and
// writes all of them down as a report. `pushed`: the server believes that news is pushed to this browser.
customElements.define('app-health', class extends HTMLElement {
  connectedCallback() {
    this.querySelector('[data-without-script]').hidden = true;
    this.querySelector('[data-needs-script]').hidden = false;
    this.querySelector('[data-persist]').onclick = async () => { await navigator.storage.persist(); await this.look(); };
    addEventListener('load', () => this.look(), { once: true });
    if (document.readyState === 'complete') this.look();
  }

  async look() {
    const [about, up] = await Promise.all([this.#about(), this.#up()]);
    const facts = { shown: this, about, up, build: this.getAttribute('build') };
    const found = await Promise.all(Object.entries(healthFacts).map(async ([line, tell]) => {
      const [which, ...values] = await (async () => tell(facts))().catch(() => ['unknown']);
      this.#say(line, which, values);
      return [line, which];
    }));
    const { storage } = Object.fromEntries(found);
    this.querySelector('[data-persist]').hidden = !['plain', 'bad'].includes(storage);
    this.querySelector('#health-report').textContent = this.#report();
    this.dataset.looked = 'yes';
  }

  // A worker that does not answer is as good as none.
  #about() {
    const late = new Promise((done) => { setTimeout(done, 5_000, null); });
    return Promise.race([askWorker('about').catch(() => null), late]);
  }

  async #up() {
    const begun = performance.now();
    try {
      const answer = await fetch('/up', { cache: 'no-store', signal: AbortSignal.timeout(10_000) });
      if (!answer.ok) return null;
      const took = Math.round(performance.now() - begun);
      return { took, at: Date.now() - took / 2, date: Date.parse(answer.headers.get('date')) };
    } catch { return null; }
  }

  #say(name, which, values) {
    const line = this.querySelector(`[data-line="${name}"]`);
    for (const one of line.querySelectorAll('[data-state]')) {
      one.hidden = (one.dataset.why ?? one.dataset.state) !== which;
      if (one.hidden) continue;
      line.className = one.dataset.state;
      one.words ??= one.firstChild.data;
      one.firstChild.data = values.reduce((text, value) => text.replace('{}', () => value), one.words);
    }
  }

  // Nothing of the person: not who, not what they bought, no address of theirs.
  #report() {
    const lines = [...this.querySelectorAll('[data-line]')].map((line) => {
      const said = line.querySelector('[data-state]:not([hidden])');
      return `${line.querySelector('b').textContent} [${said?.dataset.why ?? said?.dataset.state}]: ${said?.firstChild.data.trim()}`;
    });
    const shown = matchMedia('(display-mode: standalone)').matches ? 'app' : 'browser';
    return [new Date().toISOString(), navigator.userAgent, `${shown}, ${innerWidth} × ${innerHeight}`, '', ...lines].join('\n');
  }
});
