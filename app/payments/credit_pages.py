"""What a customer has to spend, at each merchant, with its history; and putting a gift card into the account by its code."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody
from msgspec import Struct

from app.accounts import door, forms
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.payments import balance_cards, claiming
from app.web import access, caching
from app.web.flash import Flash
from app.web.pages import page, redirect

CREDIT = "/account/credit"


class Card(Struct):
    code: str = ""


@get(CREDIT, access=access.CUSTOMER)
async def credit(request: Request) -> Response[Any]:
    if (same := await caching.unchanged(request)) is not None:
        return same
    return await _page(request)


@post(CREDIT, access=access.CUSTOMER)
async def claim(request: Request, data: URLEncodedBody[Card]) -> Response[Any]:
    try:
        await claiming.claim(request.user.id, data.code, door.network(request))
    except (Invalid, Refused) as error:
        return await _page(request, error)
    return redirect(CREDIT, flash=Flash(_("The card is in your account."), "good"))


async def _page(request: Request, refusal: Invalid | Refused | None = None) -> Response[Any]:
    """The code is a secret: what was typed is not given back."""
    shops = await balance_cards.of_customer(request.user.id, voice())
    return page(request, "payments/credit.html", refusal=refusal, shops=shops, form=forms.shown(refusal))


CUSTOMER = [credit, claim]
