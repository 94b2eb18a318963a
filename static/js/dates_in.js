// `datesIn()`: the language in which this page writes dates and hours. Plain English has hours to 24, as the server writes them
// (app/i18n.py).
globalThis.datesIn = () => (document.documentElement.lang === 'en' ? 'en-GB' : document.documentElement.lang);

// An hour as it is in somebody's zone; by the device's own in a browser that is older than the name of that one.
globalThis.timeIn = (timeZone, at) => {
  const said = (options) => at.toLocaleTimeString(datesIn(), { timeStyle: 'short', ...options });
  try { return said(timeZone && { timeZone }); } catch { return said(); }
};
