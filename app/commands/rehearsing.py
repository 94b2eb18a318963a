"""What an import would do, without doing it: for --dry-run."""

import sqlite3
from collections.abc import Sequence

from msgspec.structs import replace

from app import db
from app.ingest import actions
from app.ingest.batch import Outcome
from app.ingest.order_rows import content_hash
from app.ingest.snapshot import Amendment, OrderSnapshot


class Undone(Exception):
    """Ends a transaction that was only tried."""


class Rehearsal:
    """Takes `record_all`'s place: every batch is taken in and rolled back.

    What a later batch says of an order that the run itself would make is judged roughly: news of it counts as taken.
    """

    def __init__(self) -> None:
        # The orders that would have been made, in a private temporary database: memory does not grow with the file.
        self._seen = sqlite3.connect("", isolation_level=None, check_same_thread=False)
        self._seen.execute("CREATE TABLE seen (merchant TEXT, id TEXT, hash TEXT, PRIMARY KEY (merchant, id)) WITHOUT ROWID")

    def close(self) -> None:
        self._seen.close()

    async def record_all(self, given: Sequence[OrderSnapshot | Amendment]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        try:
            async with db.transaction():
                outcomes = await actions.record_all(given)
                raise Undone
        except Undone:
            return [self._again(one, outcome) for one, outcome in zip(given, outcomes, strict=True)]

    def _again(self, one: OrderSnapshot | Amendment, outcome: Outcome) -> Outcome:
        """The outcome, had the batches before it stayed."""
        before = self._hash(one)
        if isinstance(one, Amendment):
            unknown = outcome.result == "refused" and outcome.problems.keys() == {""}
            return Outcome(one.external_id, "updated") if before and unknown else outcome
        if outcome.result not in ("refused", "older") and (before or outcome.result == "new"):
            self._note(one)
        if before and outcome.result == "new":
            return replace(outcome, result="unchanged" if before == content_hash(one) else "updated")
        return outcome

    def _hash(self, one: OrderSnapshot | Amendment) -> str:
        """Of the order's content, when this run would have made it; else an empty text."""
        key = (one.merchant, one.external_id)
        row = self._seen.execute("SELECT hash FROM seen WHERE merchant = ? AND id = ?", key).fetchone()
        return row[0] if row else ""

    def _note(self, one: OrderSnapshot) -> None:
        self._seen.execute("INSERT OR REPLACE INTO seen VALUES (?, ?, ?)", (one.merchant, one.external_id, content_hash(one)))
