"""Money or credit that comes back to the customer in the end: in full, in part or less what is kept.

The ledger (`orders/refunding.py`) sees to it that never more is given back than was paid; here, that each part is asked once.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from app import db, typed
from app.db import transaction
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.orders import refunded, refunding
from app.orders.refunding import Credit, Wanted
from app.returns import advance, deciding, exchanging, given_beside, kept, less, moving, owed, payers, uncharged
from app.returns.kept import Kept, KeptReturnLine
from app.returns.owed import Share

PAYABLE = ("approved", "label_issued", "in_transit", "received", "acknowledged", "goods_due", "goods_received", "proof_sent")
ITS_RETURN = "SELECT r.code FROM refunds f JOIN returns r ON r.id = f.of_return WHERE f.id = {} AND r.merchant = {}"
ITS_CUSTOMERS = "SELECT id FROM orders WHERE id = {} AND customer = {}"
ARRIVED = ("received", "goods_received")


class Deduction(Struct, frozen=True):
    """What the merchant keeps of a line: for what using it has cost of its value, never for trying it (Directive 2011/83/EU,
    Art. 14(2)). `reason` is told to the customer."""

    amount: int
    reason: str


NONE: Mapping[int, Deduction] = {}


async def refund(
    merchant: int, code: str, *, by: str, amount: int | None = None, deductions: Mapping[int, Deduction] = NONE,
    last: bool = True, again: bool = False, seen: str | None = None, reason: str = "", not_charged: bool = False,
) -> int:  # fmt: skip
    """What was given back, in minor units, without a bonus. Without an `amount`, all that is left of what was promised and was
    not given back by the shop itself. `deductions` by the return line's id. `last`: nothing more is to come. `again`: it is
    meant, though something was given back beside it that may have been for the same (`given_beside.py`). `seen`: what could be
    given back when it was decided on, in minor units: where that is another amount by now, it is not done twice. `reason`:
    why an amount that is the last is less than what is left; the customer reads it. `not_charged`: the shop does not charge
    what is only reserved (`uncharged.py`), so that nothing of it is left to give.

    Raises Missing, Invalid(amount=…, again=…, reason=…, uncharged=…, deduction-<line>=…), Refused."""
    async with transaction():
        it = await _as_seen(merchant, code, seen)
        await _left_for(it, deductions)
        it = await _deduct(it, deductions)
        shares = await owed.left(it)
        ends = last and not (it.it.kind == "return" and exchanging.wished(it))
        given_up = await uncharged.check(shares, meant=not_charged) if ends else 0
        now = [share for share, _payers in await owed.possible(shares)]
        if amount is None or amount <= sum(share.total for share in now):
            shares = now  # of several orders those that are paid
        wanted = sum(share.total for share in shares) if amount is None else amount
        parts = [] if amount is None and wanted == 0 and ends and _was_promised(it) else _parts(shares, wanted, it)
        ends = ends and not (parts and advance.goods_owed(it))  # money is no word of what is still to come back
        if ends and amount is not None:
            less.check(it, await owed.sum_possible(it) - amount, reason)
        if parts:
            await given_beside.check(it, meant=again)
        for part in parts:
            await give(it, part, by=by)
        told = wanted + sum(part.bonus for part in parts)
        if ends:
            await _done(it, told, by=by, reason=reason.strip() if amount is not None else "", given_up=given_up)
        else:
            await moving.tell(it, f"{it.it.kind}_part_refunded", by=by, amount=told, currency=it.it.currency)
    return wanted


async def _as_seen(merchant: int, code: str, seen: str | None) -> Kept:
    it = await deciding.locked(merchant, code)
    if it.it.state not in PAYABLE:
        raise Refused(_("Nothing can be paid back here now. Look at it again."))
    if seen is not None and seen != str(await owed.sum_possible(it)):
        raise Refused(_("What is left to pay back has changed meanwhile. Look at it again."))
    return it


async def retry(merchant: int, number: int, *, by: str, by_hand: bool, again: bool) -> int:
    """`refunding.again` of a failed refund (its id), which is giving it, too: `again` as of `refund`; no more than is missing
    of what was promised. Raises as both."""
    async with transaction():
        found, most = await db.one(ITS_RETURN, number, merchant), None
        if found:
            it = await deciding.locked(merchant, found["code"])
            await given_beside.check(it, meant=again)
            most = max(await owed.missing(it), 0)
        return await refunding.again(number, by=by, merchant=merchant, by_hand=by_hand, most=most)


async def _left_for(it: Kept, deductions: Mapping[int, Deduction]) -> None:
    """Of what was given already nothing is kept. Raises Invalid(deduction-<line>=…)."""
    before = {line.id: line.deduction for line in it.lines}
    more = {line: one.amount - before[line] for line, one in deductions.items() if line in before and one.amount > before[line]}
    left = sum(share.total for share in await owed.left(it))
    if sum(more.values()) > left:
        said = _("Only %(amount)s are left to give: no more can be kept.") % {"amount": voice().money(left, it.it.currency)}
        raise Invalid.at({f"deduction-{line}": said for line in more})


def payable(it: Kept) -> bool:
    return it.it.state in PAYABLE and it.it.order is not None


def _parts(shares: Sequence[Share], wanted: int, it: Kept) -> list[Share]:
    """`wanted` over the orders: money before credit. What goes beyond the promise is the merchant's own will: to the first."""
    most = sum(share.total for share in shares)
    if wanted <= 0:
        raise Invalid(amount=_("Say how much is to be given back."))
    if wanted > most:
        said = {"amount": voice().money(most, it.it.currency)}
        raise Invalid(amount=_("At most %(amount)s are left of what was promised.") % said)
    found = []
    for share in shares:
        part = share.part(wanted)
        wanted -= part.total
        if part.total:
            found.append(part)
    return found


