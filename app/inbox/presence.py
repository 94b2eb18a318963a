"""Two at a desk with the same conversation open know of each other before either of them answers.

A page that somebody looks at gives a sign of life now and then (static/js/elements/desk-company.js): a row for each person and
conversation, written again at most every ten seconds and good for thirty. Who has it open already is told by their own stream
when somebody comes, begins to write or leaves. A customer is never told who reads or writes.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from app import clock, db
from app.i18n import Voice
from app.inbox import texts

LASTS = timedelta(seconds=30)
EVERY = timedelta(seconds=10)
OLD = timedelta(hours=1)
SIGNS = """
SELECT d.member, d.seen_at, d.writing_at, mb.customer, mb.merchant, c.name, s.name AS shop
FROM desk_signs d JOIN members mb ON mb.id = d.member JOIN customers c ON c.id = mb.customer
JOIN merchants s ON s.id = mb.merchant WHERE d.thread = {} AND d.seen_at > {} ORDER BY d.member
"""
GIVE = """
INSERT INTO desk_signs (thread, member, seen_at, writing_at) VALUES ({}, {}, {}, {})
ON CONFLICT (thread, member) DO UPDATE SET seen_at = excluded.seen_at,
writing_at = COALESCE(excluded.writing_at, desk_signs.writing_at)
"""
LEAVE = "DELETE FROM desk_signs WHERE thread = {} AND member = {} RETURNING id"
FORGET = "DELETE FROM desk_signs WHERE seen_at < {}"
TELL = "UPDATE customers SET revision = revision + 1 WHERE id = {}"


class Sign(Struct, frozen=True):
    """Of one who has it open; `customer` is their account, `shop` the merchant they work for."""

    member: int
    seen_at: datetime
    writing_at: datetime | None
    customer: int
    merchant: int
    name: str
    shop: str

    @property
    def writing(self) -> bool:
        return self.writing_at is not None and self.writing_at > clock.now() - LASTS


async def sign(thread: int, member: int, *, writing: bool = False) -> list[Sign]:
    """Of life, of that member; answers who else is there."""
    there = await _there(thread)
    own = next((one for one in there if one.member == member), None)
    others = [one for one in there if one.member != member]
    at = clock.now()
    known = own is not None and (own.writing or not writing)
    lately = own.writing_at if own is not None and writing else own.seen_at if own is not None else None
    if known and lately is not None and lately > at - EVERY:
        return others
    async with db.transaction():
        if own is None:
            await db.execute(FORGET, at - OLD)
        await db.execute(GIVE, thread, member, at, at if writing else None)
        if not known:
            await _tell(others)
    return others


async def leave(thread: int, member: int) -> None:
    """They are gone, or have sent what they wrote."""
    others = await others_in(thread, member)
    async with db.transaction():
        if await db.execute(LEAVE, thread, member):
            await _tell(others)


async def others_in(thread: int, member: int) -> list[Sign]:
    return [one for one in await _there(thread) if one.member != member]


def said(others: Sequence[Sign], merchant: int, voice: Voice) -> list[str]:
    """A sentence for each: of another desk's people that desk's name."""
    return [_said(one, texts.line(one.name) if one.merchant == merchant else one.shop, voice) for one in others]


def _said(one: Sign, name: str, voice: Voice) -> str:
    _ = voice.gettext
    words = _("%(name)s is writing an answer") if one.writing else _("%(name)s has this conversation open")
    return words % {"name": name or _("A colleague")}


async def _there(thread: int) -> list[Sign]:
    return [Sign(**row) for row in await db.rows(SIGNS, thread, clock.now() - LASTS)]


async def _tell(others: Sequence[Sign]) -> None:
    """Their open pages ask for themselves; in the order in which everybody takes these rows."""
    for customer in sorted({one.customer for one in others}):
        await db.execute(TELL, customer)
