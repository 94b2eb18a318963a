"""Orders and refunds out of Amazon's files for its customers: the old reports, the privacy export, its zip."""

from collections.abc import Iterator
from functools import partial
from itertools import chain
from pathlib import Path

from app.ingest.amazon.files import Table, tables
from app.ingest.amazon.layouts import LAYOUTS, Build
from app.ingest.amounts import known
from app.ingest.grouping import attempted, grouped, nameless
from app.ingest.reading import Reading
from app.ingest.rows import Row
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected

ORDER = ("Order ID", "OrderId", "OrderID")


def read(paths: list[Path], reading: Reading) -> Iterator[OrderSnapshot | Amendment | Rejected]:
    """Orders first, in the order of their first appearance, then what amends them.

    `reading.merchant` is required; `reading.customer` wherever the files name no e-mail (only the old report does).
    """
    found: list[Table] = []
    for table in tables(paths, reading):
        if isinstance(table, Rejected):
            yield table
        else:
            found.append(table)
    for build in dict.fromkeys(layout.build for layout in LAYOUTS):
        yield from _built(build, [table for table in found if table.layout.build is build], reading)


def _built(build: Build, chosen: list[Table], reading: Reading) -> Iterator[OrderSnapshot | Amendment | Rejected]:
    if not chosen:
        return
    rows = chain.from_iterable(table.rows(reading) for table in chosen)
    for number, group in grouped(rows, order_number):
        yield from attempted(number, group, partial(build, reading=reading))


def order_number(row: Row) -> str:
    return next((text for name in ORDER if (text := known(row.values.get(name, "")))), "") or nameless(row)
