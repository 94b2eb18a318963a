"""News by text message: to a confirmed number, where the operator has set a gateway; a few a day, they cost money."""

from collections.abc import Collection, Set
from datetime import timedelta

from app import clock, db
from app.mail import gateway, texts
from app.notifications import wording
from app.notifications.channels import Due, Never, NotNow, Person
from app.notifications.short import fitted
from app.settings import settings

AT_ONCE = gateway.THREADS - 1  # none waits for a thread while its time runs; one is left for codes
MOST_A_DAY = 6  # to one person
DAY = timedelta(days=1)
COUNTED = """
SELECT n.customer, count(*) AS found FROM deliveries d JOIN notifications n ON n.id = d.notification
WHERE n.customer IN ($people) AND d.channel = 'sms' AND $which GROUP BY n.customer
"""


def available() -> bool:
    return texts.going_out()


async def targets(persons: Collection[Person]) -> dict[int, list[str]]:
    """Only a confirmed number is in `person.phone`. What is written beyond a day's share would never be sent."""
    ids = {person.id for person in persons if person.phone}
    enough = await _enough(ids, "d.created_at > {} AND d.state IN ('waiting', 'sent')")
    return {number: [""] for number in ids - enough}


async def send(due: Due) -> None:
    """Raises Never when the number has gone, or got its share of the day from what had waited longer. Several are on their
    way at once: those written before this one count as sent."""
    person = due.person
    if not person.phone:
        raise Never("there is no confirmed number any more")
    if await _enough({person.id}, "(d.sent_at > {} OR d.state = 'waiting' AND d.id < {})", due.id):
        raise Never(f"{MOST_A_DAY} texts within a day are enough")
    said = wording.said(due.news, person.voice)
    try:
        await texts.send(person.phone, fitted(said, f"{settings.base_url}{due.news.url}"))
    except texts.NotTaken as error:
        raise NotNow(str(error)) from error


async def _enough(people: Set[int], which: str, *args: int) -> set[int]:
    """Of these, who got a day's share of what `which` says, in SQL with a mark for when the day began, then for `args`."""
    if not people:
        return set()
    sql = COUNTED.replace("$people", db.marks(len(people))).replace("$which", which)
    return {row["customer"] for row in await db.rows(sql, *people, clock.now() - DAY, *args) if row["found"] >= MOST_A_DAY}
