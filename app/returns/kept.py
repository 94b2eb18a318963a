"""A return as it is kept: its own row, its lines and photos, whoever asks. A stranger's does not exist."""

from datetime import datetime
from typing import Any

from msgspec import Struct

from app import db, reading
from app.errors import Missing
from app.reading import Part
from app.returns.outcomes import OUTCOME


class KeptReturn(Struct, frozen=True, array_like=True):
    """Columns of `Return`, and of its merchant (see COLUMNS)."""

    id: int
    code: str
    kind: str
    state: str
    customer: int | None
    merchant: int
    order: int | None
    currency: str
    expected: int
    refunded: int
    item_count: int
    titles: str
    pictures: str
    order_numbers: str
    waiting_on: str
    due_at: datetime | None
    created_at: datetime
    changed_at: datetime
    way: str
    send_by: datetime | None
    refund_by: datetime | None
    decided_at: datetime | None
    decided_by: str
    clause: str
    answer: str
    sent_at: datetime | None
    received_at: datetime | None
    settled_at: datetime | None
    closed_at: datetime | None
    objected_at: datetime | None
    receipt: str
    name: str
    email: str
    locale: str
    contract: str
    note: str
    grounds: str
    rules: int | None
    address: str
    exchange: int | None
    merchant_slug: str
    merchant_name: str
    merchant_email: str
    time_zone: str
    revision: int
    external_id: str
    came_at: datetime | None
    exchange_stage: str
    exchange_off_at: datetime | None
    exchange_back: int
    exchange_sent: int
    money: str
    money_at: datetime | None


class KeptReturnLine(Struct, frozen=True, array_like=True):
    """Columns of `ReturnLine`."""

    id: int
    position: int
    order: int
    line: int
    title: str
    variant: str
    sku: str
    picture: str
    quantity: int
    held: int
    expected: int
    reason: str
    wish: str
    wanted: str
    note: str
    sound: int
    damaged: int
    wrong_item: int
    missing: int
    deduction: int
    deduction_reason: str


class KeptReturnFile(Struct, frozen=True, array_like=True):
    id: int
    line: int | None
    name: str
    title: str
    media_type: str
    by_whom: str
    at: datetime


class KeptTerms(Struct, frozen=True, array_like=True):
    """The newest rules of an order's merchant (0 and nothing for one that has written none), those of the day on which it was
    placed and since when they are there (see `binding.py`), and whose order it is."""

    order: int
    version: int
    rules: str
    then: str
    since: datetime | None
    merchant: int
    state: str
    closed_at: datetime | None
    time_zone: str


class KeptRepair(Struct, frozen=True, array_like=True):
    """A line that came back from a repair under the guarantee, and when."""

    line: int
    at: datetime


OF_SHOP = "SELECT {of}(v.id) FROM return_rules v WHERE v.merchant = o.merchant"
NEWEST, FIRST = OF_SHOP.format(of="max"), OF_SHOP.format(of="min")
# For `reading.together` with an order's id, or several.
PARTS = (
    Part(
        KeptTerms,
        "FROM orders o JOIN customers c ON c.id = o.customer "
        f"LEFT JOIN return_rules r ON r.id = ({NEWEST}) "
        f"LEFT JOIN return_rules t ON t.id = coalesce(({NEWEST} AND v.at <= o.placed_at), ({FIRST})) WHERE o.id IN ({{}})",
        "o.id, coalesce(r.id, 0), coalesce(r.rules, ''), coalesce(t.rules, ''), t.at, o.merchant, o.state, o.closed_at, "
        "c.time_zone",
    ),
    Part(
        KeptRepair,
        "FROM return_lines l JOIN returns r ON r.id = l.of_return "
        'WHERE l.line IN (SELECT id FROM order_lines WHERE "order" IN ({})) '
        "AND l.wish = 'repair' AND r.kind = 'claim' AND r.state IN ('resolved', 'closed') "
        "AND r.settled_at IS NOT NULL ORDER BY r.settled_at DESC",
        "l.line, r.settled_at",
    ),
)


class Kept(Struct, frozen=True):
    it: KeptReturn
    lines: list[KeptReturnLine]
    files: list[KeptReturnFile]


OF_MERCHANT = {"merchant_slug": "m.slug", "merchant_name": "m.name", "merchant_email": "m.email", "time_zone": "m.time_zone"}
COLUMNS = ", ".join((OF_MERCHANT | OUTCOME).get(name, f'r."{name}"') for name in KeptReturn.__struct_fields__)
LINES = ", ".join(f'"{name}"' for name in KeptReturnLine.__struct_fields__)
FROM = "FROM returns r JOIN merchants m ON m.id = r.merchant"
OWNED = "r.customer = {} AND r.code = {} AND r.state <> 'unconfirmed'"
AT_DESK = "r.merchant = {} AND r.code = {} AND r.state <> 'unconfirmed'"


async def owned_by(customer: int, code: str) -> Kept:
    """Raises Missing."""
    return await _whole(OWNED, customer, code)


async def at_desk(merchant: int, code: str) -> Kept:
    """For the merchant's people and programs. Raises Missing."""
    return await _whole(AT_DESK, merchant, code)


async def by_code(code: str) -> Kept:
    """For chores, and for who has been shown its code by us. Raises Missing."""
    return await _whole("r.code = {}", code)


async def _whole(where: str, *args: Any) -> Kept:
    if any(isinstance(arg, str) and ("\0" in arg or len(arg) > 20) for arg in args):
        raise Missing
    this = f"(SELECT r.id {FROM} WHERE {where})"
    found, lines, files = await reading.together((
        Part(KeptReturn, f"{FROM} WHERE {where}", COLUMNS),
        Part(KeptReturnLine, f"FROM return_lines WHERE of_return = {this} ORDER BY position, id", LINES),
        Part(KeptReturnFile, f"FROM return_files WHERE of_return = {this} ORDER BY id"),
    ), *args)  # fmt: skip
    if found:
        return Kept(found[0], lines, files)
    raise Missing


async def orders_of(it: int) -> list[int]:
    """The ids of the orders concerned."""
    return [
        row["number"] for row in await db.rows('SELECT DISTINCT "order" AS number FROM return_lines WHERE of_return = {}', it)
    ]
