"""What is true of every return at every moment, whoever has done whatever."""

from collections import Counter
from typing import Any

import msgspec

from app import db
from app.returns import happened, holding, kept, moving, rights, states, worth
from app.returns.kept import Kept
from tests.payments.steps import within

# What else than a step says who has to do something next.
TURNS = {
    "questioned": "buyer", "answered": "seller", "objected": "seller", "upheld": "nobody", "contested": "seller",
    "stood": "nobody", "rest_refunded": "nobody", "arrived": "seller",
    "goods_awaited": "buyer", "goods_sent": "carrier", "goods_received": "seller", "goods_missing": "seller",
}  # fmt: skip
ENDS = (
    "over",
    "exchange_agreed", "exchange_refused", "exchange_lapsed", "exchange_taken_back", "exchange_sent", "paid_instead", "reduced",
)  # fmt: skip
ON_ITS_WAY = ("approved", *moving.ON_ITS_WAY)
CAME_BACK = """
SELECT COALESCE(SUM(l.sound + l.damaged), 0) AS n FROM return_lines l JOIN returns r ON r.id = l.of_return
WHERE l.line = {} AND r.kind <> 'claim'
"""
HELD = "SELECT l.held, l.quantity, r.refunded FROM return_lines l JOIN returns r ON r.id = l.of_return WHERE l.line = {}"
NOT_FAILED = "SELECT COALESCE(SUM(amount + bonus), 0) AS amount FROM refunds WHERE of_return = {} AND state <> 'failed'"
HOLDING = """
SELECT DISTINCT r.code FROM returns r JOIN return_lines l ON l.of_return = r.id
WHERE l."order" = {} AND l.held > 0 AND r.settled_at IS NULL
"""
FOR_IT = "SELECT COALESCE(SUM(amount), 0) AS amount FROM refunds WHERE for_order = {} AND state <> 'failed'"
LINES_NAMED = "SELECT lines FROM refunds WHERE of_return = {} AND state <> 'failed'"


async def everything(order: int) -> None:
    await within()
    for row in await db.rows('SELECT code FROM returns WHERE "order" = {} ORDER BY id', order):
        it = await kept.by_code(row["code"])
        await _went_a_known_way(it)
        await _has_its_money(it)
    await _holds_what_is_there(order)
    await _holds_nothing_of_what_has_no_effect(order)
    await _gives_no_more_for_an_exchange_than_came_back(order)
    await _says_what_came_back(order)
    await _promises_the_delivery_once_with_all_of_it(order)


async def events_of(code: str) -> list[tuple[str, dict[str, Any]]]:
    """Oldest first."""
    found = reversed(await happened.events(await kept.by_code(code)))
    told = [(row["kind"], msgspec.json.decode(row["data"])) for row in found]
    return [(kind, data) for kind, data in told if data.get("code") == code]


async def _went_a_known_way(it: Kept) -> None:
    row, state, waiting, proposed, objection = it.it, "", "", False, False
    after = {moving.event(row.kind, to): to for to in states.STATES[row.kind]}
    for event, data in await events_of(row.code):
        assert data["by"], event
        said = event.removeprefix(f"{row.kind}_")
        if event in after:
            assert _fits(it, state, after[event]), (row.kind, state, after[event])
            state = after[event]
            waiting = moving.waiting_on(row.kind, state)
        elif said == "reopened":  # from “closed” to where it was before; or only said
            assert data["state"] == state or (state == "closed" and states.may(row.kind, state, data["state"]))
            state, waiting = data["state"], moving.waiting_on(row.kind, data["state"])
        elif said == "exchange_cancelled" and data["state"] != state:  # what had settled it does not any more
            assert states.may(row.kind, state, data["state"], called_off=True)
            state, waiting = data["state"], moving.waiting_on(row.kind, data["state"])
        elif said in ("disputed", "resumed") and "state" in data:  # in force again; the seller's objection has other words
            assert states.may(row.kind, state, data["state"]), (row.kind, state, data["state"])
            state, waiting = data["state"], moving.waiting_on(row.kind, data["state"])
        waiting = data.get("turn") or TURNS.get(said, waiting)
        by_the_shop = said == "part_refunded" and data["by"].startswith("source:")
        proposed, waiting = _with_what_is_proposed("over" if by_the_shop else said, state, proposed, waiting)
        objection = _objected(said, state, objection)
        waiting = "seller" if objection else waiting  # closed or not, who paid less has to answer
    if row.state in states.SETTLED and waiting == "seller" and row.waiting_on == "nobody":
        waiting = "nobody"  # what was agreed to has gone out, or was cancelled
    assert (row.state, row.waiting_on) == (state, waiting), row.code
    assert state in states.STATES[row.kind]
    assert (row.due_at is not None) == (waiting not in ("nobody", "carrier")), (row.kind, state, row.due_at)
    assert (row.settled_at is not None) == (state in (*states.SETTLED, "resolved", "closed"))


def _objected(said: str, state: str, before: bool) -> bool:
    """Whether it waits for an answer that less was paid than promised."""
    return state in states.GIVEN and (said in ("objected", "contested") or (before and said not in ("stood", "rest_refunded")))


