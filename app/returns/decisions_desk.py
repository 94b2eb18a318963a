"""What a desk does with one return: yes, no, a question; what arrived; a repair. Each leads back to it. Money and what is sent
instead have pages of their own (`paying_desk`, `exchange_desk`)."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath

from app import typed
from app.accounts import forms
from app.errors import Invalid
from app.i18n import _
from app.merchants import roles
from app.returns import (
    claimed,
    deciding,
    kept,
    objections,
    receiving,
    repairing,
    rest,
    source_refunds,
    states,
    unfounded,
    withdrawals,
)
from app.returns import door as one
from app.returns.receiving import Counted
from app.returns.unfounded_reasons import Why
from app.web import access

ONE = one.ONE
Counting = Callable[..., Awaitable[None]]
FIELDS = (
    *receiving.AS, "condition", "answer", "clause", "question", "note", "objection", "goods", "all", "again", "refund",
    "double", "amount", "shown",
)  # fmt: skip


@post(f"{ONE}/approval", access=access.DESK)
async def approve(request: Request, code: FromPath[str]) -> Response[Any]:
    """`goods`: of a claim they are to be sent back. A refusal is a manager's to take back, as it is to make."""
    said = await _said(request)
    refused = (await kept.at_desk(request.auth.merchant, code)).it.state in states.REFUSED
    if refused and not request.auth.manager:
        raise roles.refusal("manager")
    agree = claimed.grant if said.get("goods") == "yes" else deciding.approve
    verb = agree(request.auth.merchant, code, answer=said.get("answer", ""), by=one.member(request))
    return await one.done(request, code, verb, _("Approved."), said)


@post(f"{ONE}/goods", access=access.DESK)
async def want_goods(request: Request, code: FromPath[str]) -> Response[Any]:
    verb = claimed.want(request.auth.merchant, code, by=one.member(request))
    return await one.done(request, code, verb, _("The customer is told how to send it back."), {})


@post(f"{ONE}/refusal", access=access.DESK_MANAGERS)
async def decline(request: Request, code: FromPath[str]) -> Response[Any]:
    said = await _said(request)
    verb = deciding.decline(
        request.auth.merchant, code, clause=said.get("clause", ""), answer=said.get("answer", ""), by=one.member(request)
    )
    return await one.done(request, code, verb, _("Declined. The customer is told why, and that they can object."), said)


@post(f"{ONE}/question", access=access.DESK)
async def ask_back(request: Request, code: FromPath[str]) -> Response[Any]:
    said = await _said(request)
    verb = deciding.ask_back(request.auth.merchant, code, question=said.get("question", ""), by=one.member(request))
    return await one.done(request, code, verb, _("Asked. It waits for the customer now."), said)


@post(f"{ONE}/upholding", access=access.DESK_MANAGERS)
async def uphold(request: Request, code: FromPath[str]) -> Response[Any]:
    said = await _said(request)
    less = objections.for_less((await kept.at_desk(request.auth.merchant, code)).it)
    flash = _("It stands. The customer is told why.") if less else _("The refusal stands. The customer is told why.")
    verb = deciding.uphold(request.auth.merchant, code, answer=said.get("answer", ""), by=one.member(request))
    return await one.done(request, code, verb, flash, said)


@post(f"{ONE}/rest", access=access.DESK_MANAGERS)
async def pay_the_rest(request: Request, code: FromPath[str]) -> Response[Any]:
    """Of what was kept: without an amount all of it."""
    said = await _said(request)
    it = await kept.at_desk(request.auth.merchant, code)
    try:
        amount = typed.amount_at("amount", text, it.it.currency) if (text := said.get("amount", "").strip()) else None
    except Invalid as error:
        return await one.shown(request, code, error, said)
    again, seen = said.get("again") == "yes", said.get("shown")
    verb = rest.pay(request.auth.merchant, code, amount=amount, again=again, seen=seen, by=one.member(request))
    return await one.done(request, code, verb, _("The rest is approved. The customer is told."), said)


