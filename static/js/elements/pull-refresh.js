// <pull-refresh hidden>: pulling the page down at its top asks for it anew where no browser does that: in an app that iOS opens from
// its home screen. Fingers are only watched, scrolling stays the system's; the page is morphed, so that what is typed stays.
{
  const FAR = 64, SHOWN = 12, LONGEST = 96; // pixels, of half of what the finger has gone

  customElements.define('pull-refresh', class extends HTMLElement {
    #from = null;
    #pull = 0;

    connectedCallback() {
      if (navigator.standalone !== true) return;
      const passive = { passive: true };
      addEventListener('touchstart', this.#start, passive);
      addEventListener('touchmove', this.#move, passive);
      addEventListener('touchend', this.#end, passive);
      addEventListener('touchcancel', this.#stop, passive);
    }

    #start = ({ touches, target }) => {
      this.#from = null;
      if (touches.length > 1 || scrollY > 0 || this.dataset.state === 'busy' || document.querySelector(':popover-open')) return;
      if (target.closest?.('input, select, textarea')) return;
      this.#from = { x: touches[0].clientX, y: touches[0].clientY };
    };

    #move = ({ touches }) => {
      if (!this.#from) return;
      const down = touches[0].clientY - this.#from.y, aside = Math.abs(touches[0].clientX - this.#from.x);
      if (touches.length > 1 || scrollY > 0 || (aside > down && !this.#pull)) return this.#stop();
      this.#show(Math.min(Math.max(down / 2, 0), LONGEST));
    };

    #end = async () => {
      if (!this.#from || this.#pull < FAR) return this.#stop();
      this.#from = null;
      this.#show(FAR, 'busy');
      try {
        await htmx.ajax('GET', location.pathname + location.search, { target: '#main', select: '#main', swap: 'outerMorph' });
      } catch { /* connection.js says so */ } finally { this.#stop(); }
    };

    #stop = () => {
      this.#from = null;
      if (this.#pull) this.#show(0);
    };

    #show(pull, state = pull >= FAR ? 'ready' : 'pulled') {
      this.#pull = pull;
      this.hidden = pull < SHOWN;
      this.dataset.state = state;
      this.style.setProperty('--pull', pull);
    }
  });
}
