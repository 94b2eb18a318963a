"""Mailboxes that refuse us for good: nothing more is sent there, and whose it is can see it.

A mark is of one address: with another one the account is reachable again. A test mail that arrives takes it away.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.i18n import voice
from app.mail.refusals import status_of
from app.mail.reports import Report

Result = Literal["closed", "not delivered", "may still arrive", "not ours"]

MARK = """
INSERT INTO mail_bounces (customer, email, said, since) VALUES ({}, {}, {}, {})
ON CONFLICT (customer) DO UPDATE SET said = excluded.said, email = excluded.email,
  since = CASE WHEN mail_bounces.email = excluded.email THEN mail_bounces.since ELSE excluded.since END
"""

SENT = """
SELECT d.id AS delivery, n.customer, c.email
FROM deliveries d JOIN notifications n ON n.id = d.notification JOIN customers c ON c.id = n.customer
WHERE d.message_id = {} AND d.channel = 'email'
"""
FAILED = "UPDATE deliveries SET state = 'failed', last_error = {} WHERE id = {} AND state = 'sent'"


class Bounce(Struct, frozen=True):
    """`said` is what the other server answered."""

    email: str
    said: str
    since: datetime


async def of(customer: int, email: str) -> Bounce | None:
    """The mark of their address of today."""
    found = await db.one("SELECT email, said, since FROM mail_bounces WHERE customer = {} AND email = {}", customer, email)
    return Bounce(found["email"], found["said"], found["since"]) if found else None


async def closed(emails: Mapping[int, str]) -> set[int]:
    """Of customers and their addresses of today, those that are marked."""
    if not emails:
        return set()
    marks = db.marks(len(emails))
    found = await db.rows(f"SELECT customer, email FROM mail_bounces WHERE customer IN ({marks})", *emails)  # noqa: S608
    return {row["customer"] for row in found if row["email"] == emails[row["customer"]]}


class Unreachable(Struct, frozen=True):
    """For the pages of news, see templates/notifications/_mailbox.html."""

    email: str
    said: str
    day: str


async def shown(customer: int, email: str) -> Unreachable | None:
    found = await of(customer, email)
    return Unreachable(found.email, found.said, voice().long_day(found.since)) if found else None


async def mark(customer: int, email: str, said: str) -> None:
    """Whoever marks again leaves the day of the first time."""
    async with db.transaction():
        await customers.lock(customer)
        await db.execute(MARK, customer, email, said[:500], clock.now())
        await customers.raise_revision(customer)


async def clear(customer: int) -> None:
    async with db.transaction():
        await customers.lock(customer)
        if await db.execute("DELETE FROM mail_bounces WHERE customer = {} RETURNING id", customer):
            await customers.raise_revision(customer)


async def returned(report: Report) -> Result:
    """What a mail server reports of a mail of ours, long after it took it. Only of a mail that we have sent, and to the
    address that its customer still has: anybody can write such a report."""
    found = await db.one(SENT, report.message_id.partition("@")[0])
    if found is None or found["email"] not in report.recipients:
        return "not ours"
    if not report.failed or status_of(report.status) == "now":
        return "may still arrive"
    said = report.said or report.status
    closed = status_of(report.status) == "mailbox"
    async with db.transaction():
        if closed:
            await mark(found["customer"], found["email"], said)
        await db.execute(FAILED, said[:500], found["delivery"])
    return "closed" if closed else "not delivered"
