// What somebody has begun to write, by where, until it is posted: as everything of theirs it is on their device alone, and goes when
// they go. `sent`: the form was sent; whether it has arrived the next page sees.
const MOST_DRAFTS = 30;
let drafting = Promise.resolve();

ASKED.draft = ({ viewer: asking, of, text, subject = '', sent = false }) => {
  drafting = drafting.catch(() => {}).then(async () => {
    const { [of]: before, ...others } = await fact('drafts') ?? {};
    const kept = Object.entries(others).sort(([, one], [, other]) => other.at - one.at).slice(0, MOST_DRAFTS - 1);
    if (text || subject) kept.push([of, { text, subject, sent, at: Date.now() }]);
    await noteFor(asking, 'drafts', kept.length ? Object.fromEntries(kept) : undefined);
  });
  return drafting;
};

// What is being kept just now is there: a page that is left keeps its draft while the next one asks.
ASKED.drafts = async ({ viewer: asking }) => {
  await drafting.catch(() => {});
  return (await still(asking) && await fact('drafts')) || {};
};
