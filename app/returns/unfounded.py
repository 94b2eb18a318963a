"""A declaration of withdrawal that is none, or has no effect: junk, a double, of no order, too late, or not wanted any more.

A withdrawal is never declined. This is no refusal: the seller says that there was nothing to withdraw from, or nothing more,
and why; what is held for it is free again. Whoever declared it is told by mail what they can do: by an objection it is in force
again, and so it is when the seller takes that back. The days of the law run from the declaration all the while.
"""

from contextlib import suppress
from datetime import datetime
from typing import Any

import msgspec

from app import clock, db, typed
from app.accounts import customers
from app.db import transaction
from app.errors import Invalid, Missing, Refused
from app.i18n import _
from app.returns import (
    deciding,
    doubts,
    giving_way,
    holding,
    kept,
    moving,
    objections,
    reducing,
    scanned,
    unfounded_letters,
    unfounded_reasons,
    whole,
    withdrawals,
)
from app.returns.kept import Kept
from app.returns.unfounded_reasons import Why

LOOKED_AT = "UPDATE returns SET due_at = {} WHERE id = {} AND state = 'acknowledged'"
STANDS = "UPDATE returns SET objected_at = NULL WHERE id = {}"
THEIR_TURN = "UPDATE returns SET waiting_on = {}, due_at = send_by WHERE id = {}"


async def close(merchant: int, code: str, why: Why, *, answer: str, by: str) -> None:
    """By a manager, which the door has made sure of. Raises Missing, Invalid(clause=…, double=…, answer=…), Refused (409)."""
    async with transaction():
        it = await _locked(merchant, code, why.double)
        if not unfounded_reasons.closable(it):
            raise Refused(_("That cannot be done any more: it has gone on meanwhile. Look at it again."))
        double = await unfounded_reasons.check(it, why)
        if unfit := typed.wrong_words(answer) if answer.strip() else _("Write something."):
            raise Invalid(answer=unfit)
        columns = {"decided_by": by, "clause": why.reason, "answer": answer.strip(), "grounds": _grounds(it, double)}
        said: dict[str, Any] = {"clause": why.reason, "answer": answer.strip(), **({"double_of": double} if double else {})}
        await moving.move(it, "unfounded", by=by, columns=columns, **said)
        await whole.renew(it, by=by)
        await unfounded_letters.closed(await kept.by_code(code))


async def dispute(customer: int | None, code: str, *, text: str, by: str) -> None:
    """By who declared it, signed in or by their link, which the door has made sure of; once. It is in force again, and looked
    at until a named day. Raises Missing, Invalid(text=…), Refused (409)."""
    async with transaction():
        await moving.lock((await kept.by_code(code)).it)
        it = await kept.by_code(code)
        if it.it.customer != customer:
            raise Missing
        if unfit := typed.wrong_words(text):
            raise Invalid(text=unfit)
        if not objections.possible(it) or it.it.state != "unfounded":
            raise Refused(_("There is nothing here that you could object to."))
        due = await deciding.answer_by(it)
        said = {"text": text.strip(), "due": due.isoformat()}
        await _again(it, "withdrawal_disputed", by=by, until=due, objected_at=clock.now(), **said)


async def take_back(merchant: int, code: str, *, by: str) -> None:
    """By a manager: it is in force, whether an objection waits or nobody has raised one. Raises Missing, Refused (409)."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        if it.it.kind == "withdrawal" and objections.waits(it.it) and it.it.settled_at is None:
            await _stands(it, by=by)
        elif it.it.state == "unfounded":
            await _again(it, "withdrawal_resumed", by=by, until=await deciding.answer_by(it), objected_at=None)
        else:
            raise Refused(_("That cannot be done any more: it has gone on meanwhile. Look at it again."))
        await unfounded_letters.in_force(await kept.by_code(code))


async def _stands(it: Kept, *, by: str) -> None:
    """After the objection it goes on from where it is."""
    theirs = it.it.state == "goods_due" and doubts.of(it) != "unclear" and it.it.came_at is None
    turn = "carrier" if it.it.send_by is None else "buyer"  # what has not come to them yet
    await db.execute(STANDS, it.it.id)
    if theirs:
        await db.execute(THEIR_TURN, turn, it.it.id)
    await moving.tell(it, "withdrawal_resumed", by=by, **({"turn": turn} if theirs else {}))


async def _again(it: Kept, event: str, *, by: str, until: datetime, objected_at: datetime | None, **said: Any) -> None:
    columns = {
        "clause": "", "answer": "", "decided_at": None, "decided_by": "", "objected_at": objected_at,
        "grounds": _grounds(it, ""),
    }  # fmt: skip
    await moving.move(it, "acknowledged", by=by, due_at=until, columns=columns, event_kind=event, state="acknowledged", **said)
    if doubts.of(it) == "late":
        return
    await _hold_again(await kept.by_code(it.it.code), by)
    await withdrawals.begin(await kept.by_code(it.it.code), objected=objected_at is not None)
    if objected_at is not None:
        await db.execute(LOOKED_AT, until, it.it.id)


async def _hold_again(it: Kept, by: str) -> None:
    """What nobody has decided yet gives way to it, as when it was declared; and it is promised anew, by what is left of the
    order. Raises Refused (409)."""
    if not it.lines:
        return
    left = await holding.left(await kept.orders_of(it.it.id))
    if any(line.line not in left or left[line.line].withdrawable < line.quantity for line in it.lines):
        raise Refused(_("These items are in another return by now."))
    await reducing.less(it, [(line, line.quantity) for line in it.lines])
    await giving_way.make_room(await kept.by_code(it.it.code), by=by)
    await whole.renew(await kept.by_code(it.it.code), by=by)


def _grounds(it: Kept, double: str) -> str:
    """“double_of”: the code of the declaration that stands in its place."""
    known = {name: value for name, value in msgspec.json.decode(it.it.grounds).items() if name != "double_of"}
    return msgspec.json.encode(known | ({"double_of": double} if double else {})).decode()


async def _locked(merchant: int, code: str, double: str) -> Kept:
    """With the one that is named beside it: of two that are each to be a double of the other, one stays. Raises Missing."""
    them = [await kept.at_desk(merchant, code)]
    if other := scanned.code(double):
        with suppress(Missing):
            them.append(await kept.at_desk(merchant, other))
    for customer in sorted({one.it.customer for one in them if one.it.customer is not None}):
        await customers.lock(customer)
    for name in sorted({one.it.code for one in them if one.it.customer is None}):
        await db.take_turn(f"return {name}")
    it = await kept.at_desk(merchant, code)
    if it.it.customer != them[0].it.customer:
        raise Refused(_("That cannot be done any more: it has gone on meanwhile. Look at it again."))
    return it
