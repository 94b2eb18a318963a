"""The rows of one order of a spreadsheet, as a snapshot.

A cancellation (a number with the mapping's prefix) is an order of its own, as the source has it: every line cancelled,
its total negative, so that the totals of all orders add up to what the file adds up to. A negative quantity becomes
that many units at a negative price, cancelled: quantities count things, and the line's total stays what it was.
"""

from datetime import datetime
from pathlib import Path
from typing import Any

from app.ingest.grouping import nameless, once, unique
from app.ingest.reading import Reading
from app.ingest.rows import Row, RowError, header
from app.ingest.snapshot import Line, OrderSnapshot, Person
from app.ingest.spreadsheet.addresses import address
from app.ingest.spreadsheet.fields import Section, taker
from app.ingest.spreadsheet.mapping import Fields, Mapping
from app.money import currencies

LINE_TEXTS = ("variant", "picture", "product_url", "category", "condition", "seller")
ORDER_TEXTS = ("shipping_method", "gift_message", "note")


class Sheet:
    """A mapping made ready for the rows of a reading."""

    def __init__(self, mapping: Mapping, reading: Reading) -> None:
        self.mapping = mapping
        self.reading = reading
        self._order = self._section(mapping.order)
        self._line = self._section(mapping.line)
        self._addresses = [
            self._section(fields) if fields else None for fields in (mapping.shipping_address, mapping.billing_address)
        ]
        self._skipping = [taker(column, []) for column in mapping.skip_blank]
        self._refusing = [(taker(column, []), reason) for column, reason in mapping.refuse_blank.items()]

    def _section(self, fields: Fields) -> Section:
        return Section(fields.pairs(), self.mapping.float_text, self.mapping.point)

    def file_fault(self, path: Path) -> str:
        """What makes a file unusable; an empty one has no orders, and no fault."""
        try:
            names = header(path)
        except OSError as error:
            return f"the file cannot be read: {error}"
        lacking = [column for column in self.mapping.columns() if names and column not in names]
        return f"columns of the mapping are not in the file: {', '.join(lacking)}" if lacking else ""

    def skips(self, row: Row) -> bool:
        return not row.fault and any(not take(row.values) for take in self._skipping)

    def number(self, row: Row) -> str:
        return self._order.text(row, "id") or nameless(row)

    def order(self, number: str, rows: list[Row]) -> OrderSnapshot:
        rows = once(rows, lambda row: tuple(row.values.items()))
        self._check(rows)
        currency = self._currency(rows)
        prefix = self.mapping.cancellation_prefix
        lines = self._lines(rows, currency, cancelled=bool(prefix) and number.startswith(prefix))
        placed = min(self._placed_at(row) for row in rows)
        return OrderSnapshot(
            source=self.mapping.source,
            external_id=number,
            number=self._order.first(rows, "number") or number,
            merchant=self.reading.merchant,
            customer=self._customer(rows),
            placed_at=placed,
            currency=currency,
            lines=lines,
            cancelled_at=placed if all(line.cancelled_quantity == line.quantity != 0 for line in lines) else None,
            **self._sums(rows, lines, currency),
            **self._rest(rows),
        )

    def _sums(self, rows: list[Row], lines: list[Line], currency: str) -> dict[str, Any]:
        """Totals the file does not state are those of the lines."""
        stated = {name: self._amount(rows, name, currency) for name in ("total", "shipping", "discount", "tax")}
        shipping, discount, total, tax = (stated[name] for name in ("shipping", "discount", "total", "tax"))
        if total is None:
            total = sum(line.total for line in lines) + (shipping or 0) - (discount or 0)
        return {
            "total": total,
            "shipping": shipping or 0,
            "discount": discount or 0,
            "tax": sum(line.tax for line in lines) if tax is None else tax,
            "prices_include_tax": self.mapping.prices_include_tax,
            "payment": "refunded" if total < 0 else "paid",
        }

    def _rest(self, rows: list[Row]) -> dict[str, Any]:
        shipping, billing = (address(rows[0], section, self.mapping.countries) for section in self._addresses)
        texts = {name: self._order.first(rows, name) for name in ORDER_TEXTS}
        return {**texts, "shipping_address": shipping, "billing_address": billing}

    def _check(self, rows: list[Row]) -> None:
        for take, reason in self._refusing:
            if lacking := [row for row in rows if not take(row.values)]:
                raise RowError(lacking[0], reason, lacking)

    def _currency(self, rows: list[Row]) -> str:
        named = self._order.one(rows, "currency").upper() or self.mapping.currency
        if named not in currencies():
            raise RowError(rows[0], f"“{named}” is no currency" if named else "no currency", rows)
        return named

    def _placed_at(self, row: Row) -> datetime:
        when = self._order.moment(row, "placed_at", self.mapping.zone or self.reading.zone, self.mapping.dates)
        if when is None:
            raise self._order.missing(row, "placed_at")
        return when

    def _customer(self, rows: list[Row]) -> Person:
        email = self._order.one(rows, "email") or self.reading.customer
        if not email:
            raise RowError(rows[0], "no customer e-mail: pass --customer, or map `order.email`", rows)
        return Person(email=email, name=self._order.first(rows, "customer_name"))

    def _amount(self, rows: list[Row], name: str, currency: str) -> int | None:
        """An amount of the whole order, which programs write on its first row or repeat on each: the first counts."""
        return next((amount for row in rows if (amount := self._order.money(row, name, currency)) is not None), None)

    def _lines(self, rows: list[Row], currency: str, cancelled: bool) -> list[Line]:
        taken: dict[str, int] = {}
        return [self._one_line(row, currency, cancelled, taken) for row in rows]

    def _one_line(self, row: Row, currency: str, cancelled: bool, taken: dict[str, int]) -> Line:
        count, price = self._line.quantity(row, "quantity"), self._line.money(row, "unit_price", currency)
        if count is None or price is None:
            raise self._line.missing(row, "quantity" if count is None else "unit_price")
        discount, tax = (self._line.money(row, name, currency) or 0 for name in ("discount", "tax"))
        total = self._line.money(row, "total", currency)
        if total is None:
            total = count * price - discount + (0 if self.mapping.prices_include_tax else tax)
        sku = self._line.text(row, "sku")
        texts: dict[str, Any] = {name: text for name in LINE_TEXTS if (text := self._line.text(row, name))}
        return Line(
            id=unique(sku or "line", taken),
            title=self._line.text(row, "title") or sku or "Item",
            quantity=abs(count),
            unit_price=price if count >= 0 else -price,
            total=total,
            sku=sku,
            tax=tax,
            discount=discount,
            cancelled_quantity=abs(count) if cancelled or count < 0 else 0,
            **texts,
        )
