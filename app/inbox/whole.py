"""All that was said in a conversation, from its beginning on, a batch in memory at a time."""

from collections.abc import AsyncIterator

from app import db, reading
from app.inbox import messages
from app.inbox.kept import KeptThread
from app.inbox.messages import KeptFile, KeptMessage, Page

BATCH = 200
MOST, MOST_SIGNS = 3_000, 1_500_000  # messages of one paper, and letters of them all: some three hundred pages
OF_THREAD = "FROM messages m WHERE m.thread = {} AND m.id > {}"
CODES = "SELECT id, code FROM threads WHERE customer = {} AND id > {} ORDER BY id LIMIT {}"


async def batches(it: KeptThread, *, notes: bool) -> AsyncIterator[Page]:
    after = 0
    sql = f"{OF_THREAD}{'' if notes else f' AND m.{messages.BOTH_SEE}'} ORDER BY m.id LIMIT {{}}"
    while True:
        texts = await reading.texts(messages.COLUMNS, sql, it.id, after, BATCH)
        said = [reading.decoder(KeptMessage)(text) for text in texts]
        if said:
            yield Page(said, await messages.files_of([one.id for one in said if not one.event]), earlier=after > 0)
        if len(said) < BATCH:
            return
        after = said[-1].id


async def all_of_it(it: KeptThread, *, notes: bool) -> Page:
    """Its first messages, as many as go on paper: no more are read. `earlier` says here that there are more."""
    said, room = list[KeptMessage](), MOST_SIGNS
    files: dict[int, list[KeptFile]] = {}
    async for batch in batches(it, notes=notes):
        files |= batch.files
        for one in batch.messages:
            room -= len(one.text)
            if room < 0 or len(said) == MOST:
                return Page(said, files, earlier=True)
            said.append(one)
    return Page(said, files, earlier=False)


async def codes(customer: int) -> AsyncIterator[str]:
    """Of all their conversations, the oldest first."""
    after = 0
    while found := await db.rows(CODES, customer, after, BATCH):
        for row in found:
            yield row["code"]
        after = found[-1]["id"]
