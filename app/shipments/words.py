"""Statuses that we have no word for: counted, so that whoever runs the shop sees what a carrier has begun to say."""

from collections import Counter
from collections.abc import Iterable, Sequence

from app import clock, db
from app.shipments.snapshot import ScanSnapshot

LONGEST = 200
COUNT = """
INSERT INTO carrier_words (source, word, times, seen_at) VALUES ({}, {}, {}, {})
ON CONFLICT (source, word) DO UPDATE SET times = carrier_words.times + excluded.times, seen_at = excluded.seen_at
"""


async def count_unknown(source: str, scans: Iterable[ScanSnapshot]) -> None:
    """Of scans that are new. In one order: of two that count at once, none waits for the other for ever."""
    words = Counter((scan.code or scan.words)[:LONGEST] for scan in scans if scan.status == "unknown")
    for word, times in sorted(words.items()):
        if word:
            await db.execute(COUNT, source[:20], word, times, clock.now())


async def unknown() -> Sequence[db.Row]:
    """The most frequent first."""
    return await db.rows("SELECT source, word, times, seen_at FROM carrier_words ORDER BY times DESC, source, word LIMIT 100")
