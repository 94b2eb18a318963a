// What pages are told of what waits, what they may have done with it, and the page that lists it where there is no network.

// Whether there is nothing that is worth being asked for again.
ASKED.send = async () => !['later', 'cut'].includes(await sendWaiting());
// The browser asks again later when this fails.
async function sync() {
  if (!await ASKED.send()) throw new Error('nobody answers');
}

// Not a page of somebody else who has just come in.
ASKED.waiting = async ({ viewer: asking }) => ({
  signIn: Boolean(await fact('sign-in')),
  rows: await Promise.all((asking && !await still(asking) ? [] : await rows()).map(async (row) => ({
    id: row.id, url: row.url, at: row.at, from: row.from, state: row.state, reasons: row.reasons ?? [], fields: await typed(row),
  }))),
});

// Names and texts; of a file what it is called.
async function typed({ type, body }) {
  const form = await new Response(body, { headers: { 'Content-Type': type } }).formData().catch(() => []);
  return [...form].map(([name, value]) => [name, value.name ?? value]);
}
ASKED.discard = async ({ id }) => { await drop(id); everyPage.postMessage({ said: 'waiting' }); };
ASKED.again = async ({ id }) => { await changeRow(id, { state: 'waiting', reasons: [], failed: undefined }); return ASKED.send(); };

COMPOSED[WAITING_PAGE] = async (url, { partial }) => {
  if (partial) return undefined;
  const [html, frame] = [await textFromShell(COUNTER.waiting), await fact('frame')];
  return html && shown(frame ? framed(html, frame) : html);
};
