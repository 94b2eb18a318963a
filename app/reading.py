"""Rows as structs, the quick way: either engine hands them over as JSON, and msgspec takes it from there."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from app import db
from app.db import Read

T = TypeVar("T", bound=Struct)
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


async def texts(columns: str, rest: str, *args: Any, read: Read = db.rows) -> list[str]:
    """`SELECT columns rest`, each row as the text of a JSON array (no column is of bytes).

    Both engines write it sooner than Python's modules hand over the cells, and it tells whether two rows are the same.
    """
    return [row["text"] for row in await read(f"SELECT {_array(columns)} AS text {rest}", *args)]


def _array(columns: str) -> str:
    return f"json_array({columns})" if db.ON_SQLITE else f"CAST(json_build_array({columns}) AS text)"


@cache
def decoder(kind: type[T]) -> Callable[[str], T]:
    """From one of the `texts`, whose columns are the fields of the struct in their order; it is `array_like`."""
    return msgspec.json.Decoder(kind).decode


class Part(Struct, frozen=True):
    """A read of rows as structs of a kind: `SELECT columns rest`, the columns named like the kind's fields unless given."""

    kind: type[Struct]
    rest: str
    columns: str = ""

    @property
    def names(self) -> str:
        return self.columns or ", ".join(self.kind.__struct_fields__)

    def of(self, expression: str) -> "Part":
        """The same with an expression of SQL in place of its only argument."""
        return Part(self.kind, self.rest.replace("{}", expression), self.columns)


async def together(parts: tuple[Part, ...], *args: Any) -> list[list[Any]]:
    """The rows of each part, every part with the same arguments: one statement, and so one moment, for all of them."""
    found = (await db.rows(_lists(parts), *args * (len(parts) if db.ON_SQLITE else 1)))[0]
    return [_decoder_of_all(part.kind)(f"[{text}]") for part, text in zip(parts, found.values(), strict=True)]


@cache
def _lists(parts: tuple[Part, ...]) -> str:
    """Each a column: its rows' texts with commas between them, in their order."""
    return "SELECT " + ", ".join(f"{_list(part)} AS part_{n}" for n, part in enumerate(parts))


def _list(part: Part) -> str:
    """SQLite keeps the order of what it reads from for all aggregates to which it could matter."""
    read = f"SELECT {_array(part.names)} AS text {part.rest}"
    if db.ON_SQLITE:
        return f"(SELECT coalesce(group_concat(text, ','), '') FROM ({read}))"  # noqa: S608 - no text of anybody's in it
    return f"array_to_string(ARRAY({db.for_engine(read)}), ',')"


@cache
def _decoder_of_all(kind: type[Struct]) -> Callable[[str], list[Any]]:
    return msgspec.json.Decoder(list[kind]).decode  # type: ignore[valid-type]


def cursor(at: datetime, number: int) -> str:
    """Where a next page begins: microseconds and the id, so that equal instants keep their order."""
    return f"{(at - EPOCH) // timedelta(microseconds=1)}-{number}"


def read_cursor(text: str) -> tuple[datetime, int] | None:
    """None for nonsense, and for what the columns could not hold or no zone could show."""
    micros, _dash, number = text.rpartition("-")
    try:
        at, row = EPOCH + timedelta(microseconds=int(micros)), int(number)
    except (ValueError, OverflowError):
        return None
    return (at, row) if 1 < at.year < 9999 and 0 <= row < 2**31 and len(text) < 40 else None
