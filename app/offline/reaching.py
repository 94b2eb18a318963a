"""Whether messages and news reach somebody: each way on which they could come, how it stands with it, and what mends it.

What only the browser knows (whether it may show news, whether it is up to date) is said by its own page, `/app-health`.
"""

from msgspec import Struct

from app import clock, db
from app.accounts.viewer import Viewer
from app.i18n import Voice
from app.notifications import bounces, lately, preferences, push_cards, ways
from app.notifications.preferences import Choices
from app.settings import settings

CHOICES, DEVICES = "/account/notifications", "/account/notifications/devices"
MUTED = "SELECT code, subject, titles FROM threads WHERE customer = {} AND muted ORDER BY last_at DESC LIMIT {}"
MOST = 5


class Finding(Struct, frozen=True):
    """`tone`: good, wait, bad, plain. `links`: text and address of each thing that mends it."""

    title: str
    text: str
    tone: str
    links: list[tuple[str, str]] = []


async def findings(viewer: Viewer, voice: Voice) -> list[Finding]:
    chosen = await preferences.one(viewer.id)
    found = [_inbox(voice), await _mail(viewer, chosen, voice), await _push(viewer, chosen, voice)]
    found += [one for one in (_quiet(chosen, voice), await _muted(viewer, voice)) if one]
    return found


def _inbox(voice: Voice) -> Finding:
    _ = voice.gettext
    text = _(
        "Whatever is written to you stands there, whether or not you are told in another way. A number on “Inbox” counts it."
    )
    return Finding(
        _("In the app"), text, "good", [(_("Open the inbox"), "/inbox"), (_("Only unread ones"), "/inbox?unread=yes")]
    )


async def _mail(viewer: Viewer, chosen: Choices, voice: Voice) -> Finding:
    _, title, own = voice.gettext, voice.gettext("By e-mail"), (voice.gettext("Change the address"), "/account/email")
    if (bounce := await bounces.of(viewer.id, viewer.email)) is not None:
        said = {"email": bounce.email, "day": voice.long_day(bounce.since)}
        text = _("Since %(day)s mails to %(email)s have come back: nothing is sent there until you say that it works again.")
        return Finding(title, text % said, "bad", [own, (_("It works again"), CHOICES)])
    if ("messages", "email") not in chosen.on:
        return Finding(title, _("You have switched it off for messages."), "plain", [(_("Switch it on"), CHOICES)])
    last = (await lately.sentences(viewer.id, voice))["messages"]
    text = _("They go to %(email)s, from %(sender)s. %(last)s If none is there, look among spam, and let this sender in.")
    return Finding(title, text % {"email": viewer.email, "sender": settings.mail_from, "last": last}, "good", [own])


async def _push(viewer: Viewer, chosen: Choices, voice: Voice) -> Finding:
    _, title = voice.gettext, voice.gettext("On the screen")
    look = (_("Look into this browser"), "/app-health")
    if "push" not in ways.open_ways():
        return Finding(title, _("Not offered here."), "plain")
    browsers = (await push_cards.of(viewer, voice)).devices
    if ("messages", "push") not in chosen.on:
        return Finding(title, _("You have switched it off for messages."), "plain", [(_("Switch it on"), CHOICES), look])
    if not browsers:
        return Finding(
            title, _("No browser of yours has been allowed to show news."), "plain", [(_("Allow it"), DEVICES), look]
        )
    here = any(one.here for one in browsers)
    count = voice.ngettext("It comes to %(num)d browser of yours.", "It comes to %(num)d browsers of yours.", len(browsers))
    this = _("This one is among them.") if here else _("This one is not among them.")
    return Finding(
        title, f"{count % {'num': len(browsers)}} {this}", "good" if here else "wait", [(_("Your browsers"), DEVICES), look]
    )


def _quiet(chosen: Choices, voice: Voice) -> Finding | None:
    if not chosen.quiet_from:
        return None
    _, title, change = voice.gettext, voice.gettext("Quiet hours"), [(voice.gettext("Change them"), CHOICES)]
    if ends := chosen.quiet_ends(clock.now(), voice):
        text = _("They last until %(time)s: what makes a noise waits so long.") % {"time": voice.time(ends)}
        return Finding(title, text, "wait", change)
    said = {"begin": chosen.quiet_from, "end": chosen.quiet_until}
    return Finding(title, _("From %(begin)s to %(end)s; not just now.") % said, "good", change)


async def _muted(viewer: Viewer, voice: Voice) -> Finding | None:
    found = await db.rows(MUTED, viewer.id, MOST)
    if not found:
        return None
    _ = voice.gettext
    links = [(row["subject"] or row["titles"].partition("\n")[0], f"/inbox/{row['code']}") for row in found]
    return Finding(_("Muted conversations"), _("You are told nothing of these until you unmute them:"), "wait", links)
