"""What a merchant's people say to what was asked for: yes, no with the clause it rests on, or a question back.

And what the customer says to that: an answer, an objection, or that they take it back. Whoever is at a desk is let in by its
guard; here only the record counts. `by` is who, see `moving.move`.
"""

from datetime import datetime
from typing import Any

from app import clock, db, typed
from app.accounts import customers
from app.db import transaction
from app.errors import Invalid, Refused
from app.i18n import _
from app.returns import asking, called_off, holding, kept, labelling, moving, objections, refusals, states, whole
from app.returns.kept import Kept


async def approve(merchant: int, code: str, *, by: str, answer: str = "", first: bool = False) -> None:
    """A return is sent back next, a claim or a cancellation made good by the seller. `first`: only where nobody has decided
    yet; else a refusal may be taken back, too. An exchange that is cancelled so is not sent (see `called_off.py`). Raises
    Missing, Invalid, Refused (409)."""
    _check_text(answer=answer)
    async with transaction():
        it = await locked(merchant, code)
        if first and it.it.state not in ("requested", "open"):
            raise Refused(_("That cannot be done any more: it has gone on meanwhile. Look at it again."))
        due = it.it.send_by if it.it.kind == "return" else await answer_by(it)
        columns = {"decided_by": by, "answer": answer.strip(), "clause": ""}
        worth: dict[str, Any] = {"amount": it.it.expected, "currency": it.it.currency} if it.it.kind == "cancellation" else {}
        await moving.move(it, "approved", by=by, due_at=due, columns=columns, answer=answer.strip(), **worth)
        if it.it.state in states.LET_GO:
            await hold_again(it)
        await whole.renew(it, by=by)
        await labelling.issue(await kept.by_code(code), due)
        if it.it.kind == "cancellation":
            await called_off.agreed(await kept.by_code(code), by=by)


async def decline(merchant: int, code: str, *, clause: str, answer: str, by: str) -> None:
    """With a clause that fits (see `refusals.py`). Raises Missing, Invalid(clause=…, answer=…), Refused for a withdrawal, which
    nobody can decline."""
    async with transaction():
        it = await locked(merchant, code)
        if it.it.kind == "withdrawal":
            raise Refused(_("A withdrawal cannot be declined. Write to the customer what stands against it, and by which law."))
        _check_text(answer=answer)
        if clause not in (refusals.KNOWN if by.startswith("source:") else refusals.fitting(it)):
            wrong = _("That does not fit what was asked for, or when.") if clause in refusals.KNOWN else ""
            raise Invalid(clause=wrong or _("Choose what the refusal rests on."))
        to = "denied" if it.it.kind == "claim" else "declined"
        columns = {"decided_by": by, "clause": clause, "answer": answer.strip()}
        await moving.move(it, to, by=by, columns=columns, clause=clause, answer=answer.strip())
        await whole.renew(it, by=by)


async def ask_back(merchant: int, code: str, *, question: str, by: str) -> None:
    """The customer is to answer; nothing is decided. Raises Missing, Invalid(question=…), Refused (409)."""
    async with transaction():
        it = await locked(merchant, code)
        _check_text(question=question, needed=True)
        if it.it.state not in ("requested", "open", "received", "goods_received"):
            raise Refused(_("There is nothing to ask about any more: it is decided."))
        if it.it.proposed:
            raise Refused(_("The customer is to answer what is proposed. Take that back first."))
        await _wait_for("buyer", it)
        await moving.tell(it, f"{it.it.kind}_questioned", by=by, text=question.strip())


async def reply(customer: int, code: str, *, text: str, by: str) -> None:
    """The customer's answer to a question. Raises Missing, Invalid(text=…), Refused (409) where none is open."""
    async with transaction():
        it = await _own(customer, code)
        _check_text(text=text, needed=True)
        asked = it.it.waiting_on == "buyer" and it.it.state in ("requested", "open", "received", "goods_received")
        if it.it.proposed or not asked:
            raise Refused(_("There is no open question."))
        await _wait_for("seller", it)
        await moving.tell(it, f"{it.it.kind}_answered", by=by, text=text.strip())


async def object_to(customer: int, code: str, *, text: str, by: str) -> None:
    """Against a refusal, or less than was promised, once: it is looked at again until a named day. Of a withdrawal the event is
    “contested”: the other word is its seller's. Raises Missing, Invalid(text=…), Refused (409)."""
    async with transaction():
        it = await _own(customer, code)
        _check_text(text=text)
        if it.it.state == "unfounded" or not objections.possible(it):
            raise Refused(_("There is nothing here that you could object to."))
        due = await _wait_for("seller", it)
        await db.execute("UPDATE returns SET objected_at = {} WHERE id = {}", clock.now(), it.it.id)
        kind = "withdrawal_contested" if it.it.kind == "withdrawal" else f"{it.it.kind}_objected"
        await moving.tell(it, kind, by=by, text=text.strip(), due=due.isoformat() if due else "")


async def uphold(merchant: int, code: str, *, answer: str, by: str) -> None:
    """The refusal stands, or what is kept is, with words of why. Raises Missing, Invalid(answer=…), Refused (409)."""
    async with transaction():
        it = await locked(merchant, code)
        _check_text(answer=answer, needed=True)
        less = objections.for_less(it.it)
        if not less and (it.it.state not in states.REFUSED or it.it.waiting_on != "seller"):
            raise Refused(_("There is no open objection."))
        await _wait_for("nobody", it)
        await db.execute("UPDATE returns SET answer = {} WHERE id = {}", answer.strip(), it.it.id)
        await moving.tell(it, f"{it.it.kind}_{'stood' if less else 'upheld'}", by=by, text=answer.strip())


async def cancel(customer: int, code: str, *, by: str) -> None:
    """The customer takes it back, until it is on its way. Raises Missing, Refused (409)."""
    async with transaction():
        it = await _own(customer, code)
        await moving.move(it, "cancelled", by=by)
        await whole.renew(it, by=by)


async def answer_by(it: Kept) -> datetime:
    """When the seller is to have answered, from now on."""
    return await asking.answer_by(it.it.merchant)


async def _wait_for(whom: str, it: Kept) -> datetime | None:
    due = await answer_by(it) if whom != "nobody" else None
    await db.execute("UPDATE returns SET waiting_on = {}, due_at = {} WHERE id = {}", whom, due, it.it.id)
    return due


async def gone(it: Kept) -> bool:
    """Whether what was let go by a refusal is not there any more: in another return (see `taking.py`), cancelled, paid back."""
    left = await holding.left(await kept.orders_of(it.it.id))
    return any(line.line not in left or left[line.line].free < line.quantity for line in it.lines)


async def hold_again(it: Kept) -> None:
    """Raises Refused (409)."""
    if await gone(it):
        raise Refused(_("These items are in another return by now."))
    await db.execute("UPDATE return_lines SET held = quantity WHERE of_return = {}", it.it.id)


async def locked(merchant: int, code: str) -> Kept:
    await moving.lock((await kept.at_desk(merchant, code)).it)
    return await kept.at_desk(merchant, code)


async def _own(customer: int, code: str) -> Kept:
    await customers.lock(customer)
    return await kept.owned_by(customer, code)


def _check_text(*, needed: bool = False, **texts: str) -> None:
    for name, text in texts.items():
        if needed and not text.strip():
            raise Invalid.at({name: _("Write something.")})
        if unfit := typed.wrong_words(text):
            raise Invalid.at({name: unfit})
