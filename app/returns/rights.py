"""The rights in each line of customers' orders: what “What happened?” asks first. Many orders cost as many reads as one."""

from collections.abc import Collection, Sequence
from datetime import datetime
from functools import lru_cache
from typing import Any, NamedTuple

from app import db, reading
from app.errors import Missing
from app.orders import kept as order_rows
from app.orders.kept import KeptLine, KeptOrder
from app.reading import Part
from app.returns import kept_terms, ordered
from app.returns.kept_terms import KeptRepair, KeptTerms
from app.returns.ordered import OrderRights
from app.returns.windows import Some
from app.shipments.kept import KeptParcel, Packed

OWNED = "SELECT id FROM orders WHERE customer = {{}} AND address IN ({marks})"


class OrderedLine(KeptLine, frozen=True, array_like=True):
    of_order: int


class SentParcel(KeptParcel, frozen=True, array_like=True):
    of_order: int


class Rows(NamedTuple):
    """All that is read of one order for its rights: what `ordered.rights` takes."""

    order: KeptOrder
    lines: Sequence[OrderedLine]
    parcels: Sequence[SentParcel]
    contents: Sequence[Packed]
    terms: KeptTerms
    repairs: Sequence[KeptRepair]


@lru_cache(64)
def parts(these: str) -> tuple[Part, ...]:
    """For `reading.together`; `these`: SQL of the orders' ids. `gathered` takes what is found."""
    terms, repairs = kept_terms.PARTS
    return (
        Part(KeptOrder, f"FROM orders o JOIN merchants m ON m.id = o.merchant WHERE o.id IN ({these})", order_rows.COLUMNS),
        Part(
            OrderedLine,
            f'FROM order_lines WHERE "order" IN ({these}) ORDER BY position, id',
            ", ".join((*KeptLine.__struct_fields__, '"order"')),
        ),
        Part(
            SentParcel,
            'FROM shipments s JOIN orders o ON o.id = s."order" '
            f"WHERE s.\"order\" IN ({these}) AND s.state <> 'cancelled' ORDER BY s.position, s.id",
            ", ".join((*(f"s.{name}" for name in KeptParcel.__struct_fields__[:-1]), "o.merchant", 's."order"')),
        ),
        Part(
            Packed,
            f'FROM shipment_lines c JOIN order_lines l ON l.id = c.line WHERE l."order" IN ({these}) ORDER BY c.id',
            "c.shipment, c.quantity, l.title, c.line",
        ),
        terms.of(these),
        repairs.of(these),
    )


def gathered(
    orders: Sequence[KeptOrder], lines: Sequence[OrderedLine], parcels: Sequence[SentParcel], contents: Sequence[Packed],
    terms: Sequence[KeptTerms], repairs: Sequence[KeptRepair],
) -> dict[int, Rows]:  # fmt: skip
    """By the order's id."""
    of_line = {line.id: line.of_order for line in lines}
    own: list[dict[int, list[Any]]] = [
        _by(lines, [it.of_order for it in lines]), _by(parcels, [it.of_order for it in parcels]),
        _by(contents, [of_line[it.line] for it in contents]), _by(repairs, [of_line[it.line] for it in repairs]),
    ]  # fmt: skip
    theirs = {it.order: it for it in terms}
    found = {}
    for it in orders:
        bought, sent, packed, repaired = (rows.get(it.id, []) for rows in own)
        found[it.id] = Rows(it, bought, sent, packed, theirs[it.id], repaired)
    return found


def _by(rows: Sequence[Any], orders: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row, order in zip(rows, orders, strict=True):
        found.setdefault(order, []).append(row)
    return found


async def of_order(customer: int, address: str, *, at: datetime | None = None) -> OrderRights:
    """As they are at that moment, now unless it is said. Raises Missing: a stranger's order does not exist."""
    return next(iter((await owned_by(customer, [address], at=at)).values()))


async def owned_by(customer: int, addresses: Sequence[str], *, at: datetime | None = None) -> dict[int, OrderRights]:
    """By id. Raises Missing where one is not theirs."""
    found = await _of(OWNED.format(marks=db.marks(len(addresses))), at, customer, *addresses)
    if len(found) < len(addresses):
        raise Missing
    return found


async def of_orders(orders: Collection[int], *, at: datetime | None = None, of: Some = ()) -> dict[int, OrderRights]:
    """By id; whose they are, the caller has looked at. `of`: which rights, see `windows`."""
    return await _of(db.marks(len(orders)), at, *orders, of=of) if orders else {}


async def _of(these: str, at: datetime | None, *args: Any, of: Some = ()) -> dict[int, OrderRights]:
    found = gathered(*await reading.together(parts(these), *args))
    return {number: ordered.rights(*it, at, of=of) for number, it in found.items()}
