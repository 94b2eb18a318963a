"""Which items a withdrawal is about, said by who declared it: signed in, or by the link that was mailed to them."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.accounts import forms
from app.errors import Invalid, Missing, Refused
from app.i18n import _
from app.returns import extent_forms, extents, guests, kept
from app.returns.kept import Kept
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

OWN, LINK = "/returns/{code:str}/items", "/withdrawal/{token:str}/items"
NOTHING: Mapping[str, str] = {}
# As of the link's own page: nothing keeps its address, finds it or passes it on.
SECRET = {"X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer", "Cache-Control": "no-store"}


@get(OWN, access=access.OWNER)
async def choose(request: Request, code: FromPath[str]) -> Response[Any]:
    return await _form(request, await kept.owned_by(request.user.id, code), f"/returns/{code}")


@post(OWN, status_code=200, access=access.OWNER)
async def say(request: Request, code: FromPath[str]) -> Response[Any]:
    it = await kept.owned_by(request.user.id, code)
    return await _said(request, it, f"/returns/{code}", by=f"customer:{request.user.id}")


@get(LINK, access=access.ANYBODY)
async def choose_by_link(request: Request, token: FromPath[str]) -> Response[Any]:
    it = await _of_link(token)
    return _secret(await _form(request, it, f"/withdrawal/{token}"))


@post(LINK, status_code=200, access=access.ANYBODY)
async def say_by_link(request: Request, token: FromPath[str]) -> Response[Any]:
    it = await _of_link(token)
    return _secret(await _said(request, it, f"/withdrawal/{token}", by="guest"))


async def _of_link(token: str) -> Kept:
    """Raises Missing where it is not confirmed yet, or the order somebody else's."""
    it = await guests.found(token)
    if it.it.state == "unconfirmed" or not await extents.is_owner(it):
        raise Missing
    return it


async def _said(request: Request, it: Kept, back: str, *, by: str) -> Response[Any]:
    sent = dict(await forms.sent(request))
    try:
        await extents.say(it.it.customer, it.it.code, extent_forms.wanted(await extents.items(it), sent), by=by)
    except (Invalid, Refused) as error:
        return await _form(request, it, back, sent, error)
    return redirect(back, flash=Flash(_("Thank you. The seller is told which items you mean."), "good"))


async def _form(
    request: Request, it: Kept, back: str, sent: Mapping[str, str] = NOTHING, refusal: Invalid | Refused | None = None
) -> Response[Any]:
    """Raises Missing where there is nothing to say any more."""
    if not extents.sayable(it) and refusal is None:
        raise Missing
    form = forms.shown(refusal)
    return page(
        request, "returns/extent.html", refusal=refusal, keep=False, it=it.it, back=back, form=form,
        rows=extent_forms.rows(await extents.items(it), sent, form.errors),
    )  # fmt: skip


def _secret(answer: Response[Any]) -> Response[Any]:
    answer.headers.update(SECRET)
    return answer


PUBLIC = [choose_by_link, say_by_link]
CUSTOMER = [choose, say]
