"""The cells of an Amazon row, under whichever of their names the layout uses."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from app.ingest.amounts import first_of, known, moment, money, parsed, quantity
from app.ingest.reading import Reading
from app.ingest.rows import Row, RowError
from app.ingest.snapshot import Person
from app.money import currencies


class Cells:
    """One row; each question names its columns in order of preference. What is not known is "" or None."""

    def __init__(self, row: Row, zone: str) -> None:
        self.row = row
        self._zone = zone

    def text(self, *columns: str) -> str:
        return self._cell(columns)[1]

    def texts(self, *columns: str) -> list[str]:
        """Of a cell with values joined by “ and ”, each once."""
        return list(dict.fromkeys(part.strip() for part in self.text(*columns).split(" and ") if part.strip()))

    def money(self, currency: str, *columns: str) -> int | None:
        column, text = self._cell(columns)
        return parsed(self.row, column, money, text, currency)

    def quantity(self, *columns: str) -> int | None:
        column, text = self._cell(columns)
        return parsed(self.row, column, quantity, text)

    def moment(self, *columns: str) -> datetime | None:
        """The first of the times in the cell; the old report writes months first."""
        column, text = self._cell(columns)
        return parsed(self.row, column, moment, first_of(text), self._zone, "us")

    def _cell(self, columns: Iterable[str]) -> tuple[str, str]:
        name = ""
        for name in columns:
            if text := known(self.row.values.get(name, "")):
                return name, text
        return name, ""


def currency_of(rows: list[Cells], *columns: str) -> str:
    """The one currency of an order; refused when rows name none, several, or one that does not exist."""
    currency = ""
    for cells in rows:
        named = cells.text(*columns).upper()
        if named and named not in currencies():
            raise RowError(cells.row, f"“{named}” is no currency")
        if named and currency and named != currency:
            raise RowError(cells.row, f"two currencies in one order: {currency} and {named}")
        currency = currency or named
    if not currency:
        raise RowError(rows[0].row, "no currency", [cells.row for cells in rows])
    return currency


def placed_at(rows: list[Cells], *columns: str) -> datetime:
    times = [when for cells in rows if (when := cells.moment(*columns))]
    if not times:
        raise RowError(rows[0].row, f"no {columns[0]}")
    return min(times)


def customer_of(rows: list[Cells], reading: Reading) -> Person:
    email = reading.customer or next(_texts(rows, "Ordering Customer Email"), "")
    if not email:
        raise RowError(rows[0].row, "no customer e-mail: pass --customer", [cells.row for cells in rows])
    return Person(email=email, name=next(_texts(rows, "Buyer Name"), ""))


def _texts(rows: list[Cells], column: str) -> Iterator[str]:
    return (text for cells in rows if (text := cells.text(column)))


def all_texts(rows: list[Cells], column: str, between: str) -> str:
    """What the rows of an order say in a column, each thing once."""
    return between.join(dict.fromkeys(_texts(rows, column)))
