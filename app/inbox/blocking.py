"""Wanting to hear no more of somebody: a customer of a seller, or a desk of a customer. Each is taken back as easily.

What comes of a seller whom a customer blocks is kept, put away, and told on no way; the seller is not told, and never reads
“Seen”. A customer whom a desk blocks cannot write to it, and is told so with what stays open to them: their rights do not go
through messages.
"""

from collections.abc import Sequence
from typing import Any

from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.errors import Invalid, Refused
from app.events import actions as events
from app.i18n import _
from app.inbox import counting, kept, texts
from app.inbox.kept import KeptThread

LONGEST = 500  # letters of a reason
FOUND = "SELECT side, reason FROM thread_blocks WHERE customer = {} AND merchant = {}"
DROP = "DELETE FROM thread_blocks WHERE customer = {} AND merchant = {} AND side = {} RETURNING id"
AWAY = "UPDATE threads SET muted = {}, archived = {} WHERE customer = {} AND merchant = {} RETURNING id"
# How each stood before: it is put back so, but for what its customer has taken out again since.
BEFORE = """
INSERT INTO blocked_threads (thread, muted, archived) SELECT id, muted, archived FROM threads
WHERE customer = {} AND merchant = {} ON CONFLICT (thread) DO UPDATE SET muted = excluded.muted, archived = excluded.archived
"""
BACK = """
UPDATE threads SET muted = threads.muted AND b.muted, archived = threads.archived AND b.archived FROM blocked_threads b
WHERE b.thread = threads.id AND threads.customer = {} AND threads.merchant = {} RETURNING threads.id
"""
GONE = "DELETE FROM blocked_threads WHERE thread IN (SELECT id FROM threads WHERE customer = {} AND merchant = {})"
DECIDED = {
    ("seller", True): "customer_blocked", ("seller", False): "customer_unblocked",
    ("shop", True): "seller_stopped", ("shop", False): "seller_let_write",
}  # fmt: skip


class Blocks(Struct, frozen=True):
    """By whom; `reason` is the seller's. `stopped`: why the seller may write no more, after a report; else empty."""

    buyer: bool
    seller: bool
    reason: str
    stopped: str = ""


async def between(customer: int, merchant: int) -> Blocks:
    found = {row["side"]: row["reason"] for row in await db.rows(FOUND, customer, merchant)}
    return Blocks("buyer" in found, "seller" in found, found.get("seller", ""), found.get("shop", ""))


async def by_customer(customer: int, code: str, to: bool) -> bool:
    """Of the seller of that thread; whether it was otherwise until now. Raises Missing."""
    async with db.transaction():
        await customers.lock(customer)
        it = await kept.owned_by(customer, code)
        if not await _put(customer, it.merchant, "buyer", to, author=customer):
            return False
        threads = await (_put_away if to else _put_back)(customer, it.merchant)
        await events.record("seller_blocked" if to else "seller_unblocked", customer=customer, seller=it.merchant_slug)
        await counting.changed(customer, *(row["id"] for row in threads))
        return True


async def _put_away(customer: int, merchant: int) -> Sequence[db.Row]:
    await db.execute(BEFORE, customer, merchant)
    return await db.execute(AWAY, True, True, customer, merchant)


async def _put_back(customer: int, merchant: int) -> Sequence[db.Row]:
    threads = await db.execute(BACK, customer, merchant)
    await db.execute(GONE, customer, merchant)
    return threads


async def by_desk(merchant: int, code: str, to: bool, *, author: int, reason: str = "", by: str) -> bool:
    """The customer of that thread; whether it was otherwise until now. Raises Missing, Invalid(reason=…)."""
    words = texts.cleaned(reason)
    if to and not words:
        raise Invalid(reason=_("Say why: the customer reads it."))
    if len(words) > LONGEST:
        raise Invalid(reason=_("At most %(num)d letters.") % {"num": LONGEST})
    async with db.transaction():
        await customers.lock((await kept.at_desk(merchant, code)).customer)
        it = await kept.at_desk(merchant, code)
        if not await _put(it.customer, merchant, "seller", to, author=author, reason=words):
            return False
        kind = "customer_blocked" if to else "customer_unblocked"
        await events.record(kind, merchant=merchant, code=code, reason=words, by=by)
        await counting.changed(it.customer, it.id)
        return True


async def decided(it: KeptThread, side: str, to: bool, *, author: int, reason: str, by: str) -> None:
    """By who decides of reports, in its transaction. `side`: “seller”, as if its desk had done it, or “shop”: the seller writes
    no more to that customer."""
    if await _put(it.customer, it.merchant, side, to, author=author, reason=reason):
        await events.record(DECIDED[side, to], merchant=it.merchant, code=it.code, reason=reason, by=by)


async def _put(customer: int, merchant: int, side: str, to: bool, **about: Any) -> bool:
    if not to:
        return bool(await db.execute(DROP, customer, merchant, side))
    if side in {row["side"] for row in await db.rows(FOUND, customer, merchant)}:
        return False
    row = {"customer": customer, "merchant": merchant, "side": side, "reason": "", **about, "at": clock.now()}
    await db.insert("thread_blocks", [row])
    return True


async def let_write(it: KeptThread) -> None:
    """Whether that seller may write to its customer. Raises Refused (403)."""
    if stopped := (await between(it.customer, it.merchant)).stopped:
        said = _("After a message was reported, you can no longer write to this customer: %(reason)s") % {"reason": stopped}
        raise Refused(said, status=403)


async def taken(customer: int, merchant: int, shop: str) -> None:
    """Whether that seller takes messages of theirs. Raises Refused (403)."""
    if (found := await between(customer, merchant)).seller:
        said = _("%(shop)s takes no more messages from you: %(reason)s") % {"shop": shop, "reason": found.reason}
        raise Refused(said, status=403)
