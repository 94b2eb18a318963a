"""Asking for a return, an exchange, a claim or a cancellation, in one transaction: rules, rows, what is held, and the event."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from app import clock, db, tokens
from app.accounts import customers
from app.db import transaction
from app.errors import Invalid
from app.returns import deadlines, kept, labelling, moving, placed, quotes, rules, states, whole
from app.returns.asked import Asked
from app.returns.quotes import Chosen, Quote
from app.search import folded

MOST_TITLES, MOST_PICTURES = 3, 4
AGAIN = timedelta(minutes=10)  # within which the same, asked again, is the same

SAME = """
SELECT r.code, l.line, l.quantity FROM returns r JOIN return_lines l ON l.of_return = r.id
WHERE r.customer = {} AND r.kind = {} AND r.created_at > {} AND l.held > 0
"""


def new_code() -> str:
    return tokens.new_code("R")


def code_of(customer: int, key: str) -> str:
    """Always the same for that form of theirs, and nobody else can know it."""
    return tokens.code_of("R", f"{customer} {key}", "return")


async def ask(customer: int, what: Asked, *, by: str, key: str = "") -> str:
    """The return's code; of a second touch of the button, the first one's. `key`: of the form, which is worth one return.
    Raises Missing, Invalid by field."""
    async with transaction():
        await customers.lock(customer)
        code = code_of(customer, key) if key else new_code()
        if key and await db.rows("SELECT id FROM returns WHERE customer = {} AND code = {}", customer, code):
            return code
        try:
            quote = await quotes.quote(customer, what)
        except Invalid:
            if same := await _the_same(customer, what):
                return same
            raise
        return await record(quote, what, customer=customer, by=by, code=code)


async def record(quote: Quote, what: Asked, *, customer: int, by: str, **columns: Any) -> str:
    """In the caller's transaction, with the customer's row locked: as its first state, and approved where the rules say so."""
    state, code = states.FIRST[what.kind], columns.pop("code", None) or new_code()
    due = await _answer_by(quote)
    row = await head(quote, what, customer) | {"code": code, "state": state, "due_at": due} | columns
    made = await db.insert("returns", [row], "id")
    await db.insert("return_lines", [line(made[0]["id"], n, it) for n, it in enumerate(quote.chosen)])
    it = await kept.by_code(code)
    await moving.tell(it, moving.event(what.kind, state), by=by, amount=quote.total, currency=quote.currency)
    if what.kind == "return" and agreed_by_rules(quote):
        await moving.move(it, "approved", by="rules", due_at=row["send_by"], columns={"decided_by": "rules"})
        await whole.renew(it, by="rules")
        await labelling.issue(await kept.by_code(code), row["send_by"])
    return code


def agreed_by_rules(quote: Quote) -> bool:
    """The merchant has said beforehand which returns it agrees to: of little worth, and for which reasons."""
    most = quote.rules.auto_below.get(quote.currency)
    worth = sum(preview.items for preview in quote.previews.values())
    reasons = {it.asked.reason for it in quote.chosen}
    return most is not None and worth < most and reasons <= set(quote.rules.auto_reasons)


async def _answer_by(quote: Quote) -> datetime:
    zone, country = await place_of(quote.merchant)
    return deadlines.answer_by(clock.now(), zone, country, quote.rules)


async def answer_by(merchant: int) -> datetime:
    """When the seller is to have answered, from now on."""
    _version, theirs = await rules.of(merchant)
    zone, country = await place_of(merchant)
    return deadlines.answer_by(clock.now(), zone, country, theirs)


async def place_of(merchant: int) -> tuple[str, str]:
    """Its time zone and country."""
    (row,) = await db.rows("SELECT time_zone, country FROM merchants WHERE id = {}", merchant)
    return row["time_zone"], row["country"]


async def send_by(merchant: int, order: int | None) -> datetime:
    """When its customer is to have sent something back, from now on."""
    (zone, country), theirs = await place_of(merchant), await placed.delivered_to(order)
    return deadlines.send_by(clock.now(), zone, *(theirs or (country, "")))


async def head(quote: Quote, what: Asked, customer: int) -> dict[str, Any]:
    rows = [it.order for it in quote.orders.values()]
    titles, address = [it.row["title"] for it in quote.chosen], quote.rules.return_address
    numbers = " ".join(row["number"] for row in rows)
    return {
        "kind": what.kind, "customer": customer, "merchant": quote.merchant, "order": rows[0]["id"],
        "currency": quote.currency, "expected": quote.total,
        "item_count": sum(it.asked.quantity for it in quote.chosen), "titles": "\n".join(titles[:MOST_TITLES]),
        "pictures": _json([it.row["picture"] for it in quote.chosen[:MOST_PICTURES]]), "order_numbers": numbers,
        "way": what.way, "note": what.note.strip(), "waiting_on": "seller",
        "send_by": await send_by(quote.merchant, rows[0]["id"]), "rules": quote.version,
        "name": rows[0]["customer_name"], "email": rows[0]["customer_email"],
        "grounds": _json({"promises": quote.promises, "rights": _rights(quote.chosen)}),
        "address": _json(address), "search_text": folded("\n".join((numbers, rows[0]["customer_name"], *titles))),
        "created_at": clock.now(), "changed_at": clock.now(),
    }  # fmt: skip


def _rights(chosen: Sequence[Chosen]) -> list[dict[str, Any]]:
    """What each line rested on when it was asked for: the evidence of a decision."""
    return [{"line": it.asked.line, **msgspec.to_builtins(it.right)} for it in chosen]


def line(of_return: int, position: int, it: Chosen) -> dict[str, Any]:
    asked, row = it.asked, it.row
    return {
        "of_return": of_return, "position": position, "order": row["order"], "line": row["id"], "title": row["title"],
        "variant": row["variant"], "sku": row["sku"], "picture": row["picture"], "quantity": asked.quantity,
        "held": asked.quantity, "expected": it.expected, "reason": asked.reason, "wish": asked.wish,
        "wanted": asked.wanted.strip(), "note": asked.note.strip(),
    }  # fmt: skip


async def _the_same(customer: int, what: Asked) -> str:
    """What they have asked for just now, line for line: a second touch of the button, or a lost answer."""
    found: dict[str, dict[int, int]] = {}
    for row in await db.rows(SAME, customer, what.kind, clock.now() - AGAIN):
        found.setdefault(row["code"], {})[row["line"]] = row["quantity"]
    wanted = {line.line: line.quantity for line in what.lines}
    return next((code for code, lines in found.items() if lines == wanted), "")


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
