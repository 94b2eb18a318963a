"""What somebody wants to be told: topics by ways, quiet hours, one interruption per parcel."""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response, get, post
from msgspec import Struct

from app.accounts import forms, zones
from app.errors import Invalid
from app.i18n import Voice, _, voice
from app.notifications import bounces, lately, people, preferences, ways
from app.notifications.kinds import TOPICS, Topic
from app.notifications.preferences import LOCKED, Choices
from app.notifications.wording import topics, topics_told
from app.web import access
from app.web.flash import Flash
from app.web.pages import page, redirect

PATH = "/account/notifications"
FROM, UNTIL = "22:00", "07:00"  # what is offered first


class Box(Struct, frozen=True):
    """`value` is “deliveries.email”. `locked` is always on."""

    value: str
    label: str
    on: bool
    locked: bool


class TopicCard(Struct, frozen=True):
    topic: str
    name: str
    told: str
    lately: str
    boxes: list[Box]


@get("/account/notifications", access=access.CUSTOMER)
async def show(request: Request) -> Response[Any]:
    return await _form(request, await preferences.one(request.user.id))


@post("/account/notifications", access=access.CUSTOMER)
async def change(request: Request) -> Response[Any]:
    chosen, topics = _read(await forms.sent(request)), _topics(request)
    try:
        await preferences.change(request.user.id, chosen, offered=("app", *ways.open_ways()), topics=topics)
    except Invalid as error:
        return await _form(request, chosen, error)
    return redirect(PATH, flash=Flash(_("Saved."), "good"))


async def _form(request: Request, chosen: Choices, error: Invalid | None = None) -> Response[Any]:
    """Not kept by the browser: what was sent lately changes without the customer's revision."""
    said, customer = voice(), request.user.id
    sent = await lately.sentences(customer, said)
    offered = ("app", *ways.open_ways())
    cards = [
        TopicCard(topic, name, topics_told(said)[topic], sent[topic], _boxes(topic, offered, chosen, said))
        for topic, name in topics(said).items()
        if topic in _topics(request)
    ]
    typed = {"quiet_from": chosen.quiet_from or FROM, "quiet_until": chosen.quiet_until or UNTIL}
    form = forms.shown(error, quiet=bool(chosen.quiet_from or error), one=chosen.one_interruption, **typed)
    return page(
        request, "notifications/preferences.html", refusal=error, keep=False, cards=cards, form=form,
        unreached=await _unreached(customer, said), unreachable=await bounces.shown(customer, request.user.email),
        pushable="push" in offered, clock=_clock(request.user.time_zone, said),
        disturbing=any(way in offered for way in preferences.DISTURBING),
    )  # fmt: skip


def _topics(request: Request) -> list[Topic]:
    """What can be news to them: of a desk, to who works at one."""
    return [topic for topic in TOPICS if topic != "desk" or request.user.desks]


def _clock(zone: str, said: Voice) -> str:
    """Whose hours the quiet ones are."""
    if not zone:
        return said.gettext("Your time zone is not known: these hours are in UTC.")
    return said.gettext("By the clock of %(zone)s.") % {"zone": zones.named(zone, said.locale)}


def _read(sent: Sequence[tuple[str, str]]) -> Choices:
    fields = dict(sent)
    on = frozenset((topic, way) for name, value in sent if name == "on" for topic, _dot, way in [value.partition(".")])
    hours = (fields.get("quiet_from", ""), fields.get("quiet_until", "")) if fields.get("quiet") else ("", "")
    asked = fields.get("quiet") and not any(hours)
    return Choices((on & preferences.EVERY) | LOCKED, *(("?", "?") if asked else hours), bool(fields.get("one")))


def _boxes(topic: str, offered: Sequence[str], chosen: Choices, said: Voice) -> list[Box]:
    """Security is told by mail whether or not news goes there: by the letters of what was done."""
    named = {
        "app": said.gettext("App"),
        "push": said.gettext("Push"),
        "email": said.gettext("E-mail"),
        "sms": said.gettext("Text"),
    }
    shown = [way for way in named if way in offered or (topic, way) in LOCKED]
    return [Box(f"{topic}.{way}", named[way], (topic, way) in chosen.on, (topic, way) in LOCKED) for way in shown]


async def _unreached(customer: int, said: Voice) -> list[str]:
    """Of the ways that could be used, what is missing before they reach this person."""
    person = (await people.named([customer]))[customer]
    missing = {
        "push": said.gettext("Push reaches no device of yours yet."),
        "sms": said.gettext("Text messages need a confirmed telephone number."),
        "email": said.gettext("E-mails do not reach you at the moment."),
    }
    # What else is said of these two: a closed mailbox has a notice of its own, and a day's share of texts may be used up.
    known = {"email": await bounces.of(customer, person.email) is not None, "sms": bool(person.phone)}
    open_ways = ways.open_ways().items()
    lost = [name for name, way in open_ways if not known.get(name) and not (await way.targets([person])).get(customer)]
    return [missing[name] for name in lost]


OFFLINE_TOO = [show, change]
