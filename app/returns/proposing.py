"""What is dearer than what came back is proposed: its customer agrees to the difference or has their money back, and nothing is
made before. Whoever does not answer has their money back, as they were told.
"""

from collections.abc import Sequence

from app import clock, typed
from app.accounts import customers
from app.db import transaction
from app.errors import Invalid, Refused
from app.i18n import _
from app.returns import deciding, exchanging, given_beside, kept, moving, proposals, replacing, settling, states
from app.returns.exchanging import Item, Sending
from app.returns.kept import Kept, KeptReturnLine
from app.returns.proposals import Proposal

MOST_OF_WORDS = 1_000  # letters of how it is paid


def dearer(it: Kept, what: Sending) -> int:
    """What is to be paid for it if that is asked for; 0 where nothing is, as of a claim. In minor units."""
    more = sum(one.difference for one in exchanging.compared(what.items, exchanging.lines(it))) if what.items else 0
    return max(more, 0) if it.it.kind == "return" and what.ask else 0


async def propose(
    merchant: int, code: str, items: Sequence[Item], *, how_paid: str, by: str, again: bool = False
) -> None:  # fmt: skip
    """In place of what was proposed before; the same once more is the same. `again`: as of `settling.refund`. Raises Missing,
    Invalid (as `exchanging.check`, how_paid=…, again=…), Refused (409)."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        wanted = exchanging.lines(it)
        if it.it.kind != "return" or not wanted or it.it.customer is None or not settling.payable(it):
            raise Refused(_("There is nothing to exchange here."))
        exchanging.check(items, wanted)
        await given_beside.check(it, meant=again, goods=True)
        difference, how = _difference(items, wanted), how_paid.strip()
        if difference <= 0:
            raise Refused(_("It costs no more than what came back: there is nothing to ask for."))
        if unfit := typed.wrong_words(how, MOST_OF_WORDS) if how else _("Say how it is paid: the customer reads it."):
            raise Invalid(how_paid=unfit)
        before = await proposals.standing(it)
        if before and (before.sent, before.how_paid) == (list(items), how):
            return
        until = await proposals.write(it, items, difference, how, by=by)
        said = {"amount": difference, "currency": it.it.currency, "due": until.isoformat()}
        await moving.tell(it, "return_exchange_proposed", by=by, **said)


async def take_back(merchant: int, code: str, *, by: str) -> None:
    """Raises Missing, Refused (409) once it is answered."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        if not await proposals.end(it, "taken_back"):
            raise Refused(_answered(await proposals.newest(it)))
        await moving.tell(it, "return_exchange_taken_back", by=by)


async def answer(customer: int, code: str, number: int, *, agrees: bool, by: str) -> None:
    """`number`: of the proposal that they have read. The same answer twice is one. Raises Missing, Refused (409)."""
    async with transaction():
        await customers.lock(customer)
        it = await kept.owned_by(customer, code)
        found = await proposals.newest(it)
        if found and found.id == number and found.state in (("agreed", "sent") if agrees else ("refused",)):
            return
        if found and found.id != number:
            raise Refused(_("Something else has been proposed meanwhile. Look at it again."))
        if found is None or found.state != "open":
            raise Refused(_answered(found))
        if not agrees:
            await _money_back(it, "refused", by=by)
        elif found.answer_by <= clock.now():
            raise Refused(_("The time to agree is over: you get your money back."))
        else:
            await _agree(it, found, by=by)


async def lapse(it: Kept) -> None:
    """Nobody has answered in time. In a transaction with the customer's row locked."""
    found = await proposals.standing(it)
    if found and found.answer_by <= clock.now():
        await _money_back(it, "lapsed", by="system")


async def _agree(it: Kept, found: Proposal, *, by: str) -> None:
    wanted, items = exchanging.lines(it), found.sent
    if any(one.again and one.at and one.at > found.at for one in await given_beside.of(it)):
        raise Refused(_("The seller has paid money back since, which may have been for this. They have to look at it first."))
    if {line.id for line in wanted} != {item.line for item in items} or _difference(items, wanted) != found.difference:
        raise Refused(_("What you sent back has changed since. The seller has to propose it anew."))
    await proposals.end(it, "agreed")
    await replacing.exchange(it.it.merchant, it.it.code, Sending(items=items, ask=True), again=True, by=by)
    await proposals.sellers_turn(it, also=states.SETTLED)  # it is theirs to send now
    await moving.tell(it, "return_exchange_agreed", by=by, amount=found.difference, currency=found.currency)


async def _money_back(it: Kept, how: str, *, by: str) -> None:
    await proposals.end(it, how)
    await moving.tell(it, f"return_exchange_{how}", by=by)
    await replacing.money_instead(it.it.merchant, it.it.code, by=by)


def _difference(items: Sequence[Item], wanted: Sequence[KeptReturnLine]) -> int:
    return sum(one.difference for one in exchanging.compared(items, wanted))


def _answered(it: Proposal | None) -> str:
    """Why it cannot be answered, or taken back, any more."""
    return {
        "agreed": _("The customer has agreed already: the exchange is being prepared."),
        "sent": _("The customer has agreed already: the exchange is being prepared."),
        "refused": _("The money was chosen already: it comes back."),
        "lapsed": _("Nobody answered in time: the money comes back."),
        "taken_back": _("The seller has taken the proposal back."),
        "over": _("The proposal is over: something else has come of it."),
    }.get(it.state if it else "", _("Nothing is proposed here."))
