// `datesIn()`: the language in which this page writes dates and hours. Plain English has hours to 24, as the server writes them
// (app/i18n.py).
globalThis.datesIn = () => (document.documentElement.lang === 'en' ? 'en-GB' : document.documentElement.lang);