def _was_promised(it: Kept) -> bool:
    """A withdrawal after the period promises nothing: nobody settles that by mistake."""
    return it.it.kind != "withdrawal" or it.it.expected > 0


async def give(it: Kept, part: Share, *, by: str) -> None:
    lines = [line for line in it.lines if line.order == part.order and line.wish in ("refund", "store_credit")]
    named = not lines or await refunded.named_lines(it.it.id, part.order)
    names = {} if named else await _external_ids([line.line for line in lines])
    if part.credit and not await db.rows(ITS_CUSTOMERS, part.order, it.it.customer):
        raise Refused(_("Order and return are of two customers by now: the credit would be the other’s. Give it by hand."))
    credit = Credit(amount=part.credit, bonus=part.bonus) if part.credit else None
    wanted = Wanted(
        amount=part.money, credit=credit, of_return=it.it.id, due_at=it.it.refund_by, reason=it.it.code,
        lines=[(names[line.line], line.quantity) for line in lines if line.line in names],
    )  # fmt: skip
    await payers.give(part.order, wanted, by=by)


async def _external_ids(lines: Sequence[int]) -> dict[int, str]:
    found = await db.rows(f"SELECT id, external_id FROM order_lines WHERE id IN ({db.marks(len(lines))})", *lines)  # noqa: S608
    return {row["id"]: row["external_id"] for row in found}


async def _done(it: Kept, amount: int, *, by: str, reason: str, given_up: int) -> None:
    """Only credit, in whatever parts, makes a return “credited”. The reason stands with the seller's words to the customer."""
    now = await kept.by_code(it.it.code)
    given = await db.rows(owed.GIVEN, it.it.id)
    paid = "credited" if given and all(row["credit"] == row["amount"] for row in given) else "refunded"
    if not given and now.it.exchange is not None:
        paid = "exchanged"
    to = {"claim": "resolved", "return": paid}.get(it.it.kind, "refunded")
    said: dict[str, Any] = {"columns": {"answer": reason}, "less": reason} if reason else {}
    if given_up:
        said["uncharged"] = given_up
    await moving.move(now, to, by=by, amount=amount, currency=it.it.currency, **said)


async def _deduct(it: Kept, deductions: Mapping[int, Deduction]) -> Kept:
    check(it, deductions)
    before = {line.id: line.deduction for line in it.lines}
    changed = {n: one for n, one in deductions.items() if n in before and (one.amount or before[n])}
    if not changed:
        return it
    for number, one in changed.items():
        await db.execute(
                "UPDATE return_lines SET deduction = {}, deduction_reason = {} WHERE id = {}",
                one.amount, one.reason.strip(), number,
            )  # fmt: skip
    return await kept.by_code(it.it.code)


def check(it: Kept, deductions: Mapping[int, Deduction]) -> None:
    """Raises Invalid, Refused."""
    if not any(one.amount for one in deductions.values()):
        return
    if it.it.state not in ARRIVED:
        raise Refused(_("Something can be kept only of what has come back and was looked at."))
    lines = {line.id: line for line in it.lines}
    wrong = {f"deduction-{n}": text for n, one in deductions.items() if n in lines and (text := _unfit(one, lines[n]))}
    if wrong:
        raise Invalid.at(wrong)


def _unfit(one: Deduction, line: KeptReturnLine) -> str:
    if not 0 <= one.amount <= line.expected:
        return _("Between nothing and what the item cost.")
    if one.amount and not one.reason.strip():
        return _("Say why: the customer reads it.")
    return typed.wrong_words(one.reason)
