"""Rows as structs, the quick way: either engine hands them over as JSON, and msgspec takes it from there."""

from collections.abc import Callable
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from app import db
from app.db import Read

T = TypeVar("T", bound=Struct)


async def texts(columns: str, rest: str, *args: Any, read: Read = db.rows) -> list[str]:
    """`SELECT columns rest`, each row as the text of a JSON array (no column is of bytes).

    Both engines write it sooner than Python's modules hand over the cells, and it tells whether two rows are the same.
    """
    array = f"json_array({columns})" if db.ON_SQLITE else f"CAST(json_build_array({columns}) AS text)"
    return [row["text"] for row in await read(f"SELECT {array} AS text {rest}", *args)]


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
    """The rows of each part, every part with the same arguments; PostgreSQL is asked once for all of them."""
    if db.ON_SQLITE:
        found = [await texts(part.names, part.rest, *args) for part in parts]
    else:
        found = list((await db.rows(_arrays(parts), *args))[0].values())
    return [[decode(text) for text in part] for decode, part in zip(map(_decoder_of, parts), found, strict=True)]


@cache
def _arrays(parts: tuple[Part, ...]) -> str:
    made = (f"SELECT CAST(json_build_array({part.names}) AS text) {db.for_engine(part.rest)}" for part in parts)
    return "SELECT " + ", ".join(f"ARRAY({read})" for read in made)


def _decoder_of(part: Part) -> Callable[[str], Any]:
    return decoder(part.kind)
