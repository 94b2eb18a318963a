// <live-stream url="/live">: hears from the server what has changed for this person, and tells it on <body> as `counter-told`
// (`detail.revision`, `detail.unread`). All tabs of a browser share one stream, for six connections to a host are all that HTTP/1.1
// has: the tab that was looked at last holds the lock and the stream, and passes on what it hears. What a tab has missed while it
// was not listening is what the stream begins with. Where it is over (signed out), looking at a tab or going on asks once more.
{
  const KEPT_HIDDEN = 60_000, FIRST_WAIT = 2_000, LONGEST_WAIT = 300_000; // milliseconds

  customElements.define('live-stream', class extends HTMLElement {
    #newest = 0;
    #wait = FIRST_WAIT;
    #timer = 0;
    #running = null;
    #over = false;

    connectedCallback() {
      if (navigator.connection?.saveData) return;
      document.addEventListener('visibilitychange', this.#looked);
      document.addEventListener('freeze', this.#stop);
      document.addEventListener('htmx:after:settle', ({ target }) => { if (this.#over && target.id === 'main') this.#looked(); });
      addEventListener('pagehide', this.#stop);
      addEventListener('pageshow', ({ persisted }) => { if (persisted) this.#looked(); });
      this.#looked();
    }

    #looked = () => {
      clearTimeout(this.#timer);
      if (document.hidden) return void (this.#timer = setTimeout(this.#stop, KEPT_HIDDEN));
      if (this.#running?.source?.readyState === EventSource.OPEN) return;
      this.#stop();
      const running = this.#running = { leaving: new AbortController(), channel: new BroadcastChannel(this.#name) };
      running.channel.onmessage = ({ data }) => (data ? this.#hear(data) : this.#end());
      this.#lead(running, { steal: true });
    };

    #stop = () => {
      const { leaving, channel, source, again, release } = this.#running ?? {};
      this.#running = null;
      leaving?.abort();
      channel?.close();
      source?.close();
      clearTimeout(again);
      release?.();
    };

    #end() { this.#over = true; this.#stop(); }

    // Another tab that is looked at takes the lock away; this one then waits until that one is gone.
    async #lead(running, how) {
      const lead = () => new Promise((release) => { running.release = release; this.#listen(running); });
      await (navigator.locks ? navigator.locks.request(this.#name, how, lead) : lead()).catch(() => {});
      running.source?.close();
      clearTimeout(running.again);
      if (this.#running === running) this.#lead(running, { signal: running.leaving.signal });
    }

    #listen(running) {
      const source = running.source = new EventSource(this.getAttribute('url'));
      const pass = (state) => { if (this.#running === running) running.channel.postMessage(state); };
      source.addEventListener('open', () => { this.#wait = FIRST_WAIT; this.#over = false; });
      source.addEventListener('counter', ({ data }) => { pass(JSON.parse(data)); this.#hear(JSON.parse(data)); });
      source.addEventListener('over', () => { pass(null); this.#end(); document.dispatchEvent(new Event('counter-over')); });
      source.addEventListener('error', () => { // after an end the browser comes again by itself, after a refusal it does not
        if (source.readyState !== EventSource.CLOSED || this.#running !== running) return;
        if (this.#over) return void this.#stop();
        document.dispatchEvent(new Event('counter-over')); // it may be (401)
        running.again = setTimeout(() => this.#listen(running), this.#wait);
        this.#wait = Math.min(this.#wait * 2, LONGEST_WAIT);
      });
    }

    get #name() { return `live ${document.querySelector('meta[name="viewer"]').content}`; }

    #hear(detail) {
      if (detail.revision < this.#newest) return;
      this.#newest = detail.revision;
      document.body.dispatchEvent(new CustomEvent('counter-told', { bubbles: true, detail }));
    }
  });
}
