"""Telling many the same: a thread of its own for each, which waits for nobody, with one message in it.

It is found by its customer, counted and kept as every other; a desk finds it once they have answered.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec import Struct

from app import clock, db
from app.events import actions as events
from app.inbox import counting, searching, texts, words
from app.inbox.about import About

POSTED = {"account": "notice_posted", "policy": "policy_posted", "offer": "offer_posted"}  # kind of thread → of event
WROTE = "UPDATE threads SET last_message = {}, desk_seen = {} WHERE id = {}"


class Told(Struct, frozen=True, kw_only=True):
    """What everybody is told: of which kind, by whom (`shop` is the merchant's name, `author` the account that wrote it)."""

    kind: str
    merchant: int
    shop: str
    subject: str
    text: str
    author: int | None = None


async def tell(codes: Mapping[int, str], it: Told) -> None:
    """By customer, the code of what becomes their thread; in the caller's transaction, with their rows locked."""
    if not codes:
        return
    at = clock.now()
    threads = await db.insert("threads", [_thread(who, code, it, at) for who, code in codes.items()], "id", "customer")
    whose = {row["id"]: row["customer"] for row in threads}
    messages = await db.insert("messages", [_message(thread, it, at) for thread in whose], "id", "thread")
    looked_through = "\n".join((it.subject, it.shop, it.text))
    for row in messages:
        number, thread, who = row["id"], row["thread"], whose[row["thread"]]
        await searching.put(number, looked_through, [words.for_customer(who)])
        await db.execute(WROTE, number, number, thread)
        await counting.changed(who, thread)
    await events.record_all([
        events.row(POSTED[it.kind], customer=whose[row["thread"]], merchant=it.merchant, message=row["id"],
                   code=codes[whose[row["thread"]]]) for row in messages
    ])  # fmt: skip


def _thread(customer: int, code: str, it: Told, at: datetime) -> dict[str, Any]:
    return {
        **About(kind=it.kind, merchant=it.merchant).columns, "code": code, "customer": customer, "subject": it.subject,
        "last_text": texts.gist(it.text), "last_side": "seller", "last_name": it.shop, "last_at": at, "unread": 1,
        "message_count": 1, "created_at": at,
    }  # fmt: skip


def _message(thread: int, it: Told, at: datetime) -> dict[str, Any]:
    return {
        "thread": thread, "side": "seller", "author": it.author, "name": it.shop, "text": it.text, "via": "app", "event": "",
        "at": at,
    }  # fmt: skip
