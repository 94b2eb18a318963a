"""The way in and out: sign-in by code, password or link, and sign-out. A form is shown at and posted to one URL."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody

from app.accounts import actions, asked_cookie, door, forms, leaving, sessions, sign_in_links
from app.errors import Invalid, Missing, Refused
from app.i18n import _
from app.web import access
from app.web.flash import Flash
from app.web.pages import cookie_options, page, redirect


@get("/", access=access.ANYBODY)
async def front(request: Request) -> Response[Any]:
    return redirect(door.HOME if request.user else "/sign-in")


@get("/sign-in", access=access.ANYBODY)
async def sign_in(request: Request) -> Response[Any]:
    """Whoever was in until now is told that they are not, this once. Here alone the cookie of a session that is over goes: on
    the way to this page, no service worker could have seen an answer's headers."""
    over = request.user is None and sessions.cookie_name() in request.cookies
    form, ended = forms.shown(email="", next=_next(request)), "ended_elsewhere" in request.scope
    response = _already_in(request) or page(request, "accounts/sign_in.html", form=form, over=over, ended=ended)
    if over:
        response.set_cookie(sessions.cookie_name(), "", **cookie_options(0))
    return response


@post("/sign-in", access=access.ANYBODY)
async def ask_for_code(request: Request, data: URLEncodedBody[forms.Email]) -> Response[Any]:
    """The mail leaves after the answer: how long it takes tells nothing about the account."""
    try:
        sent = await actions.send_code(data.email, door.network(request))
    except (Invalid, Refused) as error:
        return _again(request, "sign_in", error, "email", email=data.email, next=forms.own_path(data.next))
    response = redirect("/sign-in/code")
    asked = asked_cookie.now(sent.email, sent.code_id, data.next)
    response.set_cookie(asked_cookie.COOKIE, asked.cookie(asked_cookie.COOKIE), **cookie_options(asked_cookie.LIFETIME))
    return response


@get("/sign-in/code", access=access.ANYBODY)
async def code_form(request: Request) -> Response[Any]:
    if (asked := _asked(request)) is None:
        return redirect("/sign-in")
    form = forms.shown(email=asked.email, code="", next=asked.next, resend_in=asked.resend_in)
    return _already_in(request) or page(request, "accounts/sign_in_code.html", form=form)


@post("/sign-in/code", access=access.ANYBODY)
async def enter_code(request: Request, data: URLEncodedBody[forms.Code]) -> Response[Any]:
    if (asked := _asked(request)) is None:
        return redirect("/sign-in")
    browser = door.browser(request, data.time_zone)
    try:
        entered = await actions.sign_in_with_code(asked.email, data.code, asked.code_id, browser)
    except (Invalid, Refused) as error:
        typed = {"email": asked.email, "code": "", "next": asked.next, "resend_in": asked.resend_in}
        return _again(request, "sign_in_code", error, "code", **typed)
    response = door.opened(asked.next, entered)
    response.set_cookie(asked_cookie.COOKIE, "", **cookie_options(0))
    return response


@get("/sign-in/password", access=access.ANYBODY)
async def password_form(request: Request) -> Response[Any]:
    form = forms.shown(email="", next=_next(request))
    return _already_in(request) or page(request, "accounts/sign_in_password.html", form=form)


@post("/sign-in/password", access=access.ANYBODY)
async def enter_password(request: Request, data: URLEncodedBody[forms.Password]) -> Response[Any]:
    next = forms.own_path(data.next)
    if data.only_email:
        return page(request, "accounts/sign_in_password.html", form=forms.shown(email=data.email, next=next))
    browser = door.browser(request, data.time_zone)
    try:
        entered = await actions.sign_in_with_password(data.email, data.password, browser)
    except (Invalid, Refused) as error:
        return _again(request, "sign_in_password", error, "password", email=data.email, next=next)
    return door.opened(next, entered)


@get("/sign-in/link/{token:str}", access=access.ANYBODY)
async def link(request: Request, token: FromPath[str]) -> Response[Any]:
    """One button: programs that look into mails follow links, and must not use this one up."""
    return _link_page(request, await sign_in_links.email_of(token))


@post("/sign-in/link/{token:str}", access=access.ANYBODY)
async def use_link(request: Request, token: FromPath[str], data: URLEncodedBody[forms.Link]) -> Response[Any]:
    browser = door.browser(request, data.time_zone)
    try:
        return door.opened("", await actions.sign_in_with_link(token, browser))
    except Missing:
        return _link_page(request, "")


@post("/sign-out", access=access.ANYBODY)
async def sign_out(request: Request) -> Response[Any]:
    """The browser forgets the pages it kept; a session that is over already is no reason to complain. One that was signed
    out without a network asks later: whoever has come in since stays."""
    said = None
    if door.of_another(request):
        return door.left(request, said)
    if request.user:
        await leaving.sign_out(request.user)
        said = Flash(_("You are signed out."), "good")
    response = door.left(request, said)
    response.headers["Clear-Site-Data"] = '"cache"'
    response.set_cookie(sessions.cookie_name(), "", **cookie_options(0))
    return response


def _link_page(request: Request, email: str) -> Response[Any]:
    return page(request, "accounts/sign_in_link.html", 200 if email else 410, keep=False, email=email)


def _again(request: Request, name: str, error: Invalid | Refused, at: str, **typed: Any) -> Response[Any]:
    """The same form with what is wrong with it."""
    return page(request, f"accounts/{name}.html", refusal=error, form=forms.shown(error, at=at, **typed))


def _already_in(request: Request) -> Response[Any] | None:
    return redirect(_next(request) or door.HOME) if request.user else None


def _next(request: Request) -> str:
    return forms.own_path(request.query_params.get("next", ""))


def _asked(request: Request) -> asked_cookie.Asked | None:
    return asked_cookie.read(request.cookies.get(asked_cookie.COOKIE, ""), asked_cookie.COOKIE)


PUBLIC = [
    front, sign_in, ask_for_code, code_form, enter_code, password_form, enter_password, link, use_link, sign_out,
]  # fmt: skip
