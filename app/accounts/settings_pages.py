"""What a customer sees and changes about themselves; the language also before they are signed in."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody
from msgspec import Struct

from app import i18n
from app.accounts import actions, forms
from app.accounts.viewer import Viewer
from app.errors import Invalid
from app.i18n import _
from app.merchants import cards as merchants
from app.web import access
from app.web.flash import Flash
from app.web.pages import cookie_options, page, redirect

YEAR = 365 * 86_400  # seconds


class Account(Struct, frozen=True):
    language: str
    password: str
    security: str


class Export(Struct, frozen=True):
    label: str
    csv_url: str
    json_url: str


@get("/account", access=access.CUSTOMER)
async def account(request: Request) -> Response[Any]:
    state = _("Set") if request.user.has_password else _("Not set: you sign in with a code")
    factor = _("A second factor is asked for") if request.user.second_factor else _("Passkeys, authenticator app")
    shown = Account(i18n.own_name(i18n.voice().locale), state, factor)
    desks = await merchants.desks(request.user.id)
    return page(request, "accounts/account.html", account=shown, exports=_exports(request.user), desks=desks)


@get("/account/profile", access=access.CUSTOMER)
async def profile(request: Request) -> Response[Any]:
    form = forms.shown(name=request.user.name, locale=i18n.voice().locale)
    return page(request, "accounts/profile.html", form=form)


@post("/account/profile", access=access.CUSTOMER)
async def change_profile(request: Request, data: URLEncodedBody[forms.Profile]) -> Response[Any]:
    try:
        await actions.change_profile(request.user, name=data.name, locale=data.locale, zone=data.time_zone)
    except Invalid as error:
        form = forms.shown(error, name=data.name, locale=data.locale)
        return page(request, "accounts/profile.html", 422, form=form)
    return _in_language(data.locale, redirect("/account", flash=_saved(data.locale)))


@post("/locale", access=access.ANYBODY)
async def change_locale(request: Request, data: URLEncodedBody[forms.Language]) -> Response[Any]:
    """For anybody; a language that we do not speak changes nothing."""
    response = redirect(forms.own_path(data.back) or "/")
    if not i18n.supported(data.locale):
        return response
    locale = i18n.supported(data.locale)
    if request.user:
        await actions.change_locale(request.user, locale)
    return _in_language(locale, response)


def _in_language(locale: str, response: Response[Any]) -> Response[Any]:
    """Also kept in the browser: the sign-in page speaks it next time."""
    response.set_cookie(i18n.LOCALE_COOKIE, locale, **cookie_options(YEAR))
    return response


def _saved(locale: str) -> Flash:
    """Said in the language that was just chosen."""
    return Flash(i18n.Voice(locale).gettext("Saved."), "good")


def _exports(viewer: Viewer) -> list[Export]:
    """All years first, then each year that has orders."""
    years = viewer.order_years.split()
    one_by_one = [Export(year, f"/orders/export.csv?year={year}", f"/orders/export.json?year={year}") for year in years]
    return [Export(_("All years"), "/orders/export.csv", "/orders/export.json"), *one_by_one] if years else []


PUBLIC = [change_locale]
CUSTOMER = [account, profile, change_profile]
