"""Rows of one order brought together, wherever they stand in the files; memory does not grow with the file."""

import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from itertools import groupby, islice
from operator import itemgetter

import msgspec

from app.ingest.rows import Row, RowError
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected

Build = Callable[[str, list[Row]], OrderSnapshot | Amendment | None]
RUN = 256  # rows kept in one piece: most files have an order's rows side by side
NAMELESS = "\x1f"  # begins the key of a row that names no order: such a row stays alone

SPOOL = """
pragma journal_mode = off; pragma synchronous = off; pragma cache_size = -8000;
create table run (key text, rows blob);
begin;
"""
SORT = """
create index by_key on run (key);
create table first as select key, min(rowid) as at from run group by key order by at;
"""
IN_ORDER = """
select first.key, run.rows from first cross join run on run.key = first.key order by first.rowid, run.rowid
"""


def grouped(rows: Iterable[Row], key: Callable[[Row], str]) -> Iterator[tuple[str, list[Row]]]:
    """Each key with its rows as they came, keys in the order of their first appearance.

    The rows go through a private temporary database that SQLite deletes itself, also after kill -9.
    """
    with closing(sqlite3.connect("", isolation_level=None, check_same_thread=False)) as spool:
        spool.executescript(SPOOL)
        spool.executemany("insert into run values (?, ?)", _runs(rows, key))
        spool.executescript(SORT)
        decode = msgspec.msgpack.Decoder(list[Row]).decode
        for name, runs in groupby(spool.execute(IN_ORDER), itemgetter(0)):
            yield name, [row for _, packed in runs for row in decode(packed)]


def _runs(rows: Iterable[Row], key: Callable[[Row], str]) -> Iterator[tuple[str, bytes]]:
    encode = msgspec.msgpack.Encoder().encode
    for name, run in groupby(rows, key):
        while part := list(islice(run, RUN)):
            yield name, encode(part)


def nameless(row: Row) -> str:
    """The key for a row whose order is not known."""
    return f"{NAMELESS}{row.file}\x1f{row.line}"


def attempted(key: str, rows: list[Row], build: Build) -> Iterator[OrderSnapshot | Amendment | Rejected]:
    """What `build` makes of an order's rows (None: nothing), or a Rejected for each when one cannot be taken in."""
    faulty = next((row for row in rows if row.fault), None)
    try:
        if faulty is not None:
            raise RowError(faulty, faulty.fault)
        if key.startswith(NAMELESS):
            raise RowError(rows[0], "no order number")
        if (built := build(key, rows)) is not None:
            yield built
    except RowError as error:
        yield from _refused(rows, error, "" if key.startswith(NAMELESS) else key)


def _refused(rows: list[Row], error: RowError, external_id: str) -> Iterator[Rejected]:
    """Every row is told with its line: the faulty ones why, the others that they went with them."""
    faulty = {id(row) for row in (error.row, *error.rows)}
    for row in rows:
        where = f"line {error.row.line}" + (f" of {error.row.file}" if row.file != error.row.file else "")
        reason = error.reason if id(row) in faulty else f"refused with its order, see {where}: {error.reason}"
        yield Rejected(reason=reason, line=row.line, file=row.file, external_id=external_id)


def once(rows: list[Row], same: Callable[[Row], object]) -> list[Row]:
    """An order found in several files, such as two exports of one account: what both tell counts once.

    Of rows that are the `same`, as many stay as the file with most of them has, taken from the last such file.
    """
    if len({row.file for row in rows}) < 2:
        return rows
    counts = Counter((same(row), row.file) for row in rows)
    chosen: dict[object, str] = {}
    for row in rows:
        fact = same(row)
        if fact not in chosen or counts[fact, row.file] >= counts[fact, chosen[fact]]:
            chosen[fact] = row.file
    return [row for row in rows if chosen[same(row)] == row.file]


def unique(name: str, taken: dict[str, int]) -> str:
    """`name`, or `name#2`, `name#3` … where the order has it already; `taken` remembers between the calls."""
    taken[name] = taken.get(name, 0) + 1
    while taken[name] > 1:
        numbered = f"{name}#{taken[name]}"
        if numbered not in taken:
            taken[numbered] = 1
            return numbered
        taken[name] += 1
    return name
