"""Saying something in a thread, in one transaction: message, files, words to find it by, whose turn it is, and the event."""

from collections.abc import Sequence
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from app import clock, db
from app.accounts import customers
from app.errors import Refused
from app.events import actions as events
from app.i18n import _
from app.inbox import blocking, counting, kept, limits, meanwhile, searching, seeing, texts, words
from app.inbox.kept import KeptThread
from app.returns.asking import answer_by
from app.shelves import NewFile

Side = Literal["buyer", "seller", "shop", "system", "note"]
OTHER = {"buyer": "seller", "seller": "buyer", "shop": "buyer"}
MOST_IN_A_ROW = 30  # messages of a customer that nobody has answered

# What is waited for since when stays: a second message does not begin the time anew.
WROTE = """
UPDATE threads SET last_text = {}, last_side = {}, last_name = {}, last_at = {}, last_message = {}, closed_at = NULL,
message_count = message_count + 1, waiting_on = {}, due_at = CASE WHEN waiting_on = {} THEN due_at ELSE {} END,
waiting_since = CASE WHEN waiting_on = {} THEN waiting_since ELSE {} END WHERE id = {}
"""
BY_BUYER = "UPDATE threads SET archived = {} WHERE id = {}"
TO_BUYER = "UPDATE threads SET unread = unread + 1, archived = archived AND muted WHERE id = {}"
BY_DESK = "UPDATE threads SET first_reply_at = COALESCE(first_reply_at, {}) WHERE id = {}"
IN_A_ROW = """
SELECT count(*) AS n FROM messages WHERE thread = {} AND side = 'buyer'
AND id > (SELECT COALESCE(max(id), 0) FROM messages WHERE thread = {} AND side IN ('seller', 'shop'))
"""


class Said(Struct, frozen=True, kw_only=True):
    """What somebody says: as whom, with which account, in which words, on which way; and `until` which message they have seen
    what is said to them, 0 where nobody knows."""

    side: Side
    text: str = ""
    author: int | None = None
    name: str = ""
    files: Sequence[NewFile] = ()
    via: str = "app"
    until: int = 0


async def reply(customer: int, code: str, said: Said) -> int:
    """The customer's. Raises Missing, Invalid(text=…), Refused (409, 429)."""
    async with db.transaction():
        await customers.lock(customer)
        return await post(await kept.owned_by(customer, code), said)


async def answer(merchant: int, code: str, said: Said, *, since: int | None = None) -> int:
    """Of a desk or a program: to its customer, or a note that stays there. `since`: the newest message they had before them;
    what a colleague has answered after it is to be read first. Raises Missing, Invalid(text=…), Refused (409)."""
    async with db.transaction():
        await customers.lock((await kept.at_desk(merchant, code)).customer)
        it = await kept.at_desk(merchant, code)
        if since is not None and said.side != "note":
            await meanwhile.unanswered(it, since, said.author)
        return await post(it, said)


async def post(it: KeptThread, said: Said) -> int:
    """The message's id; in the caller's transaction, with the customer's row locked."""
    text, said = texts.checked(said.text, files=len(said.files)), replace(said, name=texts.name(said.name))
    if said.side == "buyer":
        await _wanted(it)
    elif said.side == "seller":
        await blocking.let_write(it)
    await limits.writing(said.side, it.customer, it.merchant)
    number = await _write(it, said, text)
    if said.side == "note":
        await events.record("thread_noted", merchant=it.merchant, code=it.code, message=number, by=_by(said))
        return number
    await _turn(it, said, text, number)
    await events.record(
        "message_posted", customer=it.customer, merchant=it.merchant, order=it.order, code=it.code, message=number,
        side=said.side, by=_by(said), quiet=bool(it.muted), escalated=it.escalated_at is not None,
    )  # fmt: skip
    if it.closed_at is not None:
        await events.record(
            "thread_opened", customer=it.customer, merchant=it.merchant, order=it.order, code=it.code, by=_by(said)
        )
    await counting.changed(it.customer, it.id)
    return number


async def _wanted(it: KeptThread) -> None:
    """Raises Refused: of what the shop tells everybody, for whom a desk has blocked, and for who writes on and on."""
    await blocking.taken(it.customer, it.merchant, it.merchant_name)
    if it.kind in ("policy", "offer"):
        raise Refused(_("This was sent to many: it cannot be answered. Ask the seller on a page of its own."))
    if (await db.rows(IN_A_ROW, it.id, it.id))[0]["n"] >= MOST_IN_A_ROW:
        raise Refused(_("That is a lot without an answer. Wait for one, then write on."), status=429, retry_after=3600)


async def _write(it: KeptThread, said: Said, text: str) -> int:
    row = {
        "thread": it.id, "side": said.side, "author": said.author, "name": said.name, "text": text, "via": said.via,
        "event": "", "at": clock.now(),
    }  # fmt: skip
    number: int = (await db.insert("messages", [row], "id"))[0]["id"]
    await db.insert("message_files", [_file(number, one) for one in said.files])
    await findable(it, number, said.side, said.name, [one.title for one in said.files], text)
    return number


async def findable(it: KeptThread, number: int, side: str, name: str, titles: Sequence[str], text: str) -> None:
    """By its words, and by those of its thread."""
    looked_through = (it.subject, it.merchant_name, it.order_number, name, *titles, text, it.titles)
    desk = words.for_desk(it.merchant)
    readers = [desk] if side == "note" else [words.for_customer(it.customer), desk]
    await searching.put(number, "\n".join(looked_through), readers)


def gist(text: str, titles: Sequence[str]) -> str:
    """How it begins, in a list."""
    return texts.gist(text) or next(iter(titles), "") or "…"


def _file(message: int, one: NewFile) -> dict[str, Any]:
    return {"message": message, "name": one.name, "title": one.title, "media_type": one.media_type, "size": one.size}


async def _turn(it: KeptThread, said: Said, text: str, number: int) -> None:
    at, turn = clock.now(), OTHER.get(said.side, it.waiting_on)
    due = await answer_by(it.merchant) if turn == "seller" else None
    since = at if turn == "seller" else None
    begins = gist(text, [file.title for file in said.files])
    await db.execute(WROTE, begins, said.side, said.name, at, number, turn, turn, due, turn, since, it.id)
    if said.side == "buyer":
        await db.execute(BY_BUYER, False, it.id)
        await seeing.by_customer(it, said.until)
    else:
        await db.execute(TO_BUYER, it.id)
    if said.side == "seller":
        await db.execute(BY_DESK, at, it.id)
        await seeing.answered(it, said.until, number)


def _by(said: Said) -> str:
    return f"customer:{said.author}" if said.author is not None else said.via
