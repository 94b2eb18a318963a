"""What an event is about, as far as its words need it: kept with the notification, whatever becomes of the order."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from app import db
from app.events.unnoticed import Heard
from app.inbox import texts
from app.notifications.kinds import IN_INBOX, JUDGED

ORDERS = """
SELECT o.id, o.customer, o.address, o.number, o.placed_at, o.titles, o.line_count, o.total, o.currency, o.pictures,
  m.name AS shop
FROM orders o JOIN merchants m ON m.id = o.merchant WHERE o.id IN
"""
# Of a return what is in it, not what else was in its order: by its code, or by a refund that is for it.
RETURNED = """
SELECT r.code, r.customer, r.titles, r.pictures, r.order_numbers AS number, m.name AS shop,
  (SELECT count(*) FROM return_lines l WHERE l.of_return = r.id) AS line_count
FROM returns r JOIN merchants m ON m.id = r.merchant
"""
# And of its money what was promised, what is kept of it and why, as far as that is decided.
DECIDED = """f.id AS refund, r.expected AS promised,
  CASE WHEN r.settled_at IS NULL THEN 0 ELSE r.expected - r.refunded END AS less,
  COALESCE((SELECT l.deduction_reason FROM return_lines l WHERE l.of_return = r.id AND l.deduction > 0
    ORDER BY l.position LIMIT 1), '') AS why, r.code,"""
BY_REFUND = RETURNED.replace("r.code,", DECIDED) + "JOIN refunds f ON f.of_return = r.id WHERE f.id IN"
# Of a message what its thread is about; words go out with it and are read here, when it is told, never kept in the event.
MESSAGES = """
SELECT m.id, m.name AS who, m.text, t.code, t.customer, t.subject, t.titles, t.pictures, t.order_number AS number,
  s.name AS shop, s.slug
FROM messages m JOIN threads t ON t.id = m.thread JOIN merchants s ON s.id = t.merchant WHERE m.id IN
"""
RETURNS = ("withdrawal_", "return_", "claim_", "cancellation_")  # events whose page is that of the return they name
LONGEST = 120  # characters of a title


class About(Struct, frozen=True):
    """`url` is the page that the news opens; `of` what the words say of the order (number, shop, total, currency) and of what
    in it the news is about (title, more, picture; `returned` is the return's code)."""

    url: str
    of: dict[str, Any] = {}
    placed_at: datetime | None = None


async def about(events: Sequence[Heard]) -> dict[int, About]:
    """By event."""
    orders = await _found(ORDERS, "id", {event.order for event in events if event.order is not None})
    returns = await _found(f"{RETURNED} WHERE r.code IN", "code", set(filter(None, map(_code, events))))
    refunds = await _found(BY_REFUND, "refund", set(filter(None, map(_refund, events))))
    said = await _found(MESSAGES, "id", set(filter(None, map(_message, events))))
    return {
        event.id: _of_message(said[_message(event)], event)
        if said.get(_message(event))
        else _about(event, orders.get(event.order or 0), returns.get(_code(event)) or refunds.get(_refund(event)))
        for event in events
    }


async def _found(sql: str, key: str, wanted: Collection[Any]) -> dict[Any, db.Row]:
    rows = await db.rows(f"{sql} ({db.marks(len(wanted))})", *sorted(wanted)) if wanted else []
    return {row[key]: row for row in rows}


def _code(event: Heard) -> str:
    """An event of another release may hold anything."""
    code = event.data.get("code") if event.kind.startswith(RETURNS) else ""
    return code if isinstance(code, str) and code.isprintable() and len(code) <= LONGEST else ""


def _refund(event: Heard) -> int:
    number = event.data.get("refund") if event.kind.startswith("refund_") else 0
    return number if isinstance(number, int) and 0 < number <= db.MOST_ID else 0


def _message(event: Heard) -> int:
    number = event.data.get("message") if event.kind in IN_INBOX or event.kind in JUDGED else 0
    return number if isinstance(number, int) and 0 < number <= db.MOST_ID else 0


def _of_message(row: db.Row, event: Heard) -> About:
    """The customer's own page of it; who works at the desk is told in other words, or of its place there."""
    pictures, title = msgspec.json.decode(row["pictures"]), row["subject"] or row["titles"].partition("\n")[0]
    of = {
        "who": texts.line(row["who"]), "shop": row["shop"], "title": texts.line(title)[:LONGEST], "number": row["number"],
        "more": 0,
        "picture": pictures[0] if pictures else "", "gist": texts.gist(row["text"]),
    }  # fmt: skip
    if event.kind in JUDGED:
        start = "" if event.data.get("side") == "buyer" else f"/desk/{row['slug']}"
        return About(f"{start}/inbox/{row['code']}#message-{row['id']}", {**of, "gist": ""})
    return About(f"/inbox/{row['code']}#newest", of)


def _about(event: Heard, order: db.Row | None, returned: db.Row | None) -> About:
    it = returned if returned is not None and returned["customer"] == event.customer else None
    code = _code(event) or (it["code"] if it is not None and _refund(event) else "")
    page = f"/returns/{code}" if code else ""
    if order is None and page:
        return About(page, _named(it) if it else {})
    if order is None or order["customer"] != event.customer:
        if event.kind == "push_lost":
            return About("/account/notifications/devices")
        return About("/account/activity" if event.order is None else "/orders")
    of = {**_named(order), "total": order["total"], "currency": order["currency"], **(_named(it) if it else {})}
    return About(page or f"/orders/{order['address']}{_part(event)}", of, order["placed_at"])


def _part(event: Heard) -> str:
    """Of the order's page."""
    if event.kind.startswith("review_"):
        return "/reviews"
    if not event.kind.startswith(("shipment_", "parcel_")):
        return ""
    parcel = event.data.get("shipment")
    return f"#parcel-{parcel}" if isinstance(parcel, int) else "#parcels"


def _named(row: db.Row) -> dict[str, Any]:
    """Of an order, or of what somebody sends back."""
    pictures, number = msgspec.json.decode(row["pictures"]), row["number"]
    named = {
        "number": number, "shop": row["shop"], "title": row["titles"].partition("\n")[0][:LONGEST],
        "more": max(row["line_count"] - 1, 0), "picture": pictures[0] if pictures else "",
    }  # fmt: skip
    if "code" in row:
        named["returned"] = row["code"]
    if "less" in row and row["less"] > 0:
        named |= {"promised": row["promised"], "less": row["less"], "why": row["why"][:LONGEST]}
    return named
