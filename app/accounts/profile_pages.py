"""Name, language, time zone and phrase; the language also before anybody is signed in."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import URLEncodedBody

from app import i18n
from app.accounts import forms, profiles, zones
from app.errors import Invalid
from app.i18n import _
from app.web import access
from app.web.flash import Flash
from app.web.pages import cookie_options, page, redirect

YEAR = 365 * 86_400  # seconds


@get("/account/profile", access=access.CUSTOMER)
async def profile(request: Request) -> Response[Any]:
    viewer = request.user
    return _profile(request, name=viewer.name, locale=i18n.voice().locale, zone=viewer.time_zone)


@post("/account/profile", access=access.CUSTOMER)
async def change_profile(request: Request, data: URLEncodedBody[forms.Profile]) -> Response[Any]:
    said = {"name": data.name, "locale": data.locale, "zone": data.zone}
    try:
        await profiles.change_profile(request.user, **said, told=data.time_zone)
    except Invalid as error:
        return _profile(request, error, **said)
    return _in_language(data.locale, redirect("/account", flash=_saved(data.locale)))


@post("/locale", access=access.ANYBODY)
async def change_locale(request: Request, data: URLEncodedBody[forms.Language]) -> Response[Any]:
    """For anybody; a language that we do not speak changes nothing."""
    response = redirect(forms.own_path(data.back) or "/")
    if not i18n.supported(data.locale):
        return response
    locale = i18n.supported(data.locale)
    if request.user:
        await profiles.change_locale(request.user, locale)
    return _in_language(locale, response)


@get("/account/phrase", access=access.PROVED_CUSTOMER)
async def phrase(request: Request) -> Response[Any]:
    """Behind a proof, as the change of it: whoever knows the phrase can write a mail that looks like ours."""
    kept = await profiles.phrase(request.user.id)
    return _phrase(request, forms.shown(phrase=kept, kept=kept))


@post("/account/phrase", access=access.PROVED_CUSTOMER)
async def change_phrase(request: Request, data: URLEncodedBody[forms.Phrase]) -> Response[Any]:
    try:
        await profiles.change_phrase(request.user, data.phrase)
    except Invalid as error:
        kept = await profiles.phrase(request.user.id)
        return _phrase(request, forms.shown(error, phrase=data.phrase, kept=kept), error)
    return redirect("/account", flash=Flash(_("From now on our mails repeat your phrase."), "good"))


@post("/account/phrase/removal", access=access.PROVED_CUSTOMER)
async def remove_phrase(request: Request) -> Response[Any]:
    await profiles.remove_phrase(request.user)
    return redirect("/account", flash=Flash(_("The phrase is removed."), "good"))


def _profile(request: Request, error: Invalid | None = None, **typed: str) -> Response[Any]:
    locale, chosen = i18n.voice().locale, zones.present(typed["zone"])
    groups = zones.grouped(locale)
    listed = {zone for _name, group in groups for zone, _text in group}
    other = "" if chosen in listed or (error and "zone" in error.fields) or chosen == profiles.BROWSERS_ZONE else chosen
    form = forms.shown(error, **{**typed, "zone": chosen})
    return page(request, "accounts/profile.html", refusal=error, form=form, groups=groups, other_zone=other)


def _phrase(request: Request, form: Any, error: Invalid | None = None) -> Response[Any]:
    return page(request, "accounts/phrase.html", refusal=error, keep=False, form=form)


def _in_language(locale: str, response: Response[Any]) -> Response[Any]:
    """Also kept in the browser: the sign-in page speaks it next time."""
    response.set_cookie(i18n.LOCALE_COOKIE, locale, **cookie_options(YEAR))
    return response


def _saved(locale: str) -> Flash:
    """Said in the language that was just chosen."""
    return Flash(i18n.Voice(locale).gettext("Saved."), "good")


PUBLIC = [change_locale]
OFFLINE_TOO = [profile, change_profile]
PROVED = [phrase, change_phrase, remove_phrase]
