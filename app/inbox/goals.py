"""Within how many hours a merchant wants to answer: its own goal, which its queue shows. What its customers are told is the day
of `answer_by`, by its rules."""

from datetime import datetime, timedelta

from app import clock, db
from app.errors import Invalid
from app.i18n import _

MOST = 24 * 30  # hours
OF = "SELECT hours FROM desk_goals WHERE merchant = {}"
SET = """
INSERT INTO desk_goals (merchant, hours) VALUES ({}, {}) ON CONFLICT (merchant) DO UPDATE SET hours = excluded.hours
"""
OVER = """
SELECT count(*) AS n FROM threads WHERE merchant = {} AND waiting_on = 'seller' AND closed_at IS NULL AND waiting_since <= {}
"""


async def of(merchant: int) -> int:
    """0 for none."""
    row = await db.one(OF, merchant)
    return row["hours"] if row else 0


async def change(merchant: int, typed: str) -> None:
    """Nothing typed: there is none. Raises Invalid(hours=…)."""
    text = typed.strip()
    hours = int(text) if text.isascii() and text.isdecimal() and len(text) < 5 else 0
    if text and not 1 <= hours <= MOST:
        raise Invalid.at({"hours": _("A whole number of hours from 1 to %(num)d, or nothing.") % {"num": MOST}})
    async with db.transaction():
        await db.execute(SET, merchant, hours)


def missed(hours: int, since: datetime | None) -> bool:
    return bool(hours and since is not None and since <= clock.now() - timedelta(hours=hours))


async def count_missed(merchant: int, hours: int) -> int:
    """How many wait for longer: by the index of those that wait."""
    return (await db.rows(OVER, merchant, clock.now() - timedelta(hours=hours)))[0]["n"] if hours else 0
