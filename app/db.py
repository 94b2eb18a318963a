"""The engine, chosen by DATABASE_URL, and the few ways to speak SQL to it beside Piccolo's queries.

SQL here writes `{}` for each argument; it becomes `?` or `$1` for the engine in use.
"""

import asyncio
import itertools
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import lru_cache
from hashlib import blake2b
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from app import postgres, sqlite
from app.postgres import PooledPostgresEngine
from app.settings import settings
from app.sqlite import PooledSQLiteEngine

Row = Mapping[str, Any]
Read = Callable[..., Awaitable[Sequence[Row]]]


def engine_from_url(url: str) -> PooledPostgresEngine | PooledSQLiteEngine:
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        path = Path(unquote(parts.path[1:]))
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return PooledSQLiteEngine(str(path))
    return PooledPostgresEngine(config={"dsn": url}, extensions=())


ENGINE = engine_from_url(settings.database_url)
ON_SQLITE = isinstance(ENGINE, PooledSQLiteEngine)
FOR_UPDATE = "" if ON_SQLITE else " FOR UPDATE"  # SQLite has one writer; it knows no row locks
IF_FREE = FOR_UPDATE and f"{FOR_UPDATE} SKIP LOCKED"
MOST_ARGUMENTS = 30_000  # PostgreSQL's limit is 32,767 for one statement, SQLite's 32,766
MOST_ID = 2**31 - 1  # of a serial column; a greater one cannot even be asked for
FEW_ARGUMENTS = 400  # of a statement that SQLite runs sooner than a thread takes it over


def transaction() -> Any:
    """`async with transaction():` A verb called inside another's transaction joins it; a raise rolls all of it back."""
    return ENGINE.transaction()


@asynccontextmanager
async def undone_alone() -> AsyncIterator[None]:
    """A part of a transaction: an error in it undoes it and nothing else, and is the caller's to take."""
    await execute("SAVEPOINT part")
    try:
        yield
    except Exception:
        await execute("ROLLBACK TO SAVEPOINT part")
        raise
    finally:
        await execute("RELEASE SAVEPOINT part")  # else one around it, of the same name, would go back to this one


@lru_cache(1024)
def for_engine(sql: str) -> str:
    """With the engine's own marks in place of `{}`."""
    if ON_SQLITE:
        return sql.replace("{}", "?")
    parts = sql.split("{}")
    return "".join(f"{part}${n}" for n, part in enumerate(parts[:-1], 1)) + parts[-1]


async def rows(sql: str, *args: Any) -> Sequence[Row]:
    """A bounded, indexed read. On SQLite it runs on the event loop itself: 0.1 ms costs less than a thread's hand-over."""
    text = for_engine(sql)
    if (current := ENGINE.current_transaction.get()) is not None:
        return current.connection.at_once(text, args) if ON_SQLITE else await _in(current, text, args)
    if isinstance(ENGINE, PooledSQLiteEngine):
        return ENGINE.fetch(text, args)
    return await _outside(text, args)


async def scan(sql: str, *args: Any) -> Sequence[Row]:
    """A read that may touch thousands of rows: off the event loop."""
    text = for_engine(sql)
    if (current := ENGINE.current_transaction.get()) is not None:
        return await _in(current, text, args)
    return await _outside(text, args)


async def one(sql: str, *args: Any) -> Row | None:
    found = await rows(sql, *args)
    return found[0] if found else None


async def execute(sql: str, *args: Any) -> Sequence[Row]:
    """A change of a few rows by their keys; what `RETURNING` names comes back."""
    current = ENGINE.current_transaction.get()
    if ON_SQLITE and current is not None and len(args) <= FEW_ARGUMENTS:
        return current.connection.at_once(for_engine(sql), args)
    return await scan(sql, *args)


def passing(error: Exception) -> bool:
    """Whether it says how the database is just now, and nothing of what was asked: asked again, that may well be answered."""
    return postgres.passing(error) or sqlite.passing(error)


async def take_turn(name: str) -> None:
    """Whoever names the same waits until this transaction ends. SQLite has one writer anyway."""
    if not ON_SQLITE:
        key = int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)
        await execute("SELECT pg_advisory_xact_lock({})", key)


async def insert(table: str, records: Sequence[Mapping[str, Any]], *returning: str) -> list[Row]:
    """Many rows at once; all records have the same keys. Answers the `returning` columns in no promised order:
    name a column that tells the rows apart."""
    answered: list[Row] = []
    if not records:
        return answered
    columns = tuple(records[0])
    start = 0
    for count in _counts(len(records), MOST_ARGUMENTS // len(columns)):
        part = records[start : start + count]
        answered += await execute(_insert_sql(table, columns, count, returning), *_values(columns, part))
        start += count
    return answered


def _counts(records: int, most: int) -> Iterator[int]:
    """In portions of few different sizes: a statement for every number of rows would be compiled anew each time, and kept."""
    for count in (min(100, most), min(20, most)):
        while records >= count:
            yield count
            records -= count
    if records:
        yield records


@lru_cache(256)
def _insert_sql(table: str, columns: tuple[str, ...], count: int, returning: tuple[str, ...]) -> str:
    group = f"({marks(len(columns))})"
    # The names are ours; every value is an argument.
    sql = f'INSERT INTO "{table}" ({_names(columns)}) VALUES ' + ", ".join(itertools.repeat(group, count))  # noqa: S608
    return f"{sql} RETURNING {_names(returning)}" if returning else sql


def _names(columns: tuple[str, ...]) -> str:
    return ", ".join(f'"{column}"' for column in columns)


def _values(columns: tuple[str, ...], records: Iterable[Mapping[str, Any]]) -> list[Any]:
    return [record[column] for record in records for column in columns]


def marks(count: int) -> str:
    """`{}, {}, {}` for an IN list."""
    return ", ".join(itertools.repeat("{}", count))


async def _in(current: Any, text: str, args: Sequence[Any]) -> Sequence[Row]:
    if ON_SQLITE:
        return await current.connection.execute(text, args)
    return await current.connection.fetch(text, *args)


async def _outside(text: str, args: Sequence[Any]) -> Sequence[Row]:
    if isinstance(ENGINE, PooledSQLiteEngine):
        return await ENGINE._run_in_new_connection(text, args)
    return await (ENGINE._run_in_pool if ENGINE.pool else ENGINE._run_in_new_connection)(text, args)


async def open_pool() -> None:
    if isinstance(ENGINE, PooledPostgresEngine) and ENGINE.pool is None:
        await ENGINE.start_connection_pool(min_size=2, max_size=10, reset=_as_it_is)


async def _as_it_is(_connection: Any) -> None:
    """Nothing here changes a session's settings or holds a session's lock, and asyncpg itself rolls back what is open: its
    usual reset would be a second round trip for every query."""


async def close_pool() -> None:
    if isinstance(ENGINE, PooledSQLiteEngine) or ENGINE.pool is not None:
        await asyncio.shield(ENGINE.close_connection_pool())
