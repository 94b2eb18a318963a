"""The delivery comes back with all of an order (Directive 2011/83/EU, Art. 13(1)), and so do its fees and the rest of what was
paid: promised with what is agreed to last, to one return; not while some is only asked for, and may stay.

A withdrawal counts as soon as it is declared: nobody declines it. When something that counted is let go after all, the delivery
is not promised any more, as far as it is not given back yet.
"""

from collections.abc import Sequence
from typing import Any

import msgspec
from msgspec import structs

from app import db
from app.returns import amounts, kept, moving, rights, states, worth
from app.returns.kept import Kept
from app.returns.ordered import OrderRights
from app.returns.worth import Promise, Worth

OPEN = """
SELECT DISTINCT r.code, r.id FROM returns r JOIN return_lines l ON l.of_return = r.id
WHERE l."order" = {} AND l.held > 0 AND r.settled_at IS NULL ORDER BY r.id DESC
"""
PROMISE = "UPDATE returns SET grounds = {}, expected = {} WHERE id = {}"


async def renew(it: Kept, *, by: str) -> None:
    """After it was agreed to, let go, or made less. In the caller's transaction, with the customer's row locked."""
    for number, known in (await rights.of_orders(await kept.orders_of(it.it.id))).items():
        if not any((await _worth(known)).paid.beside):
            continue
        codes = sorted(await db.rows(OPEN, number), key=lambda row: row["id"] != it.it.id)  # it first, then the newest
        for row in codes:
            await _take_back(await kept.by_code(row["code"]), known, by)
        theirs = await _worth(known)
        if theirs.agreed and any(theirs.paid.left):
            await _give([await kept.by_code(row["code"]) for row in codes], theirs, known, by)


async def _worth(known: OrderRights) -> Worth:
    return (await worth.of_orders({known.order.id: known}))[known.order.id]


async def _give(them: list[Kept], theirs: Worth, known: OrderRights, by: str) -> None:
    """Whoever has money back for items has the delivery back with it."""
    for one in them:
        if one.it.state not in states.ASKED and (promise := _promise(one, known)) and promise.items:
            await _write(one, _with(promise, theirs.paid.left, known), by)
            return


async def _take_back(one: Kept, known: OrderRights, by: str) -> None:
    """Where some of the order stays with its customer, or the same is promised with another return."""
    promise = _promise(one, known)
    if promise is None or not any(less := [promise.shipping, promise.fees, promise.rest]):
        return
    theirs = await _worth(known)
    if theirs.all_gone_with(_asked(one)):
        less = [min(part, over) for part, over in zip(less, theirs.paid.over, strict=True)]
    after = _with(promise, [-part for part in less], known)
    given = one.it.refunded + sum(line.deduction for line in one.lines)
    if any(less) and _sum(_replaced(one, after)) >= given:
        await _write(one, after, by)


def _asked(one: Kept) -> dict[int, int]:
    """What of each line it only asks for."""
    return {line.line: line.held for line in one.lines} if one.it.state in states.ASKED else {}


def _promise(one: Kept, known: OrderRights) -> Promise | None:
    return next((promise for promise in worth.promises(one.it.grounds) if promise.order == known.order.id), None)


def _with(promise: Promise, beside: Sequence[int], known: OrderRights) -> Promise:
    """So much more of the delivery, the fees and the rest. As credit, where all of it is wanted so; the way back never costs
    more than what comes back."""
    shipping, fees, rest = beside
    before = promise.total + promise.return_fee + sum(beside)
    return_fee = min(promise.return_fee, before)
    total, credit, bonus = before - return_fee, promise.credit, promise.bonus
    if credit and credit == promise.total:
        credit = total
        bonus = amounts.bonus(credit, known.rules.credit_bonus)
    return structs.replace(
        promise, shipping=promise.shipping + shipping, fees=promise.fees + fees, rest=promise.rest + rest, total=total,
        return_fee=return_fee, credit=credit, bonus=bonus,
    )  # fmt: skip


def _replaced(one: Kept, promise: Promise) -> list[Promise]:
    return [promise if it.order == promise.order else it for it in worth.promises(one.it.grounds)]


def _sum(promises: list[Promise]) -> int:
    return sum(one.total + one.bonus for one in promises)


async def _write(one: Kept, promise: Promise, by: str) -> None:
    """Of a claim that wants no money nothing is said: it may come to that, and then it is promised."""
    after = _replaced(one, promise)
    more = _sum(after) - _sum(worth.promises(one.it.grounds))
    grounds = msgspec.json.decode(one.it.grounds) | {"promises": after, "with_the_last": more > 0}
    silent = one.it.kind == "claim" and all(line.wish != "refund" for line in one.lines)
    expected = one.it.expected + (0 if silent else more)
    await db.execute(PROMISE, msgspec.json.encode(grounds).decode(), expected, one.it.id)
    if not silent:
        said: dict[str, Any] = {"amount": abs(more), "currency": one.it.currency}
        await moving.tell(one, f"{one.it.kind}_delivery_{'added' if more > 0 else 'kept'}", by=by, **said)