@post(f"{ONE}/objection", access=access.DESK_MANAGERS)
async def object_to(request: Request, code: FromPath[str]) -> Response[Any]:
    said = await _said(request)
    verb = withdrawals.object_to(request.auth.merchant, code, text=said.get("objection", ""), by=one.member(request))
    return await one.done(request, code, verb, _("The customer is told what stands against it."), said)


@post(f"{ONE}/no-effect", access=access.DESK_MANAGERS)
async def close(request: Request, code: FromPath[str]) -> Response[Any]:
    said = await _said(request)
    why = Why(said.get("clause", ""), said.get("double", ""))
    verb = unfounded.close(request.auth.merchant, code, why, answer=said.get("answer", ""), by=one.member(request))
    return await one.done(request, code, verb, _("Closed. Whoever declared it is told why, and that they can object."), said)


@post(f"{ONE}/no-effect/end", access=access.DESK_MANAGERS)
async def take_back(request: Request, code: FromPath[str]) -> Response[Any]:
    verb = unfounded.take_back(request.auth.merchant, code, by=one.member(request))
    return await one.done(request, code, verb, _("It is in force. Whoever declared it is told."), {})


@post(f"{ONE}/receiving", access=access.DESK)
async def receive(request: Request, code: FromPath[str]) -> Response[Any]:
    """`all` says of the whole of it that it came in order; else what is counted, and a field that is left empty is none."""
    said = await _said(request)
    if said.get("all") == "sound":
        verb = receiving.receive(request.auth.merchant, code, {}, rest="sound", by=one.member(request))
        return await one.done(request, code, verb, _("Received."), said)
    return await _count(request, code, receiving.receive, _("Received."), said)


@post(f"{ONE}/recount", access=access.DESK)
async def recount(request: Request, code: FromPath[str]) -> Response[Any]:
    """A field that is left empty is none, as in `receive`."""
    return await _count(request, code, receiving.recount, _("Counted again."), await _said(request))


async def _count(request: Request, code: str, verb: Counting, flash: str, said: Mapping[str, str]) -> Response[Any]:
    it = await kept.at_desk(request.auth.merchant, code)
    try:
        counted = {line.id: _counted(said, line.id) for line in it.lines}
    except Invalid as error:
        return await one.shown(request, code, error, said)
    doing = verb(request.auth.merchant, code, counted, note=said.get("note", ""), by=one.member(request))
    return await one.done(request, code, doing, flash, said)


def _counted(said: Mapping[str, str], line: int) -> Counted:
    return Counted(**{name: typed.count_at(f"{name}-{line}", said.get(f"{name}-{line}", "")) for name in receiving.AS})


@post(f"{ONE}/given", access=access.DESK)
async def given_there(request: Request, code: FromPath[str]) -> Response[Any]:
    said = await _said(request)
    verb = source_refunds.was_for(request.auth.merchant, code, said.get("refund", ""), by=one.member(request))
    return await one.done(request, code, verb, _("Noted: it was for this request."), said)


@post(f"{ONE}/repair", access=access.DESK)
async def repair(request: Request, code: FromPath[str]) -> Response[Any]:
    said = await _said(request)
    again = said.get("again") == "yes"
    verb = repairing.repaired(request.auth.merchant, code, note=said.get("note", ""), again=again, by=one.member(request))
    flash = _("Repaired. Where the legal guarantee applies, it is twelve months longer.")
    return await one.done(request, code, verb, flash, said)


async def _said(request: Request) -> dict[str, str]:
    """The form's texts, as far as the page has fields for them."""
    return {name: text for name, text in await forms.sent(request) if name.partition("-")[0] in FIELDS}


MEMBERS = [approve, want_goods, ask_back, receive, recount, given_there, repair]
MANAGERS = [decline, uphold, pay_the_rest, object_to, close, take_back]
