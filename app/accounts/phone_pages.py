"""The telephone number: typed, confirmed by a text where texts can be sent, removed."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody
from msgspec import Struct

from app.accounts import door, forms, phones, telephones
from app.accounts.viewer import Viewer
from app.errors import Invalid, Missing, Refused
from app.i18n import _, voice
from app.mail import texts
from app.orders import kept as orders
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

PHONE = "/account/phone"
CONFIRMATION = "/account/phone/confirmation"


class Shown(Struct, frozen=True):
    """`can_confirm`: a text can be sent and this number takes it; else `why_not` says why."""

    number: str
    confirmed: bool
    can_confirm: bool
    why_not: str


@get(PHONE, access=access.PROVED_CUSTOMER)
async def phone(request: Request) -> Response[Any]:
    return await _phone(request)


@post(PHONE, access=access.PROVED_CUSTOMER)
async def change_phone(request: Request, data: URLEncodedBody[forms.Phone]) -> Response[Any]:
    """A text with a code goes out at once, where that is possible."""
    try:
        await telephones.change_phone(request.user, data.phone, data.country)
    except Invalid as error:
        return await _phone(request, error, phone=data.phone, country=data.country)
    if not _shown(await telephones.phone_of(request.user.id)).can_confirm:
        return redirect(PHONE, flash=Flash(_("Saved."), "good"))
    return await _code_sent(request)


@post("/account/phone/removal", access=access.PROVED_CUSTOMER)
async def remove_phone(request: Request) -> Response[Any]:
    await telephones.remove_phone(request.user)
    return redirect("/account", flash=Flash(_("Your number is removed."), "good"))


@post("/account/phone/code", access=access.PROVED_CUSTOMER)
async def send_phone_code(request: Request) -> Response[Any]:
    return await _code_sent(request)


@get(CONFIRMATION, access=access.CUSTOMER)
async def confirmation(request: Request) -> Response[Any]:
    return await _confirmation(request)


@post(CONFIRMATION, access=access.CUSTOMER)
async def confirm_phone(request: Request, data: URLEncodedBody[forms.OneCode]) -> Response[Any]:
    """No fresh proof: the number was given with one, and the code is one of its own."""
    try:
        await telephones.confirm_phone(request.user, data.code)
    except (Invalid, Refused) as error:
        return await _confirmation(request, error)
    return redirect("/account", flash=Flash(_("Your number is confirmed."), "good"))


async def _code_sent(request: Request) -> Response[Any]:
    """To the page that takes the code; with nothing to confirm, or one code too many asked for, to the number's own."""
    try:
        await telephones.send_phone_code(request.user, door.network(request))
    except Missing:
        return redirect(PHONE)
    except Refused as error:
        return redirect(PHONE, flash=Flash(error.message, "bad"))
    return redirect(CONFIRMATION)


async def _phone(request: Request, error: Invalid | None = None, **typed: str) -> Response[Any]:
    kept = await telephones.phone_of(request.user.id)
    said = typed or {"phone": "", "country": await _country(request.user, kept)}
    about: dict[str, Any] = {"countries": phones.countries(voice().locale), "hint": _hint(said["country"])}
    form = forms.shown(error, **said)
    return page(request, "accounts/phone.html", refusal=error, form=form, phone=_shown(kept), **about)


def _hint(country: str) -> str:
    if example := phones.example(country):
        return _("As you write it: %(example)s, or with + and the country’s number") % {"example": example}
    return _("With + and the country’s number")


async def _confirmation(request: Request, error: Invalid | Refused | None = None) -> Response[Any]:
    shown = _shown(await telephones.phone_of(request.user.id))
    if shown.confirmed or not shown.can_confirm:
        return redirect("/account")
    return page(request, "accounts/phone_code.html", refusal=error, form=forms.shown(error, at="code"), phone=shown)


def _shown(kept: telephones.Phone) -> Shown:
    why_not = ""
    if kept.number and not kept.confirmed and not phones.takes_texts(kept.number):
        why_not = _("This is a landline: we keep it, but cannot confirm it by text.")
    elif kept.number and not kept.confirmed and not texts.available():
        why_not = _("It is kept. It cannot be confirmed yet: text messages are not set up here.")
    can = bool(kept.number) and not kept.confirmed and not why_not
    return Shown(phones.shown(kept.number), kept.confirmed, can, why_not)


async def _country(viewer: Viewer, kept: telephones.Phone) -> str:
    """Where the last parcel went is most likely where the telephone is, too."""
    delivered_to = await orders.last_country(viewer.id)
    return phones.guessed(kept.number, delivered_to, viewer.time_zone, voice().locale)


CUSTOMER = [confirmation, confirm_phone]
PROVED = [phone, change_phone, remove_phone, send_phone_code]
