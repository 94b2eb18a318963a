"""Telling people what happened, and what they do with it: read one, read all."""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from app import clock, db
from app.accounts import customers
from app.errors import Missing
from app.events.unnoticed import Heard, heard
from app.notifications import desks, people, preferences, ways
from app.notifications.about import About, about
from app.notifications.channels import Person
from app.notifications.kinds import JUDGED, NOTICES, Kind, kind_of
from app.notifications.preferences import DISTURBING, Choices

OLD_NEWS = timedelta(
    days=30
)  # what happened longer ago is told in the app alone: a shop may send its past any time, and a worker may come late
MAILED_ANYWAY = ("security", "email")  # by the letters of the verbs themselves

READ_ONE = "UPDATE notifications SET read_at = {} WHERE id = {} AND customer = {} AND read_at IS NULL RETURNING id"
READ_ALL = "UPDATE notifications SET read_at = {} WHERE customer = {} AND read_at IS NULL AND id <= {} RETURNING id"
UNTOLD = """
SELECT e.id FROM events e LEFT JOIN notifications n ON n.event = e.id AND n.customer = e.customer
WHERE e.at >= {} AND e.noticed_at IS NOT NULL AND e.customer IS NOT NULL AND n.id IS NULL
"""
COUNT = """
UPDATE customers SET unread = unread + counted.column2, revision = revision + 1
FROM (VALUES $pairs) AS counted WHERE id = counted.column1
"""


async def notify(events: Sequence[Heard]) -> None:
    """One notification for whom each event concerns, and for who works at the desk that it waits at; and a delivery for every
    way and target they want it on. In the transaction that claims the events."""
    told, at_desks, counted = _told(events), await desks.told(events), await desks.people(events)
    if not (whom := {customer for customer, _, _ in told} | {it.customer for it in at_desks} | counted):
        return
    persons, chosen = await people.locked(whom), await preferences.of(whom)
    rows = [*await _rows(told, persons, chosen), *_desk_rows(at_desks, persons, chosen)]
    made = await db.insert("notifications", rows, "id", "event", "customer")
    ids = {(row["customer"], row["event"]): row["id"] for row in made}
    all_told = told + [(it.customer, it.event, it.kind) for it in at_desks]
    fresh = [(ids[customer, event.id], kind, persons[customer]) for customer, event, kind in all_told
             if (customer, event.id) in ids and clock.now() - event.at <= OLD_NEWS]  # fmt: skip
    await db.insert("deliveries", await _deliveries(fresh, chosen))
    await _count(_unread(rows))
    await desks.count(counted, stirred=desks.stirred(events))


async def recall(since: datetime, unread_since: datetime) -> None:
    """What was recorded as the past is put into the lists, as if it had been told when it happened: read, but for the last
    of it, and sent nowhere. In the caller's transaction."""
    told = _told(await heard([row["id"] for row in await db.scan(UNTOLD, since)]))
    whom = {customer for customer, _, _ in told}
    rows = [
        {**row, "created_at": row["at"], "read_at": row["at"] if row["at"] < unread_since else None}
        for row in await _rows(told, await people.locked(whom), await preferences.of(whom)) if row["shown"]
    ]  # fmt: skip
    await db.insert("notifications", sorted(rows, key=lambda row: row["at"]))  # lists go by id
    await _count(_unread([row for row in rows if row["read_at"] is None]))


async def read(customer: int, notification: int) -> str:
    """The address of the page that it opens; counted down the first time. Raises Missing for a stranger's."""
    async with db.transaction():
        await customers.lock(customer)
        found = await db.one(
            "SELECT url FROM notifications WHERE id = {} AND customer = {} AND shown", notification, customer
        )  # fmt: skip
        if found is None:
            raise Missing
        if await db.execute(READ_ONE, clock.now(), notification, customer):
            await _count({customer: -1})
        url: str = found["url"]
        return url


async def read_all(customer: int, *, until: int = db.MOST_ID) -> int:
    """How many were unread, up to the newest that they have seen: what came later is still news."""
    async with db.transaction():
        await customers.lock(customer)
        count = len(await db.execute(READ_ALL, clock.now(), customer, until))
        if count:
            await _count({customer: -count})
        return count


