"""What happens at a merchant's desk, for the people who work there: how many returns and messages wait, which every page of
theirs says, and news of what waits for an answer.

Whoever has been told and has not been there since is told of nothing more for a day: many returns make one mail, not many.
Messages that can be answered by mail are mailed each: to whom the conversation is assigned, or to all who want mails.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from app import clock, db
from app.events.unnoticed import Heard
from app.inbox import masked
from app.notifications import judged, of_the_shop
from app.notifications.about import LONGEST, About
from app.notifications.kinds import AT_DESK, KINDS, Kind

COUNTED = (
    "return_",
    "claim_",
    "cancellation_",
    "withdrawal_",
    "member_",
    "message_",
    "thread_",
)  # what may change how many wait, or for whom
APART = ("review_written",)  # nobody waits for it: it keeps nothing else from being told
TOLD_AGAIN = timedelta(days=1)

PEOPLE = "SELECT id, customer, merchant, seen_at FROM members WHERE merchant IN"
WAITING = """
SELECT mb.customer, m.slug, COALESCE(w.n, 0) AS n FROM members mb JOIN merchants m ON m.id = mb.merchant LEFT JOIN (
  SELECT merchant, count(*) AS n FROM returns WHERE waiting_on = 'seller' AND state <> 'unconfirmed'
  AND merchant IN (SELECT merchant FROM members WHERE customer IN ({marks})) GROUP BY merchant
) AS w ON w.merchant = m.id WHERE mb.customer IN ({marks}) ORDER BY m.slug
"""
TALKS = """
SELECT mb.customer, m.slug, count(*) AS n FROM members mb JOIN merchants m ON m.id = mb.merchant
JOIN threads t ON t.merchant = m.id AND t.waiting_on = 'seller' AND t.closed_at IS NULL
WHERE mb.customer IN ({marks}) GROUP BY mb.customer, m.slug ORDER BY m.slug
"""
RETURNS = """
SELECT r.code, r.merchant, r.titles, r.due_at, m.slug, m.name AS shop, 'returns' AS place,
  NULL AS assigned
FROM returns r JOIN merchants m ON m.id = r.merchant WHERE r.waiting_on = 'seller' AND r.code IN
"""
THREADS = """
SELECT t.code, t.merchant, CASE WHEN t.subject = '' THEN t.titles ELSE t.subject END AS titles, t.due_at, m.slug,
  m.name AS shop, 'inbox' AS place, t.assigned
FROM threads t JOIN merchants m ON m.id = t.merchant WHERE t.waiting_on = 'seller' AND t.code IN
"""
TOLD = """
SELECT customer, url, created_at, kind FROM notifications
WHERE topic = 'desk' AND kind NOT IN ('desk_withdrawal_acknowledged', 'desk_message_mailed') AND created_at > {} AND customer IN
"""


class News(Struct, frozen=True):
    """`event` is news for `customer`, who works at the desk."""

    customer: int
    event: Heard
    kind: Kind
    about: About
    name: str


async def people(events: Sequence[Heard]) -> set[int]:
    """Whose pages may say another number after this: their rows are to be locked, with those of all who are told something."""
    heard = [event for event in events if event.merchant and event.kind.startswith(COUNTED)]
    gone = {event.customer for event in heard if event.kind == "member_removed" and event.customer}
    merchants = {event.merchant for event in heard if event.merchant} | await of_the_shop.of(heard)
    return gone | {row["customer"] for row in await _people(merchants)}


def stirred(events: Sequence[Heard]) -> bool:
    """Whether somebody has written: the open pages of a desk show that, though no more wait than before."""
    return any(event.kind.startswith(("message_", "thread_")) for event in events)


async def count(customers: Collection[int], *, stirred: bool = False) -> None:
    """How many wait for each, anew; with their rows locked. A desk's messages are under “slug/inbox”."""
    if not (ids := sorted(customers)):
        return
    marks = db.marks(len(ids))
    desks: dict[int, dict[str, int]] = {one: {} for one in ids}
    for row in await db.scan(WAITING.format(marks=marks), *ids, *ids):
        desks[row["customer"]][row["slug"]] = row["n"]
    for row in await db.scan(TALKS.format(marks=marks), *ids):
        desks[row["customer"]][f"{row['slug']}/inbox"] = row["n"]
    for row in await of_the_shop.count(ids):
        if row["n"]:
            place = f"{row['slug']}/inbox"
            desks[row["customer"]][place] = desks[row["customer"]].get(place, 0) + row["n"]
    known = await db.rows(f"SELECT id, desks FROM customers WHERE id IN ({marks})", *ids)  # noqa: S608 - marks
    for row in known:
        text = msgspec.json.encode(desks[row["id"]]).decode() if desks[row["id"]] else ""
        if text != row["desks"] or (stirred and text):
            await db.execute("UPDATE customers SET desks = {}, revision = revision + 1 WHERE id = {}", text, row["id"])


