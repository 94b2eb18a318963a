"""Which messages say all the words of a search, or their beginnings: FTS5 on SQLite, `tsvector` under GIN on PostgreSQL.

What is looked through with a message is its thread's subject, order number, titles and merchant, too.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from typing import Any

from app import db
from app.inbox import texts
from app.inbox.words import LONGEST, term, wanted, words

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
BEFORE = 40  # signs
MOST_BYTES = 600_000  # of a message's terms: a `tsvector` has room for a megabyte, with a little for each of them
BEGINS = '"%s"*' if db.ON_SQLITE else "'%s':*"
AND = " AND " if db.ON_SQLITE else " & "
PLAIN_RUN = re.compile(r"[^\W_]+(?:[\u0300-\u036f]+[^\W_]*)*")  # letters with their accents, should those stand apart


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


def condition(whose: str, query: str) -> tuple[str, list[Any]]:
    """SQL behind a condition on `threads t`, and its arguments; nothing for no words."""
    match = _match(whose, query)
    return (f" AND t.id IN (SELECT m.thread FROM messages m WHERE m.id IN ({MATCHES}))", [match]) if match else ("", [])  # noqa: S608


def of_messages(whose: str, query: str) -> tuple[str, list[Any]]:
    """The same on `messages m`."""
    match = _match(whose, query)
    return (f" AND m.id IN ({MATCHES})", [match]) if match else ("", [])


def marked(text: str, query: str) -> list[tuple[str, bool]]:
    """A text in pieces: whether each is a word that the search looked for."""
    looked_for, pieces, end = tuple(wanted(query)), [], 0
    for run in PLAIN_RUN.finditer(text) if looked_for else ():
        if _says(run[0], looked_for):
            pieces += [(text[end : run.start()], False), (run[0], True)]
            end = run.end()
    return [(piece, hit) for piece, hit in (*pieces, (text[end:], False)) if piece]


def _says(run: str, looked_for: tuple[str, ...]) -> bool:
    return any(word.startswith(looked_for) for word in (_words_of(run) if len(run) <= LONGEST else words(run)))


@lru_cache(16_384)
def _words_of(run: str) -> list[str]:
    """People say the same words over and over."""
    return words(run)


def around(text: str, query: str) -> str:
    """The line in which it says what was looked for, from a little before that."""
    looked_for = tuple(wanted(query))
    found = next((run for run in PLAIN_RUN.finditer(text) if _says(run[0], looked_for)), None)
    if found is None or found.start() <= BEFORE:
        return texts.gist(text)
    begin = text.find(" ", found.start() - BEFORE)
    return f"… {texts.gist(text[begin : begin + texts.LONGEST_GIST])}"


async def hits(threads: Sequence[int], whose: str, query: str) -> dict[int, str]:
    """The newest message of each that says it, by thread."""
    match = _match(whose, query)
    if not threads or not match:
        return {}
    found = await db.scan(HITS.replace("MARKS", db.marks(len(threads))), *threads, match)
    return {row["thread"]: row["text"] for row in found}


def _match(whose: str, query: str) -> str:
    """Empty for no words."""
    return AND.join(BEGINS % term(whose, word) for word in wanted(query))
