"""Which threads say all the words of a search, or their beginnings: FTS5 on SQLite, `tsvector` under GIN on PostgreSQL.

What is looked through with a message is its thread's subject, order number, titles and merchant, too. The words may stand in
different messages of one thread; the code of a thread or of its return, as mails say it, finds that.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from app import db
from app.inbox.words import term, wanted, words

PUT = (
    "INSERT INTO message_words (rowid, words) VALUES ({}, {})" if db.ON_SQLITE
    else "INSERT INTO message_words (message, words) VALUES ({}, array_to_tsvector({}))"
)  # fmt: skip
MATCHES = (
    "SELECT rowid FROM message_words WHERE message_words MATCH {}" if db.ON_SQLITE
    else "SELECT message FROM message_words WHERE words @@ CAST({} AS tsquery)"
)  # fmt: skip
# The plus keeps SQLite from looking for each of thousands of matches in each of the threads.
HITS = f"""
SELECT m.thread, m.text FROM messages m WHERE m.id IN (
  SELECT max(m.id) FROM messages m WHERE m.thread IN (MARKS) AND +m.id IN ({MATCHES}) GROUP BY m.thread)
"""  # noqa: S608 - our own words
DROP = "DELETE FROM message_words WHERE rowid = {}" if db.ON_SQLITE else "DELETE FROM message_words WHERE message = {}"
CHANGES = "SELECT total_changes() AS n"  # of this connection
PAGES = 32  # written in some milliseconds
MOST_BYTES = 600_000  # of a message's terms: a `tsvector` has room for a megabyte, with a little for each of them
BEGINS = '"%s"*' if db.ON_SQLITE else "'%s':*"
AND, OR = (" AND ", " OR ") if db.ON_SQLITE else (" & ", " | ")
SAYS = f" AND t.id IN (SELECT m.thread FROM messages m WHERE m.id IN ({MATCHES}))"  # noqa: S608 - our own words
CODE = re.compile(r"[RT]-[0-9A-Z]{6,18}", re.IGNORECASE)
CODED = {
    "T": " AND (t.code = {} OR t.id IN (SELECT mt.thread FROM merged_threads mt WHERE mt.code = {}))",
    "R": " AND t.of_return IN (SELECT r.id FROM returns r WHERE r.code IN ({}, {}))",
}


async def put(message: int, text: str, whose: Sequence[str]) -> None:
    """In the transaction that writes the message; `whose` are those who may find it (see `words`)."""
    terms = list(_first([term(one, word) for word in words(text) for one in whose]))
    await db.execute(PUT, message, " ".join(terms) if db.ON_SQLITE else terms)


async def drop(message: int) -> None:
    """It is found by nothing any more."""
    await db.execute(DROP, message)


async def put_together() -> None:
    """Once messages are gone: FTS5 only notes that its terms are, and keeps them until it writes its parts anew, which this
    makes it do, a few pages in a transaction (sqlite.org/fts5.html, “merge”). PostgreSQL's vacuum does by itself."""
    pages = -PAGES  # all parts of it together; then on with what has begun
    while db.ON_SQLITE and (await _merged(pages) or pages < 0):
        pages = PAGES


async def _merged(pages: int) -> bool:
    """Whether there was something to be done."""
    async with db.transaction():
        (before,) = await db.rows(CHANGES)
        await db.execute("INSERT INTO message_words (message_words, rank) VALUES ('merge', {})", pages)
        (after,) = await db.rows(CHANGES)
    return bool(after["n"] - before["n"] > 1)


def _first(terms: Iterable[str]) -> Iterator[str]:
    """As many as one message may have: of the longest texts that there are in some writings, the end is not found."""
    size = 0
    for one in terms:
        size += len(one)
        if size > MOST_BYTES:
            return
        yield one


def code_of(query: str) -> str:
    """Of a thread or a return, where that alone is looked for."""
    return query.upper() if CODE.fullmatch(query) else ""


def condition(whose: str, query: str) -> tuple[str, list[Any]]:
    """SQL behind a condition on `threads t`, and its arguments; nothing for no words."""
    if code := code_of(query):
        return CODED[code[0]], [code, code]
    looked_for = wanted(query)
    return SAYS * len(looked_for), [BEGINS % term(whose, word) for word in looked_for]


def of_messages(whose: str, query: str, *, some: bool = False) -> tuple[str, list[Any]]:
    """A condition on `messages m`, of those that say all of it; `some`: or a word of it."""
    match = _match(whose, query, OR if some else AND)
    return (f" AND m.id IN ({MATCHES})", [match]) if match else ("", [])


async def hits(threads: Sequence[int], whose: str, query: str) -> dict[int, str]:
    """The newest message of each that says it, or else a word of it, by thread."""
    found: dict[int, str] = {}
    for how in (AND, OR):
        left, match = [one for one in threads if one not in found], _match(whose, query, how)
        if left and match and not code_of(query):
            rows = await db.scan(HITS.replace("MARKS", db.marks(len(left))), *left, match)
            found |= {row["thread"]: row["text"] for row in rows}
    return found


def _match(whose: str, query: str, how: str) -> str:
    """Empty for no words."""
    return how.join(BEGINS % term(whose, word) for word in wanted(query))
