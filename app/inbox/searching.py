"""Which messages say all the words of a search, or their beginnings: FTS5 on SQLite, `tsvector` under GIN on PostgreSQL.

What is looked through with a message is its thread's subject, order number, titles and merchant, too.
"""

from collections.abc import Sequence
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
BEGINS = '"%s"*' if db.ON_SQLITE else "'%s':*"
AND = " AND " if db.ON_SQLITE else " & "


async def put(message: int, text: str, whose: Sequence[str]) -> None:
    """In the transaction that writes the message; `whose` are those who may find it (see `words`)."""
    terms = [term(one, word) for word in words(text) for one in whose]
    await db.execute(PUT, message, " ".join(terms) if db.ON_SQLITE else terms)


def condition(whose: str, query: str) -> tuple[str, list[Any]]:
    """SQL behind a condition on `threads t`, and its arguments; nothing for no words."""
    looked_for = wanted(query)
    if not looked_for:
        return "", []
    match = AND.join(BEGINS % term(whose, word) for word in looked_for)
    return f" AND t.id IN (SELECT m.thread FROM messages m WHERE m.id IN ({MATCHES}))", [match]  # noqa: S608 - our own words
