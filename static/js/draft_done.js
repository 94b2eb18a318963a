// `draftDone(rows, here)` → whether a draft (`of` where it was begun) was posted: this page's own stands on it, or waits (`rows`, of the
// worker); another's waits, or was sent a moment ago: the same words may well be somebody else's.
globalThis.draftDone = (rows, here) => {
  const words = (bubble) => [...bubble.querySelectorAll('.words')].map((it) => it.textContent).join('');
  const said = [...document.querySelectorAll('.bubble.mine')].map(words);
  const waiting = ({ fields }) => fields.filter(([name]) => name === 'text').map(([, text]) => text);
  const bare = (one) => one.replace(/\s+/g, '');
  const good = document.querySelector('#toasts .toast.good'), since = Date.now() - 60_000;
  return (of, { text, sent, at }) => {
    const posted = [...rows.filter(({ url }) => of === here || url === of).flatMap(waiting), ...(of === here ? said : [])];
    return posted.some((one) => bare(one) === bare(text)) || (sent && good && at > since);
  };
};
