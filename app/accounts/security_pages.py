"""What lets a customer in: passkeys, the app that makes codes, recovery codes. Changes want a fresh proof (`guard.proved`)."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath, URLEncodedBody
from markupsafe import Markup

from app import clock, codes
from app.accounts import (
    authenticators,
    browsers,
    door,
    factor_resets,
    factors,
    forms,
    passkey_hints,
    passkeys,
    recovery_codes,
    security_cards,
)
from app.errors import Invalid, Missing, Refused
from app.i18n import _, voice
from app.settings import settings
from app.web import access
from app.web.flash import Flash
from app.web.pages import came_from, page, redirect

SECURITY = "/account/security"


@get("/account/security", access=access.CUSTOMER)
async def security(request: Request) -> Response[Any]:
    shown = await security_cards.of(request.user.id)
    return page(request, "accounts/security.html", security=shown)


@post("/account/factor-reset/stop", access=access.CUSTOMER)
async def stop_factor_reset(request: Request) -> Response[Any]:
    """No fresh proof: it takes nothing from anybody, and must be easy for who is robbed. A second click is no error."""
    try:
        await factor_resets.stop(request.user.id, by="owner")
    except Missing:
        return redirect(SECURITY, flash=Flash(_("No removal is waiting.")))
    return redirect(SECURITY, flash=Flash(_("Stopped. Your second factor stays."), "good"))


@get("/account/passkeys/new", access=access.PROVED_CUSTOMER)
async def new_passkey(request: Request) -> Response[Any]:
    name = browsers.named(door.browser(request).user_agent, voice())
    next = forms.own_path(request.query_params.get("next", ""))
    return page(request, "accounts/passkey_new.html", form=forms.shown(name=name, next=next))


@post("/account/passkeys/new", access=access.PROVED_CUSTOMER)
async def add_passkey(request: Request, data: URLEncodedBody[forms.Passkey]) -> Response[Any]:
    try:
        codes = await factors.add_passkey(request.user, data.credential, data.name)
    except (Invalid, Refused) as error:
        shown = forms.shown(error, at="passkey", name=data.name, next=forms.own_path(data.next))
        return page(request, "accounts/passkey_new.html", refusal=error, form=shown)
    return _changed(_("Your passkey is added."), codes, request, forms.own_path(data.next))


@post("/account/passkeys/options", status_code=200, access=access.PROVED_CUSTOMER)
async def adding_options(request: Request) -> Response[Any]:
    viewer = request.user
    return door.options(await passkeys.adding_options(viewer.id, viewer.email, viewer.name))


@post("/account/passkeys/declined", access=access.CUSTOMER)
async def decline_passkey(request: Request) -> Response[Any]:
    """Whoever says “not now” is not asked again; the way to add one stays where it is."""
    await passkey_hints.decline(request.user)
    return redirect(came_from(request, "/orders"))


@post("/account/passkeys/{number:int}/name", access=access.PROVED_OWNER)
async def rename_passkey(request: Request, number: FromPath[int], data: URLEncodedBody[forms.Passkey]) -> Response[Any]:
    await factors.rename_passkey(request.user, number, data.name)
    return redirect(SECURITY, flash=Flash(_("Saved."), "good"))


@post("/account/passkeys/{number:int}/removal", access=access.PROVED_OWNER)
async def remove_passkey(request: Request, number: FromPath[int]) -> Response[Any]:
    await factors.remove_passkey(request.user, number)
    return _changed(_("The passkey is removed."), [], request)


@get("/account/authenticator", access=access.PROVED_CUSTOMER)
async def authenticator(request: Request) -> Response[Any]:
    return await _authenticator(request, next=forms.own_path(request.query_params.get("next", "")))


@post("/account/authenticator", access=access.PROVED_CUSTOMER)
async def confirm_authenticator(request: Request, data: URLEncodedBody[forms.OneCode]) -> Response[Any]:
    try:
        codes = await factors.confirm_authenticator(request.user, data.code)
    except Invalid as error:
        return await _authenticator(request, error, next=forms.own_path(data.next))
    return _changed(_("The app is set up."), codes, request, forms.own_path(data.next))


@post("/account/authenticator/removal", access=access.PROVED_CUSTOMER)
async def remove_authenticator(request: Request) -> Response[Any]:
    await factors.remove_authenticator(request.user)
    return _changed(_("The app is removed."), [], request)


@post("/account/recovery-codes", access=access.PROVED_CUSTOMER)
async def make_recovery_codes(request: Request) -> Response[Any]:
    return _changed(
        _("You have ten new codes. The old ones are void."), await factors.make_recovery_codes(request.user), request
    )


@post("/account/recovery-codes/file", status_code=200, access=access.PROVED_CUSTOMER)
async def recovery_codes_file(request: Request, data: URLEncodedBody[forms.Codes]) -> Response[bytes]:
    """What the page shows, as a file to keep: only codes, whatever was sent, under what they are for."""
    codes = [code for code in data.codes.split() if len(recovery_codes.normal(code)) == recovery_codes.LENGTH]
    headers = {"Content-Disposition": 'attachment; filename="recovery-codes.txt"', "Cache-Control": "no-store"}
    title = _("Recovery codes for %(shop)s") % {"shop": settings.name}
    lines = [title, request.user.email, voice().long_day(clock.now()), "", *codes[: recovery_codes.COUNT], ""]
    return Response("\n".join(lines).encode(), media_type="text/plain", headers=headers)


async def _authenticator(request: Request, error: Invalid | None = None, *, next: str) -> Response[Any]:
    """The key is in the page: no cache may keep it."""
    key = await authenticators.begin(request.user.id, request.user.session_id)
    drawn = Markup(codes.qr(authenticators.address(key, request.user.email)))  # noqa: S704 - numbers and our own marks
    grouped = " ".join(key[n : n + 4] for n in range(0, len(key), 4))
    return page(
        request, "accounts/authenticator.html", refusal=error, keep=False, form=forms.shown(error, next=next), qr=drawn,
        key=grouped, address=authenticators.address(key, request.user.email),
    )  # fmt: skip


def _changed(said: str, codes: list[str], request: Request, next: str = "") -> Response[Any]:
    """Recovery codes are shown in the answer itself, this once."""
    if codes:
        return page(request, "accounts/recovery_codes.html", keep=False, said=said, codes=codes, next=next or SECURITY)
    return redirect(next or SECURITY, flash=Flash(said, "good"))


CUSTOMER = [security, stop_factor_reset, decline_passkey]
PROVED = [
    new_passkey, add_passkey, adding_options, rename_passkey, remove_passkey, authenticator, confirm_authenticator,
    remove_authenticator, make_recovery_codes, recovery_codes_file,
]  # fmt: skip
