"""Money that a shop's own system gave back, and says for which return: told again with every news of its order, counted once.

What it is named for here is a return of the same customer that has something of the order that it was paid for, or of one that
was sent in exchange for it: their row is locked already, and nobody else's is waited for. What cannot be counted undoes nothing
of the order's own news: it is said at the desk, once, and looked at again when it is told again.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import msgspec

from app import db
from app.db import transaction
from app.errors import Refused
from app.events import actions as events
from app.events.actions import data_of
from app.i18n import _
from app.orders import refund_less, refund_steps, refunded
from app.payments import own
from app.returns import (
    advance,
    deciding,
    exchanging,
    given_beside,
    happened,
    kept,
    moving,
    owed,
    payers,
    proposals,
    source_steps,
    states,
)  # fmt: skip
from app.returns.kept import Kept

FOUND = """
SELECT r.id FROM returns r WHERE r.merchant = {{}} AND r.code = {{}} AND r.state <> 'unconfirmed' AND EXISTS (
  SELECT 1 FROM refunds f JOIN orders o ON o.id = f."order"
  WHERE o.merchant = r.merchant AND o.customer = r.customer AND f.external_id IN ({marks})
)
"""
LINKED = """
UPDATE refunds SET of_return = {{}}, for_order = {{}} WHERE "order" = {{}} AND origin = 'source' AND of_return IS NULL
  AND state <> 'failed' AND external_id IN ({marks}) RETURNING amount, "order"
"""
ORDERS = """
SELECT DISTINCT l."order" FROM return_lines l JOIN orders o ON o.id = l."order"
WHERE l.of_return = {} AND o.customer = {} ORDER BY l."order"
"""
UNSENT = """
SELECT id, amount FROM refunds WHERE of_return = {} AND origin = 'counter' AND state IN ('requested', 'pending')
AND sent_at IS NULL ORDER BY id DESC
"""
NOT_AGAIN = """
UPDATE refunds SET last_error = {} WHERE of_return = {} AND origin = 'counter' AND state = 'failed'
AND NOT EXISTS (SELECT 1 FROM refunds a WHERE a.again_of = refunds.id)
"""
OF_RETURN = """
SELECT id, origin, lines FROM refunds WHERE of_return = {} AND "order" = {} AND state <> 'failed' ORDER BY id
"""


async def paid_for(merchant: int, code: str, refunds: Sequence[str], *, by: str) -> None:
    """`refunds` are the shop's ids of what it gave back for the return with this code. Nothing where there is none, or it is
    about other orders."""
    if not refunds:
        return
    async with transaction():
        if not await db.one(FOUND.format(marks=db.marks(len(refunds))), merchant, code, *refunds):
            return
        it = await deciding.locked(merchant, code)
        try:
            async with db.undone_alone():
                await _count(it, refunds, by=by)
        except Refused as error:
            await _say(it, refunds, error.message, by=by)


async def was_for(merchant: int, code: str, refund: str, *, by: str) -> None:
    """Somebody at the desk says so of what the shop gave back (its own id) without saying for what. Raises Missing, Refused
    (409) for what was given for something else."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        found = [one for one in await given_beside.of(it) if one.again and one.origin == "source"]
        if not any(one.external_id == refund for one in found):
            raise Refused(_("That cannot be done any more: it has gone on meanwhile. Look at it again."))
        await _count(it, [refund], by=by)


async def _count(it: Kept, refunds: Sequence[str], *, by: str) -> None:
    """Raises Refused (409) for a withdrawal that is said to have no effect: who pays for it takes that back first."""
    if it.it.state == "unfounded":
        raise Refused(_("It is closed as having no effect: nothing can be paid back for it before it is put in force."))
    linked, found = LINKED.format(marks=db.marks(len(refunds))), list[db.Row]()
    for order, sent in (await _paying(it)).items():
        found += await db.execute(linked, it.it.id, sent, order, *refunds)
    for order in sorted({row["order"] for row in found}):
        await _named_once(it, order)
    if amount := sum(row["amount"] for row in found):
        await refunded.sum_up(it.it.id)
        await _lessen(it, by=by)
        await _refunded(it, amount, by=by)
    await source_steps.settled(it.it.code, by=by)


