"""`/is-this-from-us`, for anybody who has got a mail."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody

from app.accounts import door, forms, origin
from app.errors import Refused
from app.web import access
from app.web.pages import page


@get("/is-this-from-us", access=access.ANYBODY)
async def is_this_from_us(request: Request) -> Response[Any]:
    return page(request, "accounts/is_this_from_us.html", form=forms.shown(text=""), verdict=None)


@post("/is-this-from-us", status_code=200, access=access.ANYBODY)
async def tell_whether(request: Request, data: URLEncodedBody[forms.Pasted]) -> Response[Any]:
    try:
        verdict = await origin.asked(data.text, door.network(request))
    except Refused as error:
        form = forms.shown(error, at="text", text=data.text)
        return page(request, "accounts/is_this_from_us.html", refusal=error, form=form, verdict=None)
    return page(request, "accounts/is_this_from_us.html", form=forms.shown(text=data.text), verdict=verdict)


PUBLIC = [is_this_from_us, tell_whether]
