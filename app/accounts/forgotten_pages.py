"""A forgotten password: asking for a link, and the page that the link leads to. Looking at it uses nothing up.

The link's address is a key: no page that it is shown on is kept by any cache.
"""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from app.accounts import asked_cookie, door, forgotten_passwords, forms, password_links, passwords
from app.accounts.password_links import Owner
from app.errors import Invalid, Missing, Refused
from app.web import access
from app.web.pages import cookie_options, page, piece, redirect

FORGOTTEN, SENT = "/sign-in/password/forgotten", "/sign-in/password/sent"


@get("/sign-in/password/forgotten", access=access.ANYBODY)
async def forgotten(request: Request) -> Response[Any]:
    """Also for who is signed in: an old session may be asked for the very password (`guard.proved`)."""
    return page(request, "accounts/forgotten.html", form=forms.shown(email=request.user.email if request.user else ""))


@post("/sign-in/password/forgotten", access=access.ANYBODY)
async def ask_for_link(request: Request, data: URLEncodedBody[forms.Forgotten]) -> Response[Any]:
    """The mail leaves after the answer: how long it takes tells nothing about the account."""
    if data.only_email:
        return page(request, "accounts/forgotten.html", form=forms.shown(email=data.email))
    try:
        email = await forgotten_passwords.send_link(data.email, door.browser(request))
    except (Invalid, Refused) as error:
        return page(request, "accounts/forgotten.html", refusal=error, form=forms.shown(error, email=data.email))
    response = redirect(SENT)
    asked = asked_cookie.now(email, 0, "")
    response.set_cookie(asked_cookie.LINK, asked.cookie(asked_cookie.LINK), **cookie_options(asked_cookie.LIFETIME))
    return response


@get("/sign-in/password/sent", access=access.ANYBODY)
async def link_sent(request: Request) -> Response[Any]:
    asked = asked_cookie.read(request.cookies.get(asked_cookie.LINK, ""), asked_cookie.LINK)
    if asked is None:
        return redirect(FORGOTTEN)
    return page(request, "accounts/forgotten_sent.html", email=asked.email, resend_in=asked.resend_in)


@get("/sign-in/password/new/{token:str}", access=access.ANYBODY)
async def new_password(request: Request, token: FromPath[str]) -> Response[Any]:
    return _new(request, await password_links.owner(token))


@post("/sign-in/password/new/{token:str}", access=access.ANYBODY)
async def choose_password(request: Request, token: FromPath[str], data: URLEncodedBody[forms.NewPassword]) -> Response[Any]:
    browser = door.browser(request, data.time_zone)
    try:
        entered = await forgotten_passwords.choose_password(token, data.new_password, browser)
    except Missing:
        return _new(request, None)
    except (Invalid, Refused) as error:
        return _new(request, await password_links.owner(token), error)
    response = door.opened("", entered)
    if not entered.half:
        response.set_cookie(door.password_is_set().cookie())
    response.set_cookie(asked_cookie.LINK, "", **cookie_options(0))
    return response


@post("/sign-in/password/new/{token:str}/strength", access=access.LINK_HOLDER)
async def strength(request: Request, token: FromPath[str], data: URLEncodedBody[forms.NewPassword]) -> Response[Any]:
    """For the meter. Raises Missing when the link is over."""
    found = await forgotten_passwords.strength(token, data.new_password)
    return piece(request, "accounts/_strength.html", back=f"/sign-in/password/new/{token}", strength=found)


def _new(request: Request, owner: Owner | None, error: Invalid | Refused | None = None) -> Response[Any]:
    form = forms.shown(error, email=owner.email if owner else "", fewest=passwords.FEWEST)
    status, refusal = (200, error) if owner else (410, None)
    return page(request, "accounts/password_new.html", status, refusal=refusal, keep=False, form=form)


PUBLIC = [forgotten, ask_for_link, link_sent, new_password, choose_password, strength]
