"""A way out that ends in a list, what is kept of news, and the worker's turns taken by hand."""

from collections.abc import Collection
from typing import Any

import msgspec

from app import db, worker
from app.i18n import Voice
from app.notifications import sending, wording
from app.notifications.channels import Channel, Due, News, Person
from app.notifications.said import Said


class Sink:
    """A channel. `fault` is raised instead of taking anything, while it is set."""

    def __init__(self) -> None:
        self.got: list[Due] = []
        self.fault: Exception | None = None
        self.places: list[str] = [""]
        self.asked: list[set[int]] = []

    async def targets(self, persons: Collection[Person]) -> dict[int, list[str]]:
        self.asked.append({person.id for person in persons})
        return {person.id: self.places for person in persons}

    async def send(self, due: Due) -> None:
        if self.fault:
            raise self.fault
        self.got.append(due)


async def deliveries() -> list[dict[str, Any]]:
    return [dict(row) for row in await db.rows("SELECT * FROM deliveries ORDER BY id")]


async def notifications() -> list[dict[str, Any]]:
    return [dict(row) for row in await db.rows("SELECT * FROM notifications ORDER BY id")]


async def said_of(kind: str, locale: str = "en") -> Said:
    """What the newest event of that kind says, once it has become news."""
    await told()
    (row,) = await db.rows("SELECT * FROM notifications WHERE kind = {} ORDER BY id DESC LIMIT 1", kind)
    names = {name: row[name] for name in News.__struct_fields__ if name != "data"}
    news = News(**names, data=msgspec.json.decode(row["data"]))
    return wording.said(news, Voice(locale, "UTC"))


async def unread(customer: int) -> int:
    row = await db.one("SELECT unread FROM customers WHERE id = {}", customer)
    assert row
    return int(row["unread"])


async def told() -> int:
    """All events there are become news; how many there were."""
    count = 0
    while found := await worker.notice():
        count += found
    return count


async def targets(channel: Channel, person: Person) -> list[str]:
    return list((await channel.targets([person])).get(person.id, ()))


async def sent(way: str, sink: Sink) -> int:
    """One turn of a sender: what is due now."""
    due = await sending.claim(way, 100)
    for one in due:
        await sending.send(sink, one)
    return len(due)
