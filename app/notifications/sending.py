"""Deliveries on their way: claimed by one process, sent outside any transaction, marked, tried again later when it went wrong.

A claim counts the attempt and sets the time of the next one, so that what a dead process had claimed comes up again. The
sink may then get it twice, with the same message id; it never gets nothing.
"""

import logging
import random
from datetime import timedelta

from app import clock, db
from app.events.actions import data_of
from app.notifications import people, preferences
from app.notifications.channels import Channel, Due, Never, News, NotNow, Person
from app.notifications.kinds import KINDS
from app.notifications.preferences import DISTURBING, Choices

log = logging.getLogger(__name__)
LEASE = timedelta(minutes=2)  # longer than any channel takes to send one
FIRST_WAIT, LONGEST_WAIT = timedelta(seconds=30), timedelta(hours=6)
MOST_ATTEMPTS = 20  # some three days

DUE = "state = 'waiting' AND channel = {} AND next_try_at <= {}"
CLAIM = f"""
WITH due AS MATERIALIZED (
  SELECT id FROM deliveries WHERE {DUE} ORDER BY next_try_at LIMIT {{}}{"" if db.ON_SQLITE else " FOR UPDATE SKIP LOCKED"}
)
UPDATE deliveries SET attempts = attempts + 1, next_try_at = {{}} WHERE {DUE} AND id IN (SELECT id FROM due) RETURNING id
"""  # noqa: S608 - our own words
READ = """
SELECT d.id, d.channel, d.target, d.message_id, d.attempts, d.notification, n.customer, n.topic, n.kind, n."order", n.url,
  n.data, n.at, n.created_at, d.instead
FROM deliveries d JOIN notifications n ON n.id = d.notification WHERE d.id IN
"""
SENT = "UPDATE deliveries SET state = 'sent', sent_at = {}, last_error = '' WHERE id = {} AND state = 'waiting'"
# Of whom claimed it last: what an attempt that was given up for dead has to say is old.
END = "UPDATE deliveries SET state = {}, last_error = {} WHERE id = {} AND state = 'waiting' AND attempts = {}"
AGAIN = "UPDATE deliveries SET next_try_at = {}, last_error = {} WHERE id = {} AND state = 'waiting' AND attempts = {}"
LATER = "UPDATE deliveries SET next_try_at = {}, attempts = attempts - 1 WHERE id = {} AND state = 'waiting' AND attempts = {}"


async def claim(way: str, most: int) -> list[Due]:
    """Those that are to be sent now. What is no longer wanted is dropped, what would disturb at night put off."""
    at = clock.now()
    claimed = await db.execute(CLAIM, way, at, most, at + LEASE, way, at)
    ids = [row["id"] for row in claimed]
    if not ids:
        return []
    found = await db.rows(f"{READ} ({db.marks(len(ids))}) ORDER BY d.id", *ids)
    whom = {row["customer"] for row in found}
    persons, chosen = await people.named(whom), await preferences.of(whom)
    made = [(_due(row, persons[row["customer"]]), row["instead"], chosen[row["customer"]]) for row in found]
    return [due for due, instead, choices in made if instead or not await _held_back(due, way, choices)]


async def send(channel: Channel, due: Due) -> None:
    """One attempt, and what came of it. Whatever a channel raises that is neither NotNow nor Never counts as NotNow."""
    try:
        await channel.send(due)
    except Never as error:
        await db.execute(END, "failed", _fault(error), due.id, due.attempts)
    except Exception as error:  # kept with the delivery; the others behind it do not wait for it
        await _again(due, error, error.after if isinstance(error, NotNow) else None)
    else:
        await db.execute(SENT, clock.now(), due.id)


def wait_after(attempts: int, asked: timedelta | None = None) -> timedelta:
    """Growing from half a minute to six hours, a fifth more or less, so that many do not come back at once; never sooner than
    the other side has asked for."""
    grown = min(FIRST_WAIT * 2 ** min(attempts - 1, 12), LONGEST_WAIT)
    wait = grown * random.uniform(0.8, 1.2)  # noqa: S311 - no secret
    return max(wait, asked) if asked else wait


async def _again(due: Due, error: Exception, asked: timedelta | None) -> None:
    if not isinstance(error, NotNow):
        log.error("delivery %d failed: %s", due.id, _fault(error))
    if due.attempts >= MOST_ATTEMPTS:
        await db.execute(END, "failed", _fault(error), due.id, due.attempts)
    else:
        await db.execute(AGAIN, clock.now() + wait_after(due.attempts, asked), _fault(error), due.id, due.attempts)


async def _held_back(due: Due, way: str, chosen: Choices) -> bool:
    """Whether it is not to be sent now, or at all: the person may have chosen otherwise since it was written."""
    kind = KINDS.get(due.news.kind)
    if kind is not None and not chosen.open(kind, way):
        await db.execute(END, "dropped", "no longer wanted", due.id, due.attempts)
        return True
    quiet = chosen.quiet_ends(clock.now(), due.person.voice) if way in DISTURBING else None
    if quiet is not None:
        await db.execute(LATER, quiet, due.id, due.attempts)
    return quiet is not None


def _due(row: db.Row, person: Person) -> Due:
    news = News(
        id=row["notification"], topic=row["topic"], kind=row["kind"], order=row["order"], url=row["url"],
        data=data_of(row["data"]), at=row["at"], created_at=row["created_at"],
    )  # fmt: skip
    return Due(
        id=row["id"], message_id=row["message_id"], target=row["target"], attempts=row["attempts"], person=person, news=news
    )


def _fault(error: Exception) -> str:
    name = "" if isinstance(error, NotNow | Never) else f"{type(error).__name__}: "
    return f"{name}{error}"[:500] or type(error).__name__
