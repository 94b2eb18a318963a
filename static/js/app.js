// The rules that every htmx request of this app obeys, in one extension: no eval, no inline code.
{
  const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content ?? '';
  const root = document.documentElement;
  // Each desk has bars of its own, and a boosted page changes only #main.
  const desk = (address) => new URL(address, location.href).pathname.match(/^\/desk(\/[^/]+)?/)?.[0] ?? '';

  htmx.registerExtension('app', {
    init(api) {
      // Trusted Types without nonces: a policy that only htmx holds, for HTML that our own server sent.
      if (!window.trustedTypes) return;
      api.initSecurity(trustedTypes.createPolicy('htmx', { createHTML: (text) => text, createScript: (text) => text }));
    },

    htmx_config_request(element, { ctx }) {
      if (ctx.request.method !== 'GET') return;
      // An empty search field is no filter: the address stays clean.
      for (const [name, value] of [...ctx.request.body]) if (value === '') ctx.request.body.delete(name);
    },

    htmx_before_request(element, { ctx }) {
      // Of a page that is asked for one piece, the rest (the toasts' region) is not wanted anew; htmx says “full” to be able to
      // select it.
      if (element.matches('[data-quiet]')) ctx.request.headers['HX-Request-Type'] = 'partial';
      // Boosted pages never load new CSS and JavaScript: after a deployment the next link is a real navigation, as is one to
      // a desk or away from it.
      const { action, method } = ctx.request;
      if (method !== 'GET' || !element._htmx?.boosted || !element.matches('a')) return;
      if (!root.dataset.stale && desk(action) === desk(location.href)) return;
      location.assign(action);
      return false;
    },

    htmx_after_request(element, { ctx }) {
      // Asked for while another page was coming in, which has replaced the place that it was for.
      if (ctx.target?.id === 'main' && !ctx.target.isConnected) ctx.target = document.getElementById('main');
      // What comes from this device is there at once: on a slow one a fade would take longer than all the rest.
      if (ctx.response.headers.get('X-From') === 'device') ctx.swap = ctx.swap.replace('transition:true', '');
      const build = ctx.response.headers.get('X-Build');
      if (build && build !== meta('build')) root.dataset.stale = build;
    },
  });
}
