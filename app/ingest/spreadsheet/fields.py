"""The fields of a mapping, and how they are read out of a row; mapping.py tells the forms they may have."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime

from app.ingest.amounts import known, moment, money, parsed, quantity
from app.ingest.rows import Row, RowError

Field = str | list[str]
Take = Callable[[dict[str, str]], str]
BRACED = re.compile(r"\{([^{}]+)\}")


class Section:
    """The fields of one part of a mapping, made ready for rows. What is not mapped or blank is "" or None."""

    def __init__(self, fields: Iterable[tuple[str, Field]], float_text: list[str], point: str) -> None:
        mapped = {name: field for name, field in fields if field}
        self._takes = {name: taker(field, float_text) for name, field in mapped.items()}
        self._columns = {name: columns_of(field)[0] for name, field in mapped.items()}
        self._point = point

    def text(self, row: Row, name: str) -> str:
        take = self._takes.get(name)
        return take(row.values) if take else ""

    def first(self, rows: list[Row], name: str) -> str:
        """Of what the rows of an order say, the first."""
        take = self._takes.get(name)
        return next((text for row in rows if (text := take(row.values))), "") if take else ""

    def one(self, rows: list[Row], name: str) -> str:
        """What all rows of an order must say alike, if anything."""
        said = self.first(rows, name)
        for row in rows if said else ():
            if (text := self.text(row, name)) and text != said:
                raise RowError(row, f"{self._columns[name]}: “{said}” and “{text}” in one order")
        return said

    def money(self, row: Row, name: str, currency: str) -> int | None:
        text = self.text(row, name)
        return parsed(row, self._columns[name], money, text, currency, self._point) if text else None

    def quantity(self, row: Row, name: str) -> int | None:
        text = self.text(row, name)
        return parsed(row, self._columns[name], quantity, text, self._point) if text else None

    def moment(self, row: Row, name: str, zone: str, form: str) -> datetime | None:
        text = self.text(row, name)
        return parsed(row, self._columns[name], moment, text, zone, form) if text else None

    def missing(self, row: Row, name: str) -> RowError:
        return RowError(row, f"no {self._columns.get(name, name)}")


def columns_of(field: Field) -> list[str]:
    """The columns a field speaks of."""
    texts = [field] if isinstance(field, str) else field
    return [column for text in texts if text for column in (BRACED.findall(text) or [text])]


def taker(field: Field, float_text: list[str]) -> Take:
    """What reads the field out of a row's values; made once for a mapping."""
    texts = [field] if isinstance(field, str) else field
    takes = [_one(text, float_text) for text in texts if text]
    if len(takes) == 1:
        return takes[0]
    return lambda values: next((text for take in takes if (text := take(values))), "")


def _one(text: str, float_text: list[str]) -> Take:
    columns = BRACED.findall(text)
    if not columns:
        return _cell(text, text in float_text)
    cells = {column: _cell(column, column in float_text) for column in columns}

    def take(values: dict[str, str]) -> str:
        found = {column: cell(values) for column, cell in cells.items()}
        return BRACED.sub(lambda match: found[match[1]], text) if all(found.values()) else ""

    return take


def _cell(column: str, float_text: bool) -> Take:
    def take(values: dict[str, str]) -> str:
        text = known(values.get(column, ""))
        return text.removesuffix(".0") if float_text else text

    return take