def _told(events: Sequence[Heard]) -> list[tuple[int, Heard, Kind]]:
    """Those that are news to somebody, with whom they concern."""
    return [
        (event.customer, event, kind) for event in events
        if event.customer and (kind := kind_of(event.kind, event.data))
    ]  # fmt: skip


async def _rows(
    told: Sequence[tuple[int, Heard, Kind]], persons: Mapping[int, Person], chosen: Mapping[int, Choices]
) -> list[Mapping[str, Any]]:
    known = await about([event for _, event, _ in told])
    return [
        row for customer, event, kind in told if customer in persons
        and (row := _row(event, kind, known[event.id], chosen[customer]))
    ]  # fmt: skip


def _desk_rows(
    at_desks: Sequence[desks.News], persons: Mapping[int, Person], chosen: Mapping[int, Choices]
) -> list[Mapping[str, Any]]:
    """Not under the order: it is another's."""
    return [
        {**row, "customer": it.customer, "kind": it.name, "order": None}
        for it in at_desks if it.customer in persons and (row := _row(it.event, it.kind, it.about, chosen[it.customer]))
    ]  # fmt: skip


def _row(event: Heard, kind: Kind, known: About, chosen: Choices) -> Mapping[str, Any] | None:
    """None where it is wanted nowhere, and for the payment that came with the order: one piece of news, not two."""
    if event.kind == "order_paid" and event.at == known.placed_at:
        return None
    in_inbox = event.kind in NOTICES or (kind.topic == "messages" and event.kind not in JUDGED)
    shown = (kind.topic, "app") in chosen.on and not in_inbox and kind.urgency != "mail"
    if not shown and not any(chosen.wants(kind, way) for way in ways.open_ways()):
        return None
    at = clock.now()
    data = msgspec.json.encode({**event.data, "of": known.of}).decode()
    return {
        "customer": event.customer, "event": event.id, "topic": kind.topic, "kind": event.kind, "order": event.order,
        "url": known.url, "data": data, "at": event.at, "created_at": at, "read_at": None if shown else at, "shown": shown,
    }  # fmt: skip


async def _deliveries(fresh: Sequence[tuple[int, Kind, Person]], chosen: Mapping[int, Choices]) -> list[dict[str, Any]]:
    """`fresh` are notifications by their ids. Each way is asked once for the targets of all whom it is to reach."""
    at, found = clock.now(), []
    for way, channel in ways.open_ways().items():
        wanted = [
            (number, person) for number, kind, person in fresh
            if chosen[person.id].wants(kind, way) and (kind.topic, way) != MAILED_ANYWAY
        ]  # fmt: skip
        targets = await channel.targets({person.id: person for _, person in wanted}.values())
        for number, person in wanted:
            due = _not_before(way, at, person, chosen[person.id])
            found += [_delivery(number, way, target, due) for target in targets.get(person.id, ())]
    return found


def _not_before(way: str, at: datetime, person: Person, chosen: Choices) -> datetime:
    return (chosen.quiet_ends(at, person.voice) if way in DISTURBING else None) or at


def _delivery(notification: int, way: str, target: str, due: datetime) -> dict[str, Any]:
    return {
        "notification": notification, "channel": way, "target": target, "message_id": secrets.token_hex(16),
        "state": "waiting", "attempts": 0, "next_try_at": due, "last_error": "", "created_at": clock.now(), "sent_at": None,
    }  # fmt: skip


async def _count(more: Mapping[int, int]) -> None:
    """Of customers whose rows are locked."""
    if more:
        pairs = ", ".join(["(CAST({} AS integer), CAST({} AS integer))"] * len(more))
        await db.execute(COUNT.replace("$pairs", pairs), *(part for pair in more.items() for part in pair))


def _unread(rows: Sequence[Mapping[str, Any]]) -> dict[int, int]:
    """By customer."""
    counted: dict[int, int] = {}
    for row in rows:
        counted[row["customer"]] = counted.get(row["customer"], 0) + bool(row["shown"])
    return counted
