"""A message is reported: by a customer, or at a desk, what the other side has written. Nobody decides here.

Who decides is the marketplace's shop where there is one, so that no seller's people decide about themselves; else the desk of
the only merchant (`judging`). Regulation (EU) 2022/2065, Art. 16: whoever reports hears what came of it.
"""

from datetime import datetime

from msgspec import Struct

from app import clock, db, typed
from app.accounts import customers
from app.errors import Invalid, Missing, Refused
from app.events import actions as events
from app.i18n import Voice, _
from app.inbox import kept
from app.inbox.kept import KeptThread
from app.merchants import shop

LONGEST = 1_000  # letters of what is added
MOST_OPEN = 20  # reports of one person that nobody has looked at
ONE = "SELECT id, side, event FROM messages WHERE id = {} AND thread = {}"
BEFORE = "SELECT at, settled_at FROM message_reports WHERE message = {} AND author = {}"
OPEN = "SELECT count(*) AS n FROM message_reports WHERE author = {} AND settled_at IS NULL"
REPORT = """
INSERT INTO message_reports (message, author, side, why, text, at) VALUES ({}, {}, {}, {}, {}, {})
ON CONFLICT (message, author) DO NOTHING RETURNING id
"""
THEIRS = {"buyer": ("seller", "shop"), "seller": ("buyer",)}  # whose messages each side may report


class Reported(Struct, frozen=True):
    at: datetime
    settled_at: datetime | None


def reasons(voice: Voice) -> dict[str, str]:
    """By the names under which they are kept."""
    _ = voice.gettext
    return {
        "insult": _("Insults or threats"),
        "fraud": _("Fraud, or a wish for money or payment data"),
        "personal": _("Somebody’s name, address or number"),
        "unlawful": _("Against the law"),
        "advertising": _("Advertising, or a link to elsewhere"),
    }


async def judge_of(merchant: int) -> int:
    """Whose desk decides of what is written in that merchant's conversations."""
    it = await shop.found()
    return merchant if it is None else it.id


async def by_customer(customer: int, code: str, message: int, *, why: str, text: str, voice: Voice) -> None:
    """Raises Missing, Invalid(why=…, text=…), Refused (409, 429)."""
    async with db.transaction():
        await customers.lock(customer)
        await _report(await kept.owned_by(customer, code), message, "buyer", customer, why, text, voice)


async def by_desk(merchant: int, code: str, message: int, *, author: int, why: str, text: str, voice: Voice) -> None:
    """The same, of what its customer has written."""
    async with db.transaction():
        await customers.lock((await kept.at_desk(merchant, code)).customer)
        await _report(await kept.at_desk(merchant, code), message, "seller", author, why, text, voice)


async def possible(it: KeptThread, message: int, side: str) -> None:
    """Whether it is one of that thread that this side may report. Raises Missing."""
    row = await db.one(ONE, message, it.id) if 0 < message <= db.MOST_ID else None
    if row is None or row["side"] not in THEIRS[side] or row["event"]:
        raise Missing


async def before(message: int, author: int) -> Reported | None:
    """That they have reported it already."""
    row = await db.one(BEFORE, message, author)
    return Reported(**row) if row else None


async def _report(it: KeptThread, message: int, side: str, author: int, why: str, text: str, voice: Voice) -> None:
    await possible(it, message, side)
    wrong = {} if why in reasons(voice) else {"why": _("Choose what is wrong with it.")}
    if unfit := typed.wrong_words(text.strip(), LONGEST):
        wrong["text"] = unfit
    if wrong:
        raise Invalid.at(wrong)
    if await before(message, author) is not None:
        raise Refused(_("You have reported this message already."))
    if (await db.rows(OPEN, author))[0]["n"] >= MOST_OPEN:
        raise Refused(_("Many of your reports have not been looked at yet. Wait for that."), status=429, retry_after=3600)
    if await db.execute(REPORT, message, author, side, why, text.strip(), clock.now()):
        judge, by = await judge_of(it.merchant), f"customer:{author}"
        await events.record(
            "message_reported", customer=author, merchant=judge, thread=it.code, message=message, why=why, by=by
        )
