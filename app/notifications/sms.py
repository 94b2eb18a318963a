"""News by text message: to a confirmed number, where the operator has set a gateway; a few a day, they cost money."""

from datetime import timedelta

from app import clock, db
from app.mail import texts
from app.notifications import wording
from app.notifications.channels import Due, Never, NotNow, Person
from app.notifications.short import fitted
from app.settings import settings

MOST_A_DAY = 6  # to one person
DAY = timedelta(days=1)
ON_THEIR_WAY = """
SELECT count(*) AS found FROM deliveries d JOIN notifications n ON n.id = d.notification
WHERE n.customer = {} AND d.channel = 'sms' AND
"""


def available() -> bool:
    return texts.going_out()


async def targets(person: Person, _topic: str) -> list[str]:
    """Only a confirmed number is in `person.phone`. What is written beyond a day's share would never be sent."""
    if not person.phone:
        return []
    written = f"{ON_THEIR_WAY} d.created_at > {{}} AND d.state IN ('waiting', 'sent')"
    return [] if await _count(written, person) >= MOST_A_DAY else [""]


async def send(due: Due) -> None:
    """Raises Never when the number has gone, or got its share of the day from what had waited longer."""
    person = due.person
    if not person.phone:
        raise Never("there is no confirmed number any more")
    if await _count(f"{ON_THEIR_WAY} d.sent_at > {{}}", person) >= MOST_A_DAY:
        raise Never(f"{MOST_A_DAY} texts within a day are enough")
    said = wording.said(due.news, person.voice)
    try:
        await texts.send(person.phone, fitted(said, f"{settings.base_url}{due.news.url}"))
    except texts.NotTaken as error:
        raise NotNow(str(error)) from error


async def _count(sql: str, person: Person) -> int:
    (row,) = await db.rows(sql, person.id, clock.now() - DAY)
    return int(row["found"])