def _fits(it: Kept, before: str, after: str) -> bool:
    """A cancellation for which there is nothing to be paid is over with what it has cancelled."""
    nothing = it.it.kind == "cancellation" and not it.it.expected and not it.it.refunded
    return states.may(it.it.kind, before, after, called_off=nothing)


def _with_what_is_proposed(said: str, state: str, before: bool, waiting: str) -> tuple[bool, str]:
    """Whether something stands that its customer is to answer, and whose turn it is: theirs, once what they sent is back."""
    proposed = said == "exchange_proposed" or (before and said not in ENDS and state in ON_ITS_WAY)
    if said == "exchange_agreed" and state in ("received", *states.SETTLED):
        return False, "seller"
    if said == "exchange_dispatched" and state in states.SETTLED:
        return False, "nobody"
    if state != "received":
        return proposed, waiting
    return proposed, "buyer" if proposed else "seller" if before else waiting


async def _has_its_money(it: Kept) -> None:
    given = (await db.rows(NOT_FAILED, it.it.id))[0]["amount"]
    assert it.it.refunded == given, (it.it.code, it.it.refunded, given)
    promised = sum(promise.total + promise.bonus for promise in worth.promises(it.it.grounds))
    decided = (await db.rows(f"{NOT_FAILED} AND origin = 'counter'", it.it.id))[0]["amount"]  # what a shop gave is its own will
    assert decided <= promised, (it.it.code, decided, promised)
    named = Counter[str]()
    for row in await db.rows(LINES_NAMED, it.it.id):
        named.update({part["line"]: part["quantity"] for part in msgspec.json.decode(row["lines"])})
    for line in it.lines:
        (bought,) = await db.rows("SELECT external_id FROM order_lines WHERE id = {}", line.line)
        assert named[bought["external_id"]] <= line.quantity, it.it.code


async def _holds_what_is_there(order: int) -> None:
    left = await holding.left([order])
    lines = await db.rows('SELECT * FROM order_lines WHERE "order" = {}', order)
    for line in lines:
        held = await db.rows(HELD, line["id"])
        assert all(row["held"] in (0, row["quantity"]) for row in held)
        taken = sum(row["held"] for row in held)
        assert taken + line["cancelled_quantity"] <= line["quantity"]
        assert line["refunded_quantity"] <= line["quantity"]
        # Whatever is paid back for it: what nobody asks for, and no source has taken away, can be asked for.
        assert left[line["id"]].free <= line["quantity"] - taken - line["cancelled_quantity"]
        # A claim that was paid in part and then repaired holds nothing: what was paid for it counts beside what is held.
        both = any(row["refunded"] and not row["held"] for row in held)
        away = taken + line["refunded_quantity"] if both else max(taken, line["refunded_quantity"])
        assert left[line["id"]].free >= line["quantity"] - away - line["cancelled_quantity"]


async def _holds_nothing_of_what_has_no_effect(order: int) -> None:
    """And nothing was paid for it, nor sent."""
    for row in await db.rows('SELECT code FROM returns WHERE "order" = {} AND state = {}', order, "unfounded"):
        it = await kept.by_code(row["code"])
        assert (it.it.refunded, it.it.came_at, it.it.sent_at, it.it.kind) == (0, None, None, "withdrawal")
        assert not any(line.held for line in it.lines)


async def _gives_no_more_for_an_exchange_than_came_back(order: int) -> None:
    (row,) = await db.rows("SELECT exchanged FROM orders WHERE id = {}", order)
    (given,) = await db.rows(FOR_IT, order)
    assert given["amount"] <= row["exchanged"]


async def _says_what_came_back(order: int) -> None:
    """The order's lines, and in its own state no less and no more than these."""
    back = 0
    lines = await db.rows('SELECT * FROM order_lines WHERE "order" = {}', order)
    for line in lines:
        (found,) = await db.rows(CAME_BACK, line["id"])
        assert line["returned_quantity"] == found["n"] <= line["quantity"]
        back += found["n"]
    due = sum(line["quantity"] - line["cancelled_quantity"] for line in lines)
    (row,) = await db.rows("SELECT fulfilment FROM orders WHERE id = {}", order)
    assert (row["fulfilment"] == "returned") == (0 < due <= back), (row["fulfilment"], back, due)
    assert (row["fulfilment"] == "partly_returned") == (0 < back < due), (row["fulfilment"], back, due)


async def _promises_the_delivery_once_with_all_of_it(order: int) -> None:
    """Not while some of it may stay; what was given back meanwhile stays given."""
    known = await rights.of_orders([order])
    theirs = (await worth.of_orders(known))[order]
    assert theirs.paid.over == (0, 0, 0), theirs.paid
    for row in await db.rows(HOLDING, order):
        it = await kept.by_code(row["code"])
        own = {line.line: line.held for line in it.lines} if it.it.state in states.ASKED else {}
        promised = any(one.shipping for one in worth.promises(it.it.grounds) if one.order == order)
        assert not promised or it.it.refunded or theirs.all_gone_with(own), it.it.code
