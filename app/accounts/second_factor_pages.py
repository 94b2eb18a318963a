"""The second step of a sign-in, and the way in by a passkey alone. Only who is half way in is shown the first."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody

from app import i18n
from app.accounts import actions, door, forms, passkeys, second_factors, sign_ins
from app.accounts.sign_ins import HalfIn
from app.errors import Invalid, Missing, Refused
from app.web import access
from app.web.pages import page, redirect


@get("/sign-in/second-factor", access=access.HALF_IN)
async def second_factor(request: Request) -> Response[Any]:
    half = await _half(request)
    if half is None:
        return redirect("/sign-in")
    return await _shown(request, half, next=forms.own_path(request.query_params.get("next", "")), trust="")


@post("/sign-in/second-factor", access=access.HALF_IN)
async def show_second_factor(request: Request, data: URLEncodedBody[forms.SecondFactor]) -> Response[Any]:
    half = await _half(request)
    if half is None:
        return redirect("/sign-in")
    kind, value = ("passkey", data.credential) if data.credential else ("code", data.code)
    browser, next = door.browser(request), forms.own_path(data.next)
    try:
        entered = await actions.show_second_factor(half, kind, value, browser=browser, trust=data.trust == "yes")
    except (Invalid, Refused) as error:
        return await _shown(request, half, error, next=next, trust=data.trust)
    except Missing:
        return redirect("/sign-in")
    response = door.opened(next, entered)
    if half.new_password:
        response.set_cookie(door.password_is_set().cookie())
    return response


@post("/sign-in/second-factor/options", status_code=200, access=access.HALF_IN_ONLY)
async def second_factor_options(request: Request) -> Response[Any]:
    """Raises Missing for who is not half way in."""
    half = await _half(request)
    if half is None:
        raise Missing
    return door.options(await passkeys.asking_options("factor", half.customer))


@post("/sign-in/passkey/options", status_code=200, access=access.ANYBODY)
async def passkey_options() -> Response[Any]:
    """For anybody: which passkeys there are, only the browser knows."""
    return door.options(await passkeys.asking_options("signing_in", None))


@post("/sign-in/passkey", access=access.ANYBODY)
async def use_passkey(request: Request, data: URLEncodedBody[forms.Passkey]) -> Response[Any]:
    next, browser = forms.own_path(data.next), door.browser(request, data.time_zone)
    try:
        entered = await actions.sign_in_with_passkey(data.credential, browser)
    except (Invalid, Refused) as error:
        shown = forms.shown(error, at="passkey", email="", next=next)
        return page(request, "accounts/sign_in.html", refusal=error, form=shown)
    return door.opened(next, entered)


async def _half(request: Request) -> HalfIn | None:
    return await sign_ins.find(request.cookies.get(sign_ins.cookie_name(), ""))


async def _shown(request: Request, half: HalfIn, error: Invalid | Refused | None = None, **typed: Any) -> Response[Any]:
    i18n.current.set(i18n.Voice(i18n.supported(half.locale) or i18n.voice().locale, half.time_zone))
    offered = await second_factors.offered(half.customer)
    form = forms.shown(error, at="code", **typed)
    return page(request, "accounts/second_factor.html", refusal=error, form=form, offered=offered)


PUBLIC = [second_factor, show_second_factor, second_factor_options, passkey_options, use_passkey]
