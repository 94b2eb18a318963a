"""At the desk: money back for a return, asked once more: how much and to where, before it is given; in full, in part or less
what is kept of the lines.
"""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app import typed
from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.merchants import door, roles
from app.orders import refunds_waiting
from app.returns import cards, cautions, destinations, kept, owed, settling
from app.returns import door as one
from app.returns.door import NOTHING, Refusal
from app.returns.settling import Deduction
from app.web import access

REFUND = f"{one.ONE}/refund"
FIELDS = ("amount", "more", "deduction", "why", "shown")


@get(REFUND, access=access.DESK)
async def look(request: Request, code: FromPath[str]) -> Response[Any]:
    return await _page(request, code)


@post(REFUND, status_code=200, access=access.DESK)
async def refund(request: Request, code: FromPath[str]) -> Response[Any]:
    """What is kept of the lines is a manager's. It leads to where its payment is noted, if somebody here has to make it."""
    said = {name: text for name, text in await forms.sent(request) if name.partition("-")[0] in FIELDS}
    it = await kept.at_desk(request.auth.merchant, code)
    try:
        amount = typed.amount_at("amount", said["amount"], it.it.currency) if said.get("amount", "").strip() else None
        kept_back = {line.id: keeps for line in it.lines if (keeps := _deduction(said, line.id, it.it.currency))}
        if kept_back and not request.auth.manager:
            raise roles.refusal("manager")
        await settling.refund(
            request.auth.merchant, code, amount=amount, deductions=kept_back, last=said.get("more") != "yes",
            seen=said.get("shown"), by=one.member(request),
        )  # fmt: skip
    except (Invalid, Refused) as error:
        if isinstance(error, Refused) and error.status == 403:
            raise
        return await _page(request, code, error, said)
    return await _given(request, code, it.it.id)


async def _given(request: Request, code: str, number: int) -> Response[Any]:
    here = f"{request.auth.url}/returns/{code}"
    waiting = await refunds_waiting.of_return(request.auth.merchant, number, voice())
    by_hand = next((card.card.number for card in waiting if card.card.waits == "payment"), None)
    if by_hand is None:
        return door.changed(here, _("The refund is approved."))
    return door.changed(f"{here}#refund-{by_hand}", _("Approved. Pay it, then note its reference."))


def _deduction(said: Mapping[str, str], line: int, currency: str) -> Deduction | None:
    text = said.get(f"deduction-{line}", "").strip()
    if not text:
        return None
    return Deduction(typed.amount_at(f"deduction-{line}", text, currency), said.get(f"why-{line}", ""))


async def _page(request: Request, code: str, refusal: Refusal = None, said: Mapping[str, str] = NOTHING) -> Response[Any]:
    it, words = await kept.at_desk(request.auth.merchant, code), voice()
    payable = settling.payable(it)
    left, possible = (sum(share.total for share in await owed.left(it)), await owed.sum_possible(it)) if payable else (0, 0)
    return door.shown(
        request,
        "returns/desk/refund",
        refusal=refusal,
        it=cards.sheet(it, [], words, desk=True),
        left=words.money(possible, it.it.currency) if left else "",
        less=words.money(left - possible, it.it.currency) if possible < left else "",
        possible=possible,
        cautions=await cautions.before_paying(it, words) if payable else [],
        to=await destinations.told(it, words) if left else [],
        can_deduct=it.it.state in settling.ARRIVED,
        form=forms.shown(refusal, **{"amount": "", "more": "", **said}),
    )


MEMBERS = [look, refund]
