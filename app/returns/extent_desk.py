"""At the desk: the items that a withdrawal is about, set by the customer's words. One address for form and answer.

Once they are clear, to take some of them out is to give less than was promised: a manager's.
"""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath

from app.accounts import forms
from app.errors import Invalid, Missing, Refused
from app.i18n import _, voice
from app.merchants import door, roles
from app.returns import cards, doubts, extent_forms, extents, kept
from app.returns import door as one
from app.returns.kept import Kept
from app.web import access

ITEMS = f"{one.ONE}/items"
NOTHING: Mapping[str, str] = {}


@get(ITEMS, access=access.DESK)
async def look(request: Request, code: FromPath[str]) -> Response[Any]:
    return await _form(request, code)


@post(ITEMS, status_code=200, access=access.DESK)
async def put(request: Request, code: FromPath[str]) -> Response[Any]:
    sent, merchant = dict(await forms.sent(request)), request.auth.merchant
    it = await kept.at_desk(merchant, code)
    _check_role(request, it)
    try:
        await extents.put(merchant, code, extent_forms.wanted(await extents.items(it), sent), by=one.member(request))
    except Invalid as error:
        return await _form(request, code, sent, error)
    except Refused as error:
        return await one.shown(request, code, error)
    return door.changed(f"{request.auth.url}/returns/{code}", _("The items are set. The customer is told."))


def _check_role(request: Request, it: Kept) -> None:
    """Raises Refused (403)."""
    if doubts.of(it) != "unclear" and not request.auth.manager:
        raise roles.refusal("manager")


async def _form(
    request: Request, code: str, sent: Mapping[str, str] = NOTHING, refusal: Invalid | None = None
) -> Response[Any]:
    it = await kept.at_desk(request.auth.merchant, code)
    if not extents.settable(it):
        raise Missing
    _check_role(request, it)
    form = forms.shown(refusal)
    return door.shown(
        request,
        "returns/desk/extent",
        refusal=refusal,
        it=cards.sheet(it, [], voice(), desk=True),
        declared=it.it,
        here=f"{request.auth.url}/returns/{code}/items",
        form=form,
        rows=extent_forms.rows(await extents.items(it), sent, form.errors),
    )


MEMBERS = [look, put]
