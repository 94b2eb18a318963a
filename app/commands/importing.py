"""`python -m app import`: orders out of files, a batch a transaction; run again, it changes nothing."""

import asyncio
import json
import sys
import time
from argparse import Namespace
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import ExitStack, closing
from importlib import import_module

import msgspec

from app.commands import database, tally
from app.commands.import_bar import ImportBar
from app.commands.import_options import merchant_name, reading_of
from app.commands.rehearsing import Rehearsal
from app.commands.stop import Stop
from app.commands.tally import Report, Tally
from app.ingest.actions import record_all
from app.ingest.batch import Outcome
from app.ingest.reading import Reading
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected
from app.merchants import actions as merchants

MOST_ORDERS, MOST_LINES = 200, 5_000  # in one transaction, whichever comes first

Item = OrderSnapshot | Amendment | Rejected
News = list[OrderSnapshot | Amendment]
Land = Callable[[News], Awaitable[Sequence[Outcome]]]


class Import:
    """One run: what was asked for, what is read, what has come of it."""

    def __init__(self, options: Namespace, reading: Reading, report: Report) -> None:
        self.options, self.reading, self.report = options, reading, report
        self.tally = Tally()
        self.made_merchant = False
        self.begun = time.perf_counter()

    async def take_in(self, items: Iterator[Item]) -> None:
        async with database.opened():
            await self._need_merchant()
            with closing(Rehearsal()) as rehearsal:
                await self._land(items, rehearsal.record_all if self.options.dry_run else self._record)

    async def _land(self, items: Iterator[Item], land: Land) -> None:
        for batch in self._batches(items):
            for one, outcome in zip(batch, await land(batch), strict=True):
                self.tally.count(one, outcome)
                if outcome.result in ("refused", "older"):
                    self.report.refused(outcome)

    async def _record(self, batch: News) -> Sequence[Outcome]:
        """With what the file says beside the orders. Orders that were there keep their places, merchants their names."""
        for slug in sorted({one.merchant for one in batch} & self.reading.merchants.keys()):
            await merchants.ensure(slug, **msgspec.structs.asdict(self.reading.merchants.pop(slug)))
        archived = {(one.merchant, one.external_id) for one in batch} & self.reading.archived
        self.reading.archived -= archived
        return await record_all(batch, archived=archived)

    async def _need_merchant(self) -> None:
        slug = self.reading.merchant
        self.made_merchant = bool(slug) and await merchants.by_slug(slug) is None
        if self.made_merchant and not self.options.dry_run:
            await merchants.ensure(slug, merchant_name(self.options, slug), time_zone=self.reading.zone)

    def _batches(self, items: Iterator[Item]) -> Iterator[News]:
        batch: News = []
        lines = 0
        for item in items:
            if isinstance(item, Rejected):
                self.tally.refused += 1
                self.report.rejected(item)
                continue
            batch.append(item)
            lines += len(item.lines) if isinstance(item, OrderSnapshot) else 1
            if len(batch) >= MOST_ORDERS or lines >= MOST_LINES:
                yield batch
                batch, lines = [], 0
        if batch:
            yield batch

    def tell(self) -> None:
        """The result on standard output, what was refused on standard error."""
        seconds = round(time.perf_counter() - self.begun, 3)
        if self.options.json:
            print(json.dumps({"rows": self.reading.rows, **msgspec.structs.asdict(self.tally), "seconds": seconds}))
        else:
            print("\n".join(self._words(seconds)))
        if self.tally.refused:
            where = f"each is in {self.options.report}" if self.options.report else "--report FILE keeps each"
            print(f"Refused ({where}):", *self.report.summary(), sep="\n", file=sys.stderr)

    def _words(self, seconds: float) -> Iterator[str]:
        tally, dry = self.tally, self.options.dry_run
        if self.made_merchant:
            slug, made = self.reading.merchant, "would be made" if dry else "was made"
            yield f"There was no merchant “{slug}”: it {made}, called “{merchant_name(self.options, slug)}”."
        yield f"{self.reading.rows:,} rows read: {tally.orders:,} orders with {tally.lines:,} lines, in {seconds:.1f} s."
        counts = (f"{getattr(tally, name):,} {name}" for name in ("new", "updated", "unchanged", "refused"))
        yield ", ".join(counts) + (". Nothing was written (--dry-run)." if dry else ".")


def run(options: Namespace) -> int:
    reading = reading_of(options)
    try:
        items = import_module(f"app.ingest.{options.source}").read(options.files, reading)
    except ValueError as error:  # a mapping that cannot be used
        raise Stop(str(error)) from error
    with ExitStack() as stack:
        try:
            report = Report(stack.enter_context(tally.opened(options.report)) if options.report else None)
            going = Import(options, reading, report)
            with ImportBar(reading, going.tally):
                asyncio.run(going.take_in(items))
        except OSError as error:
            raise Stop(f"{error}; what has landed stays") from error
    going.tell()
    return 1 if going.tally.refused else 0
