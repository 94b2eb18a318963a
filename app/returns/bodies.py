"""What programs are answered of returns: one as a list has it, and one whole. `brief` is also what webhooks carry."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from app import db
from app.errors import Missing
from app.events.actions import data_of
from app.returns import given_beside, happened, standing_money, way_back
from app.returns.given_beside import GivenBeside
from app.returns.kept import Kept

NAMED = """
FROM returns r LEFT JOIN orders o ON o.id = r."order" LEFT JOIN orders x ON x.id = r.exchange
WHERE r.state <> 'unconfirmed'
"""
LINES = """
SELECT rl.*, COALESCE(o.external_id, '') AS order_id, COALESCE(l.external_id, '') AS line_id
FROM return_lines rl LEFT JOIN orders o ON o.id = rl."order" LEFT JOIN order_lines l ON l.id = rl.line
WHERE rl.of_return = {} ORDER BY rl.position, rl.id
"""
REFUNDS = """
SELECT external_id AS id, amount, bonus, kind, state, requested_at, settled_at FROM refunds f WHERE of_return = {} ORDER BY f.id
"""
BY = {"member": "seller", "program": "seller"} | {name: name for name in ("customer", "carrier", "source", "rules")}


class Return(Struct, frozen=True):
    """A return, withdrawal, claim or cancellation, without anything personal. `order` and `exchange` are ids in the shop, of
    the first order concerned and of the one that ships in exchange; `id` is the source's own where a source knows it.

    `expected` is what was promised when it was asked for, `refunded` what has been decided to be given back since and has not
    failed; `kept_back`, once it is settled, what nobody is to get of it. `money`: “due” until all is sent, “sent” until its
    customer has it, “arrived”, “failed” while some has failed and nothing has taken its place: then it waits for the seller.
    Of a withdrawal that is “unfounded” the seller says that it has no effect, and why (`clause`)."""

    code: str
    id: str
    kind: str
    state: str
    waiting_on: str
    order: str | None
    order_numbers: str
    exchange: str | None
    currency: str
    expected: int
    refunded: int
    kept_back: int
    money: str
    item_count: int
    created_at: datetime
    changed_at: datetime
    due_at: datetime | None
    send_by: datetime | None
    refund_by: datetime | None


class Returns(Struct, frozen=True):
    """`next`: for `after`; empty where nothing more is."""

    returns: list[Return]
    next: str


class ReturnedLine(Struct, frozen=True):
    """`id` is how the return names it; `order` and `line` are ids in the shop, empty for a line that is no more. What came is
    counted in `sound`, `damaged`, `wrong_item` and `missing`."""

    id: int
    order: str
    line: str
    title: str
    variant: str
    sku: str
    quantity: int
    reason: str
    wish: str
    wanted: str
    note: str
    expected: int
    deduction: int
    deduction_reason: str
    sound: int
    damaged: int
    wrong_item: int
    missing: int


class Photo(Struct, frozen=True):
    """`url`: a path below this host, for the same API key."""

    id: int
    url: str
    title: str
    media_type: str
    at: datetime


class Happened(Struct, frozen=True):
    """`by`: customer, seller, carrier, source, rules or system. `text`: what was written, if anything."""

    kind: str
    at: datetime
    by: str
    text: str
    amount: int | None


class GivenBack(Struct, frozen=True):
    """A refund of the order that this return has led to."""

    id: str
    amount: int
    bonus: int
    kind: str
    state: str
    requested_at: datetime | None
    settled_at: datetime | None


class WholeReturn(Struct, frozen=True):
    """All that is kept of one. `carrier` and `tracking_number` are of its way back, empty where nobody has said them."""

    about: Return
    way: str
    carrier: str
    tracking_number: str
    note: str
    clause: str
    answer: str
    decided_at: datetime | None
    sent_at: datetime | None
    received_at: datetime | None
    settled_at: datetime | None
    closed_at: datetime | None
    objected_at: datetime | None
    lines: list[ReturnedLine]
    photos: list[Photo]
    events: list[Happened]
    refunds: list[GivenBack]
    beside: list[GivenBeside]


JOINED = {
    "order": "o.external_id", "exchange": "x.external_id", "id": "r.external_id", "waiting_on": standing_money.WAITING_ON,
    "kept_back": standing_money.KEPT_BACK, "money": standing_money.MONEY,
}  # fmt: skip
COLUMNS = ", ".join(f'{JOINED.get(name, f"r.{name}")} AS "{name}"' for name in Return.__struct_fields__)
BRIEF = f"SELECT {COLUMNS}, r.id AS number {NAMED}"


def read(row: Mapping[str, Any]) -> Return:
    over = dict.fromkeys(("send_by", "refund_by")) if row["state"] == "unfounded" else {}  # nothing is due of it
    return Return(**{name: row[name] for name in Return.__struct_fields__} | over)


async def brief(code: str) -> Return | None:
    """None for one that is no more, or that nobody has confirmed."""
    found = await db.one(f"{BRIEF} AND r.code = {{}}", code)
    return read(found) if found else None


async def whole(it: Kept) -> WholeReturn:
    """Raises Missing."""
    row = it.it
    about: dict[str, Any] = {name: getattr(row, name) for name in WholeReturn.__struct_fields__ if hasattr(row, name)}
    about["carrier"], about["tracking_number"] = await way_back.said(it)
    found = await db.one(f"{BRIEF} AND r.id = {{}}", row.id)
    if found is None:
        raise Missing
    return WholeReturn(**about | {
        "about": read(found), "lines": [_line(one) for one in await db.rows(LINES, row.id)], "photos": _photos(it),
        "events": await _events(it), "refunds": [GivenBack(**one) for one in await db.rows(REFUNDS, row.id)],
        "beside": await given_beside.told(it),
    })  # fmt: skip


def _line(row: Mapping[str, Any]) -> ReturnedLine:
    names = {"order": "order_id", "line": "line_id"}
    return ReturnedLine(**{name: row[names.get(name, name)] for name in ReturnedLine.__struct_fields__})


def _photos(it: Kept) -> list[Photo]:
    url = f"/api/v1/returns/{it.it.code}/photos"
    return [Photo(file.id, f"{url}/{file.id}", file.title, file.media_type, file.at) for file in it.files]


async def _events(it: Kept) -> list[Happened]:
    """Oldest first."""
    found = [(row, data_of(row["data"])) for row in await happened.events(it)]
    return [_happened(row, data) for row, data in reversed(found) if data.get("code") == it.it.code]


def _happened(row: Mapping[str, Any], data: Mapping[str, Any]) -> Happened:
    text = next((str(said) for name in ("text", "answer", "note") if (said := data.get(name))), "")
    by, amount = str(data.get("by", "")).partition(":")[0], data.get("amount")
    return Happened(row["kind"], row["at"], BY.get(by, "system"), text, amount if isinstance(amount, int) else None)
