"""The customer's returns: the list of all kinds, one of them, and what they can still do with it."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from msgspec import Struct

from app.accounts import forms
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.inbox import return_cards as talks
from app.returns import (
    answering,
    bearing,
    cards,
    cautions,
    coming,
    deciding,
    evidence,
    exchange_cards,
    extent_cards,
    files,
    happened,
    kept,
    lists,
    money,
    photos,
    proposal_cards,
    proposing,
    sending,
    states,
    sums,
    taking,
)
from app.returns import forms as photo_forms
from app.returns.kept import Kept
from app.web import access, caching
from app.web.flash import Flash
from app.web.pages import page, redirect, wants_fragment

ONE = "/returns/{code:str}"


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else 0


class Answer(Struct):
    """`proposal`: the one that they have read."""

    answer: str = ""
    proposal: str = ""


@get("/returns", access=access.CUSTOMER)
async def index(request: Request) -> Response[bytes]:
    asked, before = lists.asked(request.query_params), request.query_params.get("before", "")
    found, older = await lists.page_of(request.user.id, asked, before)
    here = f"{url}&" if "?" in (url := asked.url()) else f"{url}?"
    said = voice()
    return page(
        request,
        "returns/index.html",
        cards=[cards.card(it, said) for it in found],
        asked=asked,
        choices=_choices(asked),
        older=f"{here}before={older}" if older else "",
        newest=asked.url() if before else "",
        narrowed=asked != lists.Filter(),
        appending=bool(before) and wants_fragment(request),
    )


def _choices(asked: lists.Filter) -> list[tuple[str, str, bool]]:
    """Label, address, whether it is the one chosen."""
    kinds = [("", "", _("All")), ("", "yes", _("Under way"))]
    names = {"return": _("Returns"), "withdrawal": _("Withdrawals"), "claim": _("Claims"), "cancellation": _("Cancellations")}
    kinds += [(kind, "", name) for kind, name in names.items()]
    return [
        (label, asked.url(kind=kind, open=opened), (asked.kind, asked.open) == (kind, opened)) for kind, opened, label in kinds
    ]


@get(ONE, access=access.OWNER)
async def show(request: Request, code: FromPath[str]) -> Response[Any]:
    it = await kept.owned_by(request.user.id, code)
    if (same := await caching.unchanged(request)) is not None:
        return same
    return await _shown(request, it)


@post(f"{ONE}/cancellation", access=access.OWNER)
async def cancel(request: Request, code: FromPath[str]) -> Response[Any]:
    await deciding.cancel(request.user.id, code, by=_by(request))
    return redirect(f"/returns/{code}", flash=Flash(_("The request is withdrawn. You keep the items."), "good"))


@post(f"{ONE}/answer", access=access.OWNER, request_max_body_size=files.LARGEST_BODY)
async def reply(request: Request, code: FromPath[str]) -> Response[Any]:
    it = await kept.owned_by(request.user.id, code)
    taken = await photo_forms.taken(request)  # before the words are read: with them a form is closed
    text = dict(await forms.sent(request)).get("text", "")
    try:
        if taken.refusal is not None:
            raise taken.refusal
        async with photos.or_let_go(taken.made):
            await answering.answer(request.user.id, code, text=text, made=taken.made, by=_by(request))
    except (Invalid, Refused) as error:
        return await _shown(request, it, error, text)
    return redirect(f"/returns/{code}", flash=Flash(_("Your answer is with the seller."), "good"))


@post(f"{ONE}/proposal", access=access.OWNER)
async def answer_proposal(request: Request, code: FromPath[str], data: URLEncodedBody[Answer]) -> Response[Any]:
    """Of what would be sent in exchange and is dearer: they agree to the difference, or want their money back."""
    number, agrees = _number(data.proposal), data.answer == "agree"
    try:
        if data.answer not in ("agree", "money"):
            raise Refused(_("Choose one of the two."))
        await proposing.answer(request.user.id, code, number, agrees=agrees, by=_by(request))
    except Refused as error:
        return await _shown(request, await kept.owned_by(request.user.id, code), error)
    said = _("Agreed. How to pay it stands here.") if agrees else _("You get your money back.")
    return redirect(f"/returns/{code}", flash=Flash(said, "good"))


@post(f"{ONE}/refunds/{{number:int}}/arrival", access=access.OWNER)
async def arrived(request: Request, code: FromPath[str], number: FromPath[int]) -> Response[Any]:
    await money.arrived(request.user.id, code, number)
    return redirect(f"/returns/{code}", flash=Flash(_("Good. This refund is done."), "good"))


async def _shown(request: Request, it: Kept, refusal: Invalid | Refused | None = None, text: str = "") -> Response[Any]:
    said = voice()
    return page(
        request,
        "returns/show.html",
        refusal=refusal,
        it=cards.sheet(it, await lists.orders_named(it), said),
        extent=extent_cards.card(it),
        exchange=await lists.exchange_of(it),
        ended=await exchange_cards.links(it, said),
        proposal=await proposal_cards.shown(it, said),
        to_pay=await proposal_cards.to_pay(it.it.exchange if it.it.to_pay else None, said),
        instead=taking.links(await taking.instead(it), said),
        parcel=await coming.shown(it, said),
        bears=bearing.said(it, await bearing.payer(it), said) if states.to_send(it.it) else "",
        sent=(sent := await evidence.of(it)),
        proof=evidence.to_add(sent, it, said),
        can_correct=sending.correctable(it),
        with_the_last=sums.with_the_last(it, said),
        unpaid=it.it.settled_at is None and await cautions.unpaid(it) != "",
        refunds=await exchange_cards.refunds(it, said),
        happened=await happened.told(it, said),
        talks=await talks.links(it.it.customer, it.it.id, said),
        accept=files.ACCEPT,
        form=forms.shown(refusal, text=text),
    )


def _by(request: Request) -> str:
    return f"customer:{request.user.id}"


CUSTOMER = [index, show, cancel, reply, answer_proposal, arrived]
