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
from app.returns import cards, cautions, destinations, given_beside, given_cards, kept, less, owed, settling, uncharged
from app.returns import door as one
from app.returns.door import NOTHING, Refusal
from app.returns.kept import Kept
from app.returns.settling import Deduction
from app.web import access

REFUND = f"{one.ONE}/refund"
FIELDS = ("amount", "how", "more", "again", "uncharged", "deduction", "why", "reason", "shown", "sure", "step")


@get(REFUND, access=access.DESK)
async def look(request: Request, code: FromPath[str]) -> Response[Any]:
    return await _page(request, code)


@post(REFUND, status_code=200, access=access.DESK)
async def refund(request: Request, code: FromPath[str]) -> Response[Any]:
    """What is kept of the lines is a manager's. It leads to where its payment is noted, if somebody here has to make it."""
    said = {name: text for name, text in await forms.sent(request) if name.partition("-")[0] in FIELDS}
    it = await kept.at_desk(request.auth.merchant, code)
    try:
        kept_back = {line.id: keeps for line in it.lines if (keeps := _deduction(said, line.id, it.it.currency))}
        if kept_back and not request.auth.manager:
            raise roles.refusal("manager")
        if said.get("step") == "change":
            return await _page(request, code, None, said)
        amount = _amount(said, it.it.currency)
        if said.get("more") != "yes" and (amount is not None or kept_back):
            given, short = await less.than_promised(it, amount, kept_back)
            if short and not request.auth.manager:
                raise roles.refusal("manager")
            if short and said.get("sure") != "yes":
                return _second(request, it, said, kept_back, given, short)
        await settling.refund(
            request.auth.merchant, code, amount=amount, deductions=kept_back, last=said.get("more") != "yes",
            again=said.get("again") == "yes", seen=said.get("shown"), reason=said.get("reason", ""),
            not_charged=said.get("uncharged") == "yes", by=one.member(request),
        )  # fmt: skip
    except (Invalid, Refused) as error:
        if isinstance(error, Refused) and error.status == 403:
            raise
        return await _page(request, code, error, said)
    return await _given(request, code, it.it.id)


def _second(
    request: Request, it: Kept, said: Mapping[str, str], kept_back: Mapping[int, Deduction], given: int, short: int
) -> Response[Any]:  # fmt: skip
    """So much and no more, asked once more with what its customer will read. Raises Invalid, Refused."""
    settling.check(it, kept_back)
    of_lines = sum(one.amount - line.deduction for line in it.lines if (one := kept_back.get(line.id)))
    less.check(it, short - of_lines, said.get("reason", ""))
    words = voice()
    titles = {line.id: line.title for line in it.lines}
    why = [(titles[n], words.money(one.amount, it.it.currency), one.reason) for n, one in kept_back.items() if one.amount]
    return door.shown(
        request, "returns/desk/refund_less", it=cards.sheet(it, [], words, desk=True), why=why, reason=said.get("reason", ""),
        given=words.money(given, it.it.currency), short=words.money(short, it.it.currency),
        again=[(name, text) for name, text in said.items() if name not in ("sure", "step")],
    )  # fmt: skip


async def _given(request: Request, code: str, number: int) -> Response[Any]:
    here = f"{request.auth.url}/returns/{code}"
    waiting = await refunds_waiting.of_return(request.auth.merchant, number, voice())
    by_hand = next((card.card.number for card in waiting if card.card.waits == "payment"), None)
    if by_hand is None:
        return door.changed(here, _("The refund is approved."))
    return door.changed(f"{here}#refund-{by_hand}", _("Approved. Pay it, then note its reference."))


def _amount(said: Mapping[str, str], currency: str) -> int | None:
    """None for all that is left, which has to be said (`how`): an empty field is no amount. Raises Invalid."""
    text = said.get("amount", "").strip()
    if said.get("how") != "all":
        return typed.amount_at("amount", text, currency)
    if text:
        raise Invalid(amount=_("Either all that is left, or an amount."))
    return None


def _deduction(said: Mapping[str, str], line: int, currency: str) -> Deduction | None:
    """Raises Invalid."""
    text, why = said.get(f"deduction-{line}", "").strip(), said.get(f"why-{line}", "")
    if text:
        return Deduction(typed.amount_at(f"deduction-{line}", text, currency), why)
    if why.strip():
        raise Invalid.at({f"deduction-{line}": _("Say how much, or leave both fields empty.")})
    return None


async def _page(request: Request, code: str, refusal: Refusal = None, said: Mapping[str, str] = NOTHING) -> Response[Any]:
    it, words = await kept.at_desk(request.auth.merchant, code), voice()
    payable = settling.payable(it)
    left, possible = (sum(share.total for share in await owed.left(it)), await owed.sum_possible(it)) if payable else (0, 0)
    return door.shown(
        request,
        "returns/desk/refund",
        refusal=refusal,
        it=cards.sheet(it, [], words, desk=True),
        beside=await given_cards.shown(it, words),
        warning=await given_beside.warning(it),
        by_law=it.it.kind == "withdrawal",
        left=words.money(possible, it.it.currency) if left else "",
        less=words.money(left - possible, it.it.currency) if possible < left else "",
        possible=possible,
        reserved=words.money(held, it.it.currency) if payable and (held := await uncharged.of(it)) else "",
        cautions=await cautions.before_paying(it, words) if payable else [],
        to=await destinations.told(it, words) if left else [],
        can_deduct=it.it.state in settling.ARRIVED,
        form=forms.shown(refusal, **{"amount": "", "how": "", "more": "", "again": "", "uncharged": "", "reason": "", **said}),
    )


MEMBERS = [look, refund]
