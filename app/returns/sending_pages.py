"""How something is sent back: where to, by when, and the form that says that it was."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from app.accounts import forms
from app.errors import Invalid, Missing, Refused
from app.i18n import _, voice
from app.returns import bearing, cards, evidence, kept, label_cards, labelling, papers, sending, states, suggesting
from app.returns.carried import chosen, named
from app.returns.withdrawal_forms import Sent
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

SENDING, NUMBER = "/returns/{code:str}/sending", "/returns/{code:str}/number"


@get(SENDING, access=access.OWNER)
async def how(request: Request, code: FromPath[str]) -> Response[Any]:
    return await _page(request, code, Sent())


@post(SENDING, access=access.OWNER)
async def sent(request: Request, code: FromPath[str], data: URLEncodedBody[Sent]) -> Response[Any]:
    viewer = request.user
    try:
        await sending.sent(viewer.id, code, carrier=data.carrier, number=data.number, by=f"customer:{viewer.id}")
    except (Invalid, Refused) as error:
        return await _page(request, code, data, error)
    return redirect(f"/returns/{code}", flash=Flash(_("Noted: it is on its way back."), "good"))


@post(f"{SENDING}/label", access=access.OWNER)
async def want_label(request: Request, code: FromPath[str]) -> Response[Any]:
    there = await labelling.want(request.user.id, code, by=f"customer:{request.user.id}")
    soon = _("Your label is on its way to this page: look again in a minute.")
    return redirect(f"/returns/{code}/sending", flash=Flash(_("Your label is ready.") if there else soon, "good"))


async def _page(request: Request, code: str, said: Sent, refusal: Invalid | Refused | None = None) -> Response[Any]:
    it = await kept.owned_by(request.user.id, code)
    if it.it.kind == "cancellation" or (it.it.kind == "claim" and not states.goods_coming(it.it)):
        raise Missing
    label = await label_cards.card(it, voice())
    payer = await bearing.payer(it)
    carrier = "" if label.state == "wanted" else await named(it)  # whose it will be nobody knows yet
    return page(
        request, "returns/sending.html", refusal=refusal, keep=False, it=cards.sheet(it, (), voice()),
        open=states.to_send(it.it), carrier=carrier, by_choice=chosen(it),
        qr=papers.drop_off(it) if states.with_label(it.it) and label.state != "bought" else "", way=it.it.way,
        label=label.state, label_offered=await labelling.offered(it), abroad=suggesting.abroad(it),
        bears=bearing.said(it, payer, voice()), of_label=bearing.of_label(payer, voice()),
        form=forms.shown(refusal, carrier=said.carrier, number=said.number),
    )  # fmt: skip


@get(NUMBER, access=access.OWNER)
async def number(request: Request, code: FromPath[str]) -> Response[Any]:
    found = await evidence.of(await kept.owned_by(request.user.id, code))
    return await _number(request, code, Sent(found.carrier, found.number) if found else Sent())


@post(NUMBER, access=access.OWNER)
async def corrected(request: Request, code: FromPath[str], data: URLEncodedBody[Sent]) -> Response[Any]:
    viewer = request.user
    try:
        await sending.correct(viewer.id, code, carrier=data.carrier, number=data.number, by=f"customer:{viewer.id}")
    except (Invalid, Refused) as error:
        return await _number(request, code, data, error)
    return redirect(f"/returns/{code}", flash=Flash(_("Noted: its way is followed by this number from now on."), "good"))


async def _number(request: Request, code: str, said: Sent, refusal: Invalid | Refused | None = None) -> Response[Any]:
    it = await kept.owned_by(request.user.id, code)
    return page(
        request, "returns/number.html", refusal=refusal, keep=False, it=cards.sheet(it, (), voice()),
        open=sending.correctable(it), by_choice=chosen(it), form=forms.shown(refusal, carrier=said.carrier, number=said.number),
    )  # fmt: skip


CUSTOMER = [how, sent, want_label, number, corrected]
