"""Mails to a thread from who is not known there: somebody at its desk says that they belong in it, or not.

From another address of the customer's own they mostly come; who has the thread's secret address has had one of its mails.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct, convert

from app import clock, db
from app.accounts import customers
from app.errors import Missing
from app.events import actions as events
from app.inbox import kept, mail_kept, posting
from app.inbox.kept import KeptThread
from app.inbox.posting import Said
from app.shelves import NewFile

MOST = 100
WAITING = """
SELECT w.id, w.side, w.sender, w.sender_name, w.subject, w.text, w.cut, w.untaken, w.proof, w.at, t.code,
  t.subject AS about, t.titles, c.name AS customer_name
FROM mails_in w JOIN threads t ON t.id = w.thread JOIN customers c ON c.id = t.customer
WHERE w.merchant = {} AND w.state = 'waiting' ORDER BY w.id LIMIT {}
"""
COUNT = "SELECT count(*) AS n FROM mails_in WHERE merchant = {} AND state = 'waiting'"
PASSED_OVER = """
SELECT reason, count(*) AS n FROM mails_in WHERE merchant = {} AND state = 'refused' AND at >= {}
GROUP BY reason ORDER BY n DESC, reason
"""
LATELY = timedelta(days=30)
DECIDE = """
UPDATE mails_in SET state = {}, decided_at = {}, decided_by = {} WHERE id = {} AND merchant = {} AND state = 'waiting'
RETURNING id, side, text
"""
EMPTIED = "UPDATE mails_in SET text = '', sender = '', sender_name = '', subject = '' WHERE id = {}"
CODE = "SELECT t.code FROM mails_in w JOIN threads t ON t.id = w.thread WHERE w.id = {} AND w.merchant = {}"
FILES = "SELECT name, title, media_type, size FROM mail_in_files WHERE mail = {} ORDER BY id"
TITLES = "SELECT mail, title FROM mail_in_files WHERE mail IN (MARKS) ORDER BY id"
Decision = Literal["accepted", "discarded"]


class Waiting(Struct, frozen=True):
    """Columns of `MailIn`, of its thread, and what that one's customer is called."""

    id: int
    side: str
    sender: str
    sender_name: str
    subject: str
    text: str
    cut: str
    untaken: str
    proof: str
    at: datetime
    code: str
    about: str
    titles: str
    customer_name: str
    files: Sequence[str] = ()


async def waiting(merchant: int) -> list[Waiting]:
    """The oldest first."""
    rows = await db.rows(WAITING, merchant, MOST)
    titles: dict[int, list[str]] = {row["id"]: [] for row in rows}
    if titles:
        for file in await db.rows(TITLES.replace("MARKS", db.marks(len(titles))), *titles):
            titles[file["mail"]].append(file["title"])
    return [convert({**row, "files": titles[row["id"]]}, Waiting) for row in rows]


async def count(merchant: int) -> int:
    return int((await db.rows(COUNT, merchant))[0]["n"])


async def passed_over(merchant: int) -> dict[str, int]:
    """How many mails have not landed lately, and waited for nobody, by reason; the most first."""
    return {row["reason"]: int(row["n"]) for row in await db.rows(PASSED_OVER, merchant, clock.now() - LATELY)}


async def accept(merchant: int, number: int, *, author: int, name: str, member: int) -> str:
    """It lands, as if it had come from an address that is known: as the customer's, or as of who accepts it. The thread's
    code. Raises Missing for another desk's and for what is decided, and what posting raises."""
    async with db.transaction():
        it, row = await _decided(merchant, number, "accepted", member)
        files = [NewFile(**file) for file in await db.rows(FILES, number)]
        said = (
            Said(side="buyer", text=row["text"], author=it.customer, name=it.customer_name, files=files, via="mail")
            if row["side"] == "buyer"
            else Said(side="seller", text=row["text"], author=author, name=name, files=files, via="mail")
        )
        await mail_kept.became(number, await posting.post(it, said))
        await _empty(number)
        return it.code


async def discard(merchant: int, number: int, *, member: int) -> None:
    """Raises Missing."""
    async with db.transaction():
        it, _row = await _decided(merchant, number, "discarded", member)
        await _empty(number)
        await events.record("mail_discarded", merchant=merchant, code=it.code, by=f"member:{member}")


async def _decided(merchant: int, number: int, so: Decision, member: int) -> tuple[KeptThread, db.Row]:
    found = await db.one(CODE, number, merchant) if 0 < number <= db.MOST_ID else None
    if found is None:
        raise Missing
    it = await kept.at_desk(merchant, found["code"])
    await customers.lock(it.customer)
    changed = await db.execute(DECIDE, so, clock.now(), member, number, merchant)
    if not changed:
        raise Missing
    return await kept.at_desk(merchant, it.code), changed[0]


async def _empty(number: int) -> None:
    """What it said is in the message now, or gone; its pictures are the message's, or nobody's."""
    await db.execute("DELETE FROM mail_in_files WHERE mail = {}", number)
    await db.execute(EMPTIED, number)