async def told(events: Sequence[Heard]) -> list[News]:
    """What waits for an answer now, the first of it for each who has not been told since they were last at that desk."""
    asked = [event for event in events if event.kind in AT_DESK and _theirs(event.data)]
    waiting = await _waiting({str(event.data.get("code")) for event in asked})
    found: dict[tuple[int, int, bool], News] = {}
    mailed: list[News] = []
    pairs = [(event, waiting[code]) for event in asked if (code := str(event.data.get("code"))) in waiting]
    pairs += [*await of_the_shop.waiting(asked), *await judged.waiting(asked)]
    working = await _people({row["merchant"] for _event, row in pairs})
    before = await _told({row["customer"] for row in working})
    once: set[tuple[int, int]] = set()
    for event, row in pairs:
        for person in _others(working, row["merchant"], event):
            whose = (person["customer"], row["merchant"], event.kind in APART)
            if (person["customer"], event.id) in once:
                continue  # at another desk of theirs
            if whose not in found and _fresh(person, before.get((person["customer"], row["slug"], event.kind in APART))):
                found[whose] = _news(person, event, row, f"desk_{event.kind}")
            elif _mailed(person, event, row):
                mailed.append(_news(person, event, row, "desk_message_mailed"))
            else:
                continue
            once.add((person["customer"], event.id))
    return [*found.values(), *mailed]


def _news(person: db.Row, event: Heard, row: db.Row, name: str) -> News:
    return News(person["customer"], event, KINDS[name], _about(row), name)


def _fresh(person: db.Row, told: datetime | None) -> bool:
    """Whether they have not been told, or were at the desk since."""
    return told is None or (person["seen_at"] is not None and person["seen_at"] >= told)


def _mailed(person: db.Row, event: Heard, row: db.Row) -> bool:
    """The shop itself, where it was asked to step in, answers on its page alone: its rows have no `assigned`."""
    return event.kind == "message_posted" and masked.on() and row.get("assigned", 0) in (None, person["id"])


def _others(working: Sequence[db.Row], merchant: int, event: Heard) -> list[db.Row]:
    """Of that desk, but for who has done it: a customer of the shop may work there, too."""
    return [person for person in working if person["merchant"] == merchant and person["customer"] != event.customer]


def _theirs(data: Mapping[str, Any]) -> bool:
    """By a customer or a guest: who works at the desk, and the shop's own programs, know what they do."""
    by = data.get("by")
    return isinstance(by, str) and (by == "guest" or by.startswith("customer:"))


async def _people(merchants: Collection[int]) -> Sequence[db.Row]:
    ids = sorted(merchants)
    return await db.rows(f"{PEOPLE} ({db.marks(len(ids))}) ORDER BY id", *ids) if ids else []


async def _waiting(codes: Collection[str]) -> dict[str, db.Row]:
    """By code, of these returns and threads."""
    found: dict[str, db.Row] = {}
    for letter, sql in (("R", RETURNS), ("T", THREADS)):
        if wanted := sorted(code for code in codes if code.startswith(f"{letter}-")):
            found |= {row["code"]: row for row in await db.rows(f"{sql} ({db.marks(len(wanted))})", *wanted)}
    return found


async def _told(customers: Collection[int]) -> dict[tuple[int, str, bool], datetime]:
    """When each was last told something of each desk, by its short name and whether it was APART, within a day."""
    ids = sorted(customers)
    found: dict[tuple[int, str, bool], datetime] = {}
    if ids:
        sql = f"{TOLD} ({db.marks(len(ids))}) ORDER BY id"
        for row in await db.rows(sql, clock.now() - TOLD_AGAIN, *ids):
            found[row["customer"], row["url"].split("/")[2], row["kind"].removeprefix("desk_") in APART] = row["created_at"]
    return found


def _about(row: db.Row) -> About:
    title, count = row["titles"].partition("\n")[0], row["titles"].count("\n")
    due = row["due_at"].isoformat() if row["due_at"] else ""
    return About(
        f"/desk/{row['slug']}/{row.get('path') or row['place'] + '/' + row['code']}",
        {"shop": row["shop"], "title": title[:LONGEST], "more": count, "code": row["code"], "due": due},
    )
