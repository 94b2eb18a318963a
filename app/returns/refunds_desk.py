"""Refunds that wait for a merchant's people: the list, and what is done with one, here and on its return's screen."""

from collections.abc import Awaitable, Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app import typed
from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.merchants import door
from app.orders import refund_steps, refunds_waiting
from app.returns import door as one
from app.returns import kept, lists, settling
from app.returns.door import NOTHING, Refusal
from app.web import access

REFUNDS = "/desk/{merchant:str}/refunds"
ONE = f"{REFUNDS}/{{number:int}}"
FIELDS = ("reference", "paid", "why", "by_hand", "back", "again")


@get(REFUNDS, access=access.DESK)
async def waiting(request: Request) -> Response[Any]:
    return await _listed(request)


@post(f"{ONE}/reference", access=access.DESK)
async def record_reference(request: Request, number: FromPath[int]) -> Response[Any]:
    said = await _said(request)
    return await _done(request, number, _paid(request, number, said), _("Noted: it is paid."), said)


async def _paid(request: Request, number: int, said: Mapping[str, str]) -> None:
    paid_at = typed.day_at("paid_at", said.get(f"paid-{number}", ""))
    await refund_steps.record_reference(
        number, said.get(f"reference-{number}", ""), by=one.member(request), merchant=request.auth.merchant, paid_at=paid_at
    )


@post(f"{ONE}/approval", access=access.DESK_MANAGERS)
async def approve(request: Request, number: FromPath[int]) -> Response[Any]:
    said = await _said(request)
    verb = refund_steps.approve(number, by=one.member(request), merchant=request.auth.merchant)
    return await _done(request, number, verb, _("The refund is approved."), said)


@post(f"{ONE}/refusal", access=access.DESK_MANAGERS)
async def give_up(request: Request, number: FromPath[int]) -> Response[Any]:
    said = await _said(request)
    return await _done(request, number, _failed(request, number, said), _("The refund is not made."), said)


async def _failed(request: Request, number: int, said: Mapping[str, str]) -> None:
    reason = said.get(f"why-{number}", "").strip()
    if not reason:
        raise Invalid(why=_("Say why: it stays with the refund."))
    await refund_steps.fail(number, by=one.member(request), merchant=request.auth.merchant, reason=reason)


@post(f"{ONE}/retry", access=access.DESK_MANAGERS)
async def again(request: Request, number: FromPath[int]) -> Response[Any]:
    said = await _said(request)
    by_hand, meant = said.get("by_hand") == "yes", said.get(f"again-{number}") == "yes"
    verb = settling.retry(request.auth.merchant, number, by=one.member(request), by_hand=by_hand, again=meant)
    return await _done(request, number, verb, _("It is tried again."), said)


async def _said(request: Request) -> dict[str, str]:
    """Raises Missing for a return to come back to that there is not."""
    said = {name: text for name, text in await forms.sent(request) if name.partition("-")[0] in FIELDS}
    if said.get("back"):
        await kept.at_desk(request.auth.merchant, said["back"])
    return said


async def _done(
    request: Request, number: int, verb: Awaitable[object], flash: str, said: Mapping[str, str]
) -> Response[Any]:  # fmt: skip
    """Back to where the form stood: the return's screen (`back` is its code), or the list."""
    code = said.get("back", "")
    try:
        await verb
    except (Invalid, Refused) as error:
        refusal = _at(error, number)
        return await (one.shown(request, code, refusal, said) if code else _listed(request, refusal, said))
    return door.changed(f"{request.auth.url}/returns/{code}" if code else f"{request.auth.url}/refunds", flash)


def _at(error: Invalid | Refused, number: int) -> Invalid | Refused:
    """A verb's fields under the names that they have on a page with many refunds."""
    if isinstance(error, Refused) or not error.fields:
        return error
    names = {"paid_at": f"paid-{number}"} | {name: f"{name}-{number}" for name in ("reference", "why", "again")}
    return Invalid.at({names.get(field, "form"): text for field, text in error.fields.items()})


async def _listed(request: Request, refusal: Refusal = None, said: Mapping[str, str] = NOTHING) -> Response[Any]:
    found = await refunds_waiting.of_merchant(request.auth.merchant, voice())
    codes = await lists.codes(request.auth.merchant, [it.card.of_return for it in found if it.card.of_return])
    sums = await refunds_waiting.sums(request.auth.merchant, voice())
    form = forms.shown(refusal, **said)
    return door.shown(request, "returns/desk/refunds", refusal=refusal, waiting=found, codes=codes, sums=sums, form=form)


MEMBERS = [waiting, record_reference]
MANAGERS = [approve, give_up, again]
