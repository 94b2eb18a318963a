// <desk-company at="/desk/…/inbox/T-…/presence"><p>…</p></desk-company> in a conversation at a desk: who else has it open. The server
// says so with the page; while somebody looks at it and does something, it gives a sign of life now and then, which is answered with
// who is there by then. When somebody comes or begins to write, the stream tells (see `current` in parts/ui.html).
{
  const EVERY = 15_000, AT_MOST = 10_000, IDLE = 300_000; // milliseconds; a desk that nobody uses closes by itself

  customElements.define('desk-company', class extends HTMLElement {
    #timer = 0;
    #signed = 0; // when
    #wrote = 0; // when that was said
    #moved = Date.now();

    connectedCallback() {
      for (const name of ['pointerdown', 'pointermove', 'keydown', 'scroll']) document.addEventListener(name, this.#move, { passive: true });
      document.addEventListener('input', this.#typed);
      document.addEventListener('visibilitychange', this.#look);
      addEventListener('pagehide', this.#leave);
      this.#look();
    }

    disconnectedCallback() {
      for (const name of ['pointerdown', 'pointermove', 'keydown', 'scroll']) document.removeEventListener(name, this.#move);
      document.removeEventListener('input', this.#typed);
      document.removeEventListener('visibilitychange', this.#look);
      removeEventListener('pagehide', this.#leave);
      this.#leave();
    }

    #move = () => { this.#moved = Date.now(); };

    #typed = ({ target }) => {
      if (target.name !== 'text' || !target.value.trim() || Date.now() - this.#wrote < AT_MOST) return;
      this.#wrote = Date.now();
      this.#sign({ writing: 'yes' });
    };

    #look = () => {
      clearTimeout(this.#timer);
      if (document.hidden) return;
      this.#timer = setTimeout(this.#look, EVERY);
      if (Date.now() - this.#moved < IDLE && Date.now() - this.#signed >= AT_MOST) this.#sign({});
    };

    #leave = () => {
      clearTimeout(this.#timer);
      if (this.#signed) this.#post({ leaving: 'yes' }, { keepalive: true }).catch(() => {});
      this.#signed = this.#wrote = 0;
    };

    async #sign(how) {
      this.#signed = Date.now();
      const answer = await this.#post(how, {}).catch(() => null);
      if (!answer?.ok || !answer.headers.get('Content-Type')?.includes('json')) return;
      this.#show((await answer.json()).said);
    }

    #post(fields, how) { return fetch(this.getAttribute('at'), { method: 'POST', body: new URLSearchParams(fields), redirect: 'manual', ...how }); }

    #show(said) {
      const text = said.join(' · ');
      const place = this.querySelector('p');
      if (place.textContent !== text) place.textContent = text;
      this.hidden = !text;
    }
  });
}