async def _lessen(it: Kept, *, by: str) -> None:
    """What was decided here and not sent is made less by as much as is too much with what the shop gave: the newest first. What
    has failed is not to be tried again once nothing is missing."""
    too_much = max(-await owed.missing(it), 0)
    for row in await db.rows(UNSENT, it.it.id) if too_much else ():
        less = min(too_much, row["amount"])
        with suppress(Refused):  # what a provider was asked for, only it can tell
            if 0 < less < row["amount"]:
                await refund_less.reduce(row["id"], less, by=by)
            elif less > 0:
                await refund_steps.fail(row["id"], by=by, reason=own.GIVEN_THERE)
            too_much -= less
    if await owed.missing(it) <= 0:
        await db.execute(NOT_AGAIN, own.GIVEN_THERE, it.it.id)


async def _paying(it: Kept) -> dict[int, int | None]:
    """Its orders, and those whose payments they were paid with, by which of them: one that was sent in exchange, the shop may
    know nothing of, and gives back on the first order."""
    own = [row["order"] for row in await db.rows(ORDERS, it.it.id, it.it.customer)]
    found = dict[int, int | None].fromkeys(own)
    for order in own:
        for one in await payers.of(order):
            found.setdefault(one.order, order)
    return dict.fromkeys(given_beside.instead(it)) | found


async def _say(it: Kept, refunds: Sequence[str], why: str, *, by: str) -> None:
    """To the merchant's people: it is no news for the customer, who has the money."""
    kind = f"{it.it.kind}_refund_uncounted"
    said = [data_of(row["data"]) for row in await happened.events(it) if row["kind"] == kind]
    if not any(data.get("refunds") == list(refunds) and data.get("code") == it.it.code for data in said):
        await events.record(
            kind, merchant=it.it.merchant, order=it.it.order, code=it.it.code, by=by, note=why, refunds=list(refunds)
        )


async def _named_once(it: Kept, order: int) -> None:
    """Lines that the source's refunds name for it are not counted again by ours."""
    rows = await db.rows(OF_RETURN, it.it.id, order)
    theirs = Counter[str]()
    for row in rows:
        if row["origin"] == "source":
            theirs.update({part["line"]: part["quantity"] for part in msgspec.json.decode(row["lines"])})
    for row in rows:
        parts = msgspec.json.decode(row["lines"]) if row["origin"] == "counter" else []
        left = [{**part, "quantity": _less(part, theirs)} for part in parts]
        if left != parts:
            kept_parts = msgspec.json.encode([part for part in left if part["quantity"]]).decode()
            await db.execute("UPDATE refunds SET lines = {} WHERE id = {}", kept_parts, row["id"])
    await refunded.renew(await refunded.locked(order))


def _less(part: Mapping[str, Any], theirs: Counter[str]) -> int:
    taken = min(part["quantity"], theirs[part["line"]])
    theirs[part["line"]] -= taken
    return int(part["quantity"]) - taken


async def _refunded(it: Kept, amount: int, *, by: str) -> None:
    """It is settled with all that is due, or with what it comes to where the shop has closed it: less may be a first part, or
    for the trouble alone. A claim that is made good is granted, a return that is paid for agreed to. A withdrawal is owed all
    of its money, whatever the shop says (Directive 2011/83/EU, Art. 13). What was proposed in exchange is the shop's to look at
    again: its customer has been given something."""
    await proposals.end(it, "over")
    claim = it.it.kind == "claim"
    whole = not await _due(it) or (it.it.kind == "return" and await source_steps.closed_there(it))
    if it.it.state == "requested" or (it.it.state == "open" and whole):
        await deciding.approve(it.it.merchant, it.it.code, by=by)
        it = await kept.by_code(it.it.code)
    to = "resolved" if claim else "refunded"
    if whole and it.it.state != "closed" and states.may(it.it.kind, it.it.state, to):
        await moving.move(it, to, by=by, amount=amount, currency=it.it.currency)
    else:
        await moving.tell(it, f"{it.it.kind}_part_refunded", by=by, amount=amount, currency=it.it.currency)


async def _due(it: Kept) -> bool:
    """Is anything still to be given, as far as it can be: money, credit, or what was to come in exchange? Or to be sent back,
    for an exchange that has gone out?"""
    if it.it.kind == "return" and (exchanging.wished(it) or advance.goods_owed(it)):
        return True
    return await owed.sum_possible(it) > 0
