"""What customers say about themselves: name, language, time zone, and the phrase by which they know our mails."""

import re

from app import db
from app.accounts import sessions, zones
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Invalid
from app.events.actions import record
from app.i18n import _
from app.settings import settings

BROWSERS_ZONE = "browser"  # instead of a zone: the one that the browser says
SHORTEST_PHRASE, LONGEST_PHRASE = 3, 80
JOINERS = dict.fromkeys(map(ord, "\u200c\u200d"))  # hold together Persian words and families of emoji; show nothing alone
# What a mail program would make a link of.
ADDRESS = re.compile(r"://|www\.|@|[^\s.]\.[^\W\d_]{2,}", re.I)


async def change_profile(viewer: Viewer, *, name: str, locale: str, zone: str = "", told: str = "") -> None:
    """`zone` is the one that was chosen, `told` what the browser says, which counts only when nothing was chosen.

    Raises Invalid(name=…, locale=… or zone=…).
    """
    name = " ".join(name.split())
    if not name or len(name) > 200 or not _plain(name):
        raise Invalid(name=_("A name of 1 to 200 characters, please."))
    _check_locale(locale)
    async with transaction():
        await db.execute(
            "UPDATE customers SET name = {}, locale = {}, time_zone = {}, revision = revision + 1 WHERE id = {}",
            name, locale, _zone(viewer, zone, told), viewer.id,
        )  # fmt: skip
        await record("profile_changed", customer=viewer.id)


async def change_locale(viewer: Viewer, locale: str) -> None:
    """Raises Invalid(locale=…) for a language we do not speak."""
    _check_locale(locale)
    async with transaction():
        await db.execute("UPDATE customers SET locale = {}, revision = revision + 1 WHERE id = {}", locale, viewer.id)
        await record("profile_changed", customer=viewer.id)


async def phrase(customer: int) -> str:
    found = await db.one("SELECT phrase FROM customers WHERE id = {}", customer)
    return found["phrase"] if found else ""


async def change_phrase(viewer: Viewer, typed: str) -> None:
    """Our mails repeat it, so it is one plain line and leads nowhere. Raises Invalid(phrase=…)."""
    made = " ".join(typed.split())
    if not SHORTEST_PHRASE <= len(made) <= LONGEST_PHRASE or not _plain(made):
        raise Invalid(phrase=_("A phrase of 3 to 80 characters, please."))
    if ADDRESS.search(made):
        raise Invalid(phrase=_("Mail programs would make a link of that: words only, please."))
    await _keep_phrase(viewer, made)


async def remove_phrase(viewer: Viewer) -> None:
    await _keep_phrase(viewer, "")


async def _keep_phrase(viewer: Viewer, made: str) -> None:
    async with transaction():
        await sessions.still_in(viewer)
        changed = await db.execute(
            "UPDATE customers SET phrase = {}, revision = revision + 1 WHERE id = {} AND phrase <> {} RETURNING id",
            made, viewer.id, made,
        )  # fmt: skip
        if changed:
            await record("phrase_changed", customer=viewer.id, removed=not made)


def _plain(text: str) -> bool:
    """Letters and signs that show: nothing that turns the line round, breaks it or cannot be kept."""
    shown = text.translate(JOINERS)
    return bool(shown.strip()) and shown.isprintable()


def _zone(viewer: Viewer, chosen: str, told: str) -> str:
    """Without JavaScript no browser says its zone: it is then asked again at the next sign-in."""
    known = zones.known()
    if chosen not in ("", BROWSERS_ZONE):
        if chosen not in known:
            raise Invalid(zone=_("We do not know that time zone."))
        return chosen
    if told in known:
        return told
    return "" if chosen and not told else viewer.time_zone


def _check_locale(locale: str) -> None:
    if locale not in settings.locales:
        raise Invalid(locale=_("We do not speak that language yet."))
