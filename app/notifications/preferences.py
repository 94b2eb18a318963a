"""What somebody wants to be told, on which way, and when they want to be left alone."""

import re
from collections.abc import Collection, Sequence
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.errors import Invalid
from app.events.actions import record
from app.i18n import Voice, _
from app.notifications.kinds import TOPICS, Kind, Topic

Way = Literal["app", "push", "email", "sms"]
WAYS: tuple[Way, ...] = ("app", "push", "email", "sms")
DISTURBING = ("push", "sms")  # they make a noise: quiet hours hold them back
Pair = tuple[str, str]  # topic, way

DEFAULTS: frozenset[Pair] = frozenset({
    ("orders", "app"), ("orders", "push"), ("orders", "email"),
    ("deliveries", "app"), ("deliveries", "push"), ("deliveries", "email"),
    ("returns_and_refunds", "app"), ("returns_and_refunds", "push"), ("returns_and_refunds", "email"),
    ("messages", "app"), ("messages", "push"), ("messages", "email"),
    ("security", "app"), ("security", "email"),
    ("desk", "app"), ("desk", "push"), ("desk", "email"),
})  # fmt: skip
# Nobody can be kept from hearing of it; and what was written to them stands in their inbox.
LOCKED: frozenset[Pair] = frozenset({("security", "app"), ("security", "email"), ("messages", "app")})
EVERY: frozenset[Pair] = frozenset((topic, way) for topic in TOPICS for way in WAYS)
CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d")

KEEP = """
INSERT INTO preferences (customer, topic, channel, wanted) VALUES ({}, {}, {}, {})
ON CONFLICT (customer, topic, channel) DO UPDATE SET wanted = excluded.wanted
"""
KEEP_SETTINGS = """
INSERT INTO notice_settings (customer, quiet_from, quiet_until, one_interruption) VALUES ({}, {}, {}, {})
ON CONFLICT (customer) DO UPDATE SET quiet_from = excluded.quiet_from, quiet_until = excluded.quiet_until,
  one_interruption = excluded.one_interruption
"""


class Choices(Struct, frozen=True):
    """Of one customer. `on` are pairs of topic and way."""

    on: frozenset[Pair] = DEFAULTS
    quiet_from: str = ""
    quiet_until: str = ""
    one_interruption: bool = True

    def wants(self, kind: Kind, way: str) -> bool:
        """Whether news of that kind is to go that way."""
        if not self.open(kind, way) or {"app": "app", "mail": "email"}.get(kind.urgency, way) != way:
            return False
        calm = kind.topic == "deliveries" and self.one_interruption and kind.urgency not in ("action", "here")
        return not (calm and way in DISTURBING)

    def open(self, kind: Kind, way: str) -> bool:
        """Whether anything of the kind may go that way at all."""
        return (kind.topic, way) in self.on or (kind.urgency == "law" and way == "email")

    def quiet_ends(self, at: datetime, voice: Voice) -> datetime | None:
        """When the quiet hours end that this moment falls into, by their own clock; None outside of them."""
        if not (self.quiet_from and self.quiet_until):
            return None
        begin, end = time.fromisoformat(self.quiet_from), time.fromisoformat(self.quiet_until)
        local = voice.local(at)
        now = local.time()
        within = begin <= now < end if begin < end else now >= begin or now < end
        if not within:
            return None
        day = local.date() + timedelta(days=1 if now >= end else 0)
        ends = datetime.combine(day, end, clock.zone(voice.zone))
        # In the night in which clocks are set back an hour comes twice: the first time may be over.
        return next((moment for fold in (0, 1) if (moment := ends.replace(fold=fold).astimezone(UTC)) > at), None)


async def of(people: Collection[int]) -> dict[int, Choices]:
    """By customer; whoever has chosen nothing has our defaults."""
    ids = sorted(people)
    if not ids:
        return {}
    marks = db.marks(len(ids))
    kept = await db.rows(f"SELECT customer, topic, channel, wanted FROM preferences WHERE customer IN ({marks})", *ids)  # noqa: S608
    how = await db.rows(f"SELECT * FROM notice_settings WHERE customer IN ({marks})", *ids)  # noqa: S608
    settings = {row["customer"]: row for row in how}
    return {person: _choices([row for row in kept if row["customer"] == person], settings.get(person)) for person in ids}


async def one(customer: int) -> Choices:
    return (await of([customer]))[customer]


async def change(
    customer: int, chosen: Choices, *, offered: Collection[str] = WAYS, topics: Collection[Topic] = TOPICS
) -> None:
    """All of it at once. `offered` are the ways that the form showed, `topics` its topics: the others stay as they are.

    Raises Invalid(quiet_from=…) when that is no time of day, or no time at all lies between the two.
    """
    _check(chosen)
    async with db.transaction():
        await customers.lock(customer)
        for topic, way in sorted(EVERY - LOCKED):
            if way in offered and topic in topics:
                await db.execute(KEEP, customer, topic, way, (topic, way) in chosen.on)
        await db.execute(KEEP_SETTINGS, customer, chosen.quiet_from, chosen.quiet_until, chosen.one_interruption)
        await _changed(customer)


async def stop(customer: int, topic: str, channel: str) -> bool:
    """One topic no longer on one way: what a click in a mail does. False, and nothing changes, where it was off already;
    Raises Invalid for what is locked, or does not exist."""
    return await _turn(customer, (topic, channel), wanted=False)


async def resume(customer: int, topic: str, channel: str) -> bool:
    """Takes `stop` back; answers and raises as it does."""
    return await _turn(customer, (topic, channel), wanted=True)


async def _turn(customer: int, pair: Pair, *, wanted: bool) -> bool:
    if pair in LOCKED or pair not in EVERY:
        raise Invalid(_("That cannot be turned off."))
    async with db.transaction():
        await customers.lock(customer)
        if (pair in (await one(customer)).on) is wanted:
            return False
        await db.execute(KEEP, customer, *pair, wanted)
        await _changed(customer)
        return True


async def _changed(customer: int) -> None:
    await customers.raise_revision(customer)
    await record("notices_chosen", customer=customer)


def _choices(kept: Sequence[db.Row], settings: db.Row | None) -> Choices:
    said = {(row["topic"], row["channel"]): bool(row["wanted"]) for row in kept}
    on = frozenset(pair for pair in EVERY if pair in LOCKED or said.get(pair, pair in DEFAULTS))
    if settings is None:
        return Choices(on)
    return Choices(on, settings["quiet_from"], settings["quiet_until"], bool(settings["one_interruption"]))


def _check(chosen: Choices) -> None:
    hours = (chosen.quiet_from, chosen.quiet_until)
    if hours == ("", ""):
        return
    if not all(CLOCK.fullmatch(hour) for hour in hours):
        raise Invalid(quiet_from=_("A time of day for the beginning and for the end, please: 22:00."))
    if hours[0] == hours[1]:
        raise Invalid(quiet_from=_("The quiet hours would end as they begin."))
