"""The account at a glance."""

from typing import Any

from litestar import Request, Response, get
from msgspec import Struct

from app import i18n
from app.accounts import contacts, phones, telephones, zones
from app.accounts.viewer import Viewer
from app.i18n import _
from app.merchants import cards as merchants
from app.web import access
from app.web.pages import page


class Account(Struct, frozen=True):
    """What stands beside each line of the list; `pending` is the new address that waits to be confirmed, `until` when."""

    profile: str
    phone: str
    phrase: str
    password: str
    security: str
    pending: str
    until: str


class Export(Struct, frozen=True):
    label: str
    csv_url: str
    json_url: str


@get("/account", access=access.CUSTOMER)
async def account(request: Request) -> Response[Any]:
    viewer, seen = request.user, await contacts.glance(request.user.id)
    state = _("Set") if viewer.has_password else _("Not set: you sign in with a code")
    factor = _("A second factor is asked for") if viewer.second_factor else _("Passkeys, authenticator app")
    phrase = _("Our mails repeat it") if seen.has_phrase else _("None yet")
    until = i18n.voice().moment(seen.until) if seen.until else ""
    shown = Account(_profile(viewer), _phone(seen.phone), phrase, state, factor, seen.new_email, until)
    keep = not seen.new_email  # which is over by itself, without a new revision
    desks = await merchants.desks(viewer.id)
    return page(request, "accounts/account.html", keep=keep, account=shown, exports=_exports(viewer), desks=desks)


def _profile(viewer: Viewer) -> str:
    locale = i18n.voice().locale
    language = i18n.own_name(locale)
    return f"{language} · {zones.named(viewer.time_zone, locale)}" if viewer.time_zone else language


def _phone(phone: telephones.Phone) -> str:
    if not phone.number:
        return _("None")
    return phones.shown(phone.number) + " · " + (_("confirmed") if phone.confirmed else _("not confirmed"))


def _exports(viewer: Viewer) -> list[Export]:
    """All years first, then each year that has orders."""
    years = viewer.order_years.split()
    one_by_one = [Export(year, f"/orders/export.csv?year={year}", f"/orders/export.json?year={year}") for year in years]
    return [Export(_("All years"), "/orders/export.csv", "/orders/export.json"), *one_by_one] if years else []


CUSTOMER = [account]
