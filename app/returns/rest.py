"""What was kept of a settled return, or not given, is given back after all, when its customer objects: all of it, or some.

It goes the way of any refund (`settling.py`), within what was promised and is still there of what was paid. What the lines say
of what is kept becomes less by as much; settled it stays.
"""

from collections.abc import Mapping

from msgspec.structs import replace

from app import db
from app.db import transaction
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.returns import deciding, given_beside, kept, moving, objections, owed, settling
from app.returns.kept import Kept
from app.returns.owed import Share

KEEPS = "UPDATE return_lines SET deduction = {} WHERE id = {}"
KEEPS_NOTHING = "UPDATE return_lines SET deduction = 0, deduction_reason = '' WHERE id = {}"
ANSWERED = "UPDATE returns SET waiting_on = 'nobody', due_at = NULL WHERE id = {}"


async def pay(
    merchant: int, code: str, *, by: str, amount: int | None = None, again: bool = False, seen: str | None = None
) -> int:  # fmt: skip
    """What was given back, in minor units, without a bonus; without an `amount` all that can be. `again` as of
    `settling.refund`; `seen`: what could be given when it was decided on. By a manager, which the door has made sure of. Raises
    Missing, Invalid(amount=…, again=…), Refused (409)."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        if not objections.for_less(it.it):
            raise Refused(_("There is no open objection."))
        shares = await possible(it)
        most = sum(share.total for share in shares)
        if seen is not None and seen != str(most):
            raise Refused(_("What is left to pay back has changed meanwhile. Look at it again."))
        wanted = most if amount is None else amount
        _check(wanted, most, it.it.currency)
        await given_beside.check(it, meant=again)
        told = await _give(it, shares, wanted, by=by)
        await db.execute(ANSWERED, it.it.id)
        await moving.tell(it, f"{it.it.kind}_rest_refunded", by=by, amount=told, currency=it.it.currency)
    return wanted


async def possible(it: Kept) -> list[Share]:
    """Of each order what would be left to give if nothing were kept of the lines, as far as it was paid."""
    whole = replace(it, lines=[replace(line, deduction=0) for line in it.lines])
    return [share for share, _payers in await owed.possible(await owed.left(whole))]


def _check(wanted: int, most: int, currency: str) -> None:
    if most <= 0:
        raise Refused(_("Nothing can be paid back here now. Look at it again."))
    if wanted <= 0:
        raise Invalid(amount=_("Say how much is to be given back."))
    if wanted > most:
        said = {"amount": voice().money(most, currency)}
        raise Invalid(amount=_("At most %(amount)s are left of what was promised.") % said)


async def _give(it: Kept, shares: list[Share], wanted: int, *, by: str) -> int:
    """Order by order, with its bonus."""
    parts = dict[int, int]()
    for share in shares:
        parts[share.order] = min(share.total, wanted)
        wanted -= parts[share.order]
    await _keep_less(it, parts, {share.order: share.total for share in shares})
    told, now = 0, await kept.by_code(it.it.code)
    on_time = replace(now, it=replace(now.it, refund_by=None))  # its day was that of the first of it
    for share in await owed.left(now):
        part = share.part(parts.get(share.order, 0))
        if part.total:
            await settling.give(on_time, part, by=by)
            told += part.total + part.bonus
    return told


async def _keep_less(it: Kept, parts: Mapping[int, int], left: Mapping[int, int]) -> None:
    """So much less of an order's lines, the first of them first; nor is kept what has gone back otherwise meanwhile."""
    for order, part in parts.items():
        lines = [line for line in it.lines if line.order == order and line.deduction]
        rest = min(sum(line.deduction for line in lines), left[order]) - part
        for line in reversed(lines if part else []):
            keeps = max(min(line.deduction, rest), 0)
            rest -= keeps
            await db.execute(*((KEEPS, keeps, line.id) if keeps else (KEEPS_NOTHING, line.id)))
