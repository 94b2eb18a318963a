"""Carriers' words that no table of ours knows: kept verbatim with the scan, and counted here for the operator."""

from collections.abc import Iterable, Sequence

from app import clock, db

LONGEST = 200
MOST = 500  # different ones of a source: whoever has a key could make up any number
COUNT = (
    "INSERT INTO carrier_words (source, word, times, last_seen_at) VALUES ({}, {}, 1, {}) "
    "ON CONFLICT (source, word) DO UPDATE SET times = carrier_words.times + 1, last_seen_at = excluded.last_seen_at"
)


async def count_unknown(source: str, word: str) -> None:
    """Once more. Raises nothing, whatever the word."""
    source, word = source.replace("\0", "")[:20], word.replace("\0", "").strip()[:LONGEST]
    if word and await _has_room(source, word):
        await db.execute(COUNT, source, word, clock.now())


async def _has_room(source: str, word: str) -> bool:
    known = await db.rows("SELECT word FROM carrier_words WHERE source = {} AND word = {}", source, word)
    if known:
        return True
    (row,) = await db.rows("SELECT count(*) AS found FROM carrier_words WHERE source = {}", source)
    return bool(row["found"] < MOST)


async def count_all(source: str, words: Iterable[str]) -> None:
    """In one order, so that two who count the same words never wait for each other."""
    for word in sorted(words):
        await count_unknown(source, word)


async def unknown(most: int = 50) -> Sequence[db.Row]:
    """`source`, `word`, `times`, `last_seen_at`: the most frequent first."""
    return await db.rows(
        "SELECT source, word, times, last_seen_at FROM carrier_words ORDER BY times DESC, source, word LIMIT {}", most
    )
