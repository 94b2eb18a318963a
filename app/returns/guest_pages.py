"""“Withdraw from contract here” without signing in (Directive 2011/83/EU, Art. 11a): three fields, a second step whose button
says what it does, and a page that is the same for everybody. Then what the mailed link opens.
"""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from app.accounts import door, forms
from app.accounts.viewer import Viewer
from app.errors import Invalid, Missing, Refused
from app.i18n import Voice, _, voice
from app.returns import (
    acknowledging,
    cards,
    deciding,
    declared,
    extents,
    guests,
    objections,
    refusals,
    sellers,
    signing,
    unfounded,
    unfounded_letters,
)
from app.returns.declared import Checked, Told
from app.returns.receipts import instant
from app.returns.withdrawal_forms import Declaration, Objection
from app.settings import settings
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

WITHDRAWAL, LINK = "/withdrawal", "/withdrawal/{token:str}"
Refusal = Invalid | Refused | None
# The link's address is a secret: nothing keeps it, finds it or passes it on.
SECRET = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}
PDF = {"Content-Security-Policy": "default-src 'none'; object-src 'self'; frame-ancestors 'none'", **SECRET}


@get(WITHDRAWAL, access=access.ANYBODY)
async def withdraw(request: Request) -> Response[Any]:
    viewer: Viewer | None = request.user
    return await _form(request, Told(name=viewer.name, email=viewer.email) if viewer else Told())


@post(WITHDRAWAL, status_code=200, access=access.ANYBODY)
async def declare(request: Request, data: URLEncodedBody[Declaration]) -> Response[Any]:
    told = Told(name=data.name, email=data.email, contract=data.contract, items=data.items, seller=data.seller)
    if data.step == "change":
        return await _form(request, told)
    try:
        checked = await declared.check(told)
        if data.step != "confirm":
            link = _needs_link(request, checked)
            return page(request, "returns/declaration_confirm.html", keep=False, told=checked, link=link)
        return await _declare(request, checked)
    except (Invalid, Refused) as error:
        return await _form(request, told, error)


async def _declare(request: Request, told: Checked) -> Response[Any]:
    if _needs_link(request, told):
        await guests.declare(told, door.network(request))
        return redirect(f"{WITHDRAWAL}/sent")
    code = await guests.declare_as(request.user, told)
    said = Flash(_("Your withdrawal is acknowledged. The paper is in your mail."), "good")
    return redirect(f"/returns/{code}", flash=said)


def _needs_link(request: Request, told: Checked) -> bool:
    """Not from who has shown already that the address is theirs: they sign in with it."""
    viewer: Viewer | None = request.user
    return viewer is None or viewer.email != told.email


async def _form(request: Request, told: Told, refusal: Refusal = None) -> Response[Any]:
    offering = await sellers.offering()
    if not offering and settings.withdrawal == "off":
        raise Missing
    form = forms.shown(
        refusal, name=told.name, email=told.email, contract=told.contract, items=told.items, seller=told.seller
    )  # fmt: skip
    return page(
        request, "returns/declaration.html", refusal=refusal, keep=False, form=form,
        sellers=[(one.slug, one.name) for one in offering] if len(offering) > 1 else [],
        only=offering[0].name if offering else "",
        eu=all(one.whom == "eu" for one in offering),
    )  # fmt: skip


@get("/withdrawal/sent", access=access.ANYBODY)
async def sent(request: Request) -> Response[Any]:
    return page(request, "returns/declaration_sent.html", keep=False)


@get(LINK, access=access.ANYBODY)
async def linked(request: Request, token: FromPath[str]) -> Response[Any]:
    """One button: programs that look into mails follow links, and must not use this one up."""
    return await _linked(request, token)


@post(LINK, status_code=200, access=access.ANYBODY)
async def confirm(request: Request, token: FromPath[str]) -> Response[Any]:
    try:
        await guests.confirm(token)
    except Missing:
        return await _linked(request, token)
    except Refused as error:
        return await _linked(request, token, error)
    return redirect(f"{WITHDRAWAL}/{token}")


@post("/withdrawal/{token:str}/objection", status_code=200, access=access.ANYBODY)
async def object_to(request: Request, token: FromPath[str], data: URLEncodedBody[Objection]) -> Response[Any]:
    """Against what the seller says of it, or less than was promised, by who declared it."""
    try:
        it = await guests.found(token)
        if it.it.state == "unconfirmed":
            raise Missing
        if it.it.state == "unfounded" or it.it.customer is None:
            await unfounded.dispute(it.it.customer, it.it.code, text=data.text, by="guest")
        else:
            await deciding.object_to(it.it.customer, it.it.code, text=data.text, by="guest")
    except Missing:
        return await _linked(request, token)
    except (Invalid, Refused) as error:
        return await _linked(request, token, error, data.text)
    return _secret(redirect(f"{WITHDRAWAL}/{token}", flash=Flash(_("Your objection is with the seller."), "good")))


@get("/withdrawal/{token:str}/receipt.pdf", access=access.ANYBODY)
async def receipt(token: FromPath[str]) -> Response[bytes]:
    it = await guests.found(token)
    if it.it.state == "unconfirmed":
        raise Missing
    name = acknowledging.file_name(it.it.code, voice())
    headers = {"Content-Disposition": f'inline; filename="{name}"', **PDF}
    return Response(await acknowledging.paper(it), media_type=acknowledging.PDF, headers=headers)


@get("/withdrawal/certificate.pem", access=access.ANYBODY)
async def certificate() -> Response[str]:
    """What shows that a paper is ours."""
    return Response(signing.certificate(), media_type="application/x-pem-file", headers={"Cache-Control": "no-store"})


async def _linked(request: Request, token: str, refusal: Refusal = None, text: str = "") -> Response[Any]:
    try:
        it = await guests.found(token)
    except Missing:
        return _secret(page(request, "returns/declaration_link.html", 410, keep=False, it=None))
    said = Voice(voice().locale, voice().zone or it.it.time_zone)
    done = it.it.state != "unconfirmed"
    return _secret(page(
        request, "returns/declaration_link.html", refusal=refusal, keep=False, it=it.it, done=done,
        when=instant(it.it.created_at, said), shown=await acknowledging.shown(it, said) if done else None,
        receipt=f"{WITHDRAWAL}/{token}/receipt.pdf", form=forms.shown(refusal, text=text), here=f"{WITHDRAWAL}/{token}",
        state=cards.sheet(it, [], said) if objections.concerned(it) else None,
        reason=refusals.clauses(said).get(it.it.clause, ""), double=await unfounded_letters.named_to_them(it),
        say=f"{WITHDRAWAL}/{token}/items" if done and extents.sayable(it) and await extents.is_owner(it) else "",
        own=f"/returns/{it.it.code}" if request.user and request.user.id == it.it.customer else "",
    ))  # fmt: skip


def _secret(answer: Response[Any]) -> Response[Any]:
    answer.headers.update(SECRET)
    return answer


PUBLIC = [withdraw, declare, sent, certificate, linked, confirm, object_to, receipt]
