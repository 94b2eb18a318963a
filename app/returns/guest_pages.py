"""“Withdraw from contract here” without signing in (Directive 2011/83/EU, Art. 11a): three fields, a second step whose button
says what it does, and a page that is the same for everybody. Then what the mailed link opens.
"""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from app.accounts import door, forms
from app.accounts.viewer import Viewer
from app.errors import Invalid, Missing, Refused
from app.i18n import _, voice
from app.returns import acknowledging, declared, guest_door, guests, sellers, signing
from app.returns.declared import Checked, Told
from app.returns.guest_door import LINK, SECRET, WITHDRAWAL, Refusal
from app.returns.withdrawal_forms import Declaration
from app.settings import settings
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

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
    return await guest_door.linked(request, token)


@post(LINK, status_code=200, access=access.ANYBODY)
async def confirm(request: Request, token: FromPath[str]) -> Response[Any]:
    try:
        await guests.confirm(token)
    except Missing:
        return await guest_door.linked(request, token)
    except Refused as error:
        return await guest_door.linked(request, token, error)
    return redirect(f"{WITHDRAWAL}/{token}")


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


PUBLIC = [withdraw, declare, sent, certificate, linked, confirm, receipt]
