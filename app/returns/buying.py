"""Labels that are bought for returns: claimed, asked for outside of any transaction, kept with their parcel.

An attempt is counted before it is made. Whoever dies in it leaves a row that comes up again, and what was bought is found by
the return's code (`karrio.py`). Where nothing comes of it the return has a label of our own, and the desk reads why.
"""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import msgspec

from app import clock, db
from app.errors import Missing
from app.events import actions as events
from app.outgoing import Session
from app.returns import coming, files, karrio, kept, labelling, moving
from app.returns.karrio import Label, NoLabel, Order
from app.returns.kept import Kept
from app.shipments import back

log = logging.getLogger(__name__)
WAITS = tuple(timedelta(seconds=n) for n in (240, 600, 1_800))  # the first is longer than any attempt
MOST = len(WAITS)  # attempts
AT_ONCE = 10
DUE = """
SELECT l.id, l.attempts, l.state, l.shipment, r.code FROM return_labels l JOIN returns r ON r.id = l.of_return
WHERE l.state IN ('wanted', 'unused') AND l.next_at <= {} ORDER BY l.next_at, l.id LIMIT {}
"""
CLAIM = """
UPDATE return_labels SET attempts = attempts + 1, next_at = {} WHERE id = {} AND attempts = {} AND state = {} RETURNING id
"""
BOUGHT = """
UPDATE return_labels SET state = {}, next_at = {}, attempts = 0, error = '', shipment = {}, service = {}, amount = {},
  currency = {}, file = {}, bought_at = {} WHERE id = {} AND state = 'wanted' RETURNING id
"""
NOT_YET = "UPDATE return_labels SET error = {} WHERE id = {} AND state = 'unused'"
GIVEN_BACK = """
UPDATE return_labels SET state = {}, error = {} WHERE id = {} AND state = 'unused' RETURNING amount, currency
"""
USED = "UPDATE return_labels SET state = 'bought', error = '' WHERE id = {} AND state = 'unused'"
NEVER_BOUGHT = "UPDATE return_labels SET state = 'failed', attempts = 0, error = '' WHERE id = {} AND state = 'unused'"
FORSAKEN = "UPDATE return_labels SET state = 'unused', attempts = 0, next_at = {} WHERE id = {} AND state = 'wanted'"
FAILED = "UPDATE return_labels SET state = 'failed', error = {} WHERE id = {} AND state = 'wanted' RETURNING id"
ORDER = "SELECT shipping_address, billing_address FROM orders WHERE id = {}"


async def buy_due() -> int:
    """How many were tried, to be bought or to be given back."""
    due = await db.rows(DUE, clock.now(), AT_ONCE)
    if not due:
        return 0
    async with karrio.session() as session:
        for row in due:
            wait = WAITS[min(row["attempts"], len(WAITS) - 1)]
            if await db.execute(CLAIM, clock.now() + wait, row["id"], row["attempts"], row["state"]):
                await (_try if row["state"] == "wanted" else _give_back)(session, row)
    return len(due)


async def _try(session: Session, row: db.Row) -> None:
    it = await kept.by_code(row["code"])
    if it.it.state != "approved":
        await _forsake(row)
        return
    if row["attempts"] >= MOST:
        await _ours(row, "every attempt was broken off")
        return
    try:
        label = await karrio.buy(session, await _order(it))
    except NoLabel as error:
        log.warning("no label for %s: %s", row["code"], error)
        if error.final or row["attempts"] + 1 >= MOST:
            await _ours(row, str(error))
        else:
            await db.execute("UPDATE return_labels SET error = {} WHERE id = {}", str(error), row["id"])
        return
    await _keep(row, label)


async def _forsake(row: db.Row) -> None:
    """Nobody needs it any more; an attempt whose end nobody knows may have bought one, which is given back."""
    if row["attempts"]:
        await db.execute(FORSAKEN, clock.now(), row["id"])
    else:
        await db.execute(FAILED, "", row["id"])


async def _give_back(session: Session, row: db.Row) -> None:
    it = await kept.by_code(row["code"])
    if await _goes_with_it(it):
        await db.execute(USED, row["id"])
        return
    try:
        there = await karrio.give_back(session, Order(it.it.code, it.it.merchant_slug), row["shipment"])
    except NoLabel as error:
        log.warning("the label of %s cannot be given back: %s", row["code"], error)
        if error.final or row["attempts"] + 1 >= MOST:
            await _over(row, "spent", str(error))
        else:
            await db.execute(NOT_YET, str(error), row["id"])
        return
    if there:
        await _over(row, "voided", "")
    else:
        await db.execute(NEVER_BOUGHT, row["id"])


async def _goes_with_it(it: Kept) -> bool:
    """Its parcel has been handed over after all; one that was sent otherwise says nothing of the label."""
    way = await back.way(it.it.id)
    return it.it.sent_at is None and way is not None and coming.moves(it, way)


async def _over(row: db.Row, state: str, why: str) -> None:
    """Said to the merchant's people, whose money it is."""
    async with db.transaction():
        it = await _locked(row["code"])
        for label in await db.execute(GIVEN_BACK, state, why, row["id"]):
            about = {"note": why} if why else {"amount": label["amount"], "currency": label["currency"]}
            kind, order = f"{it.it.kind}_label_{state}", it.it.order
            await events.record(kind, merchant=it.it.merchant, order=order, code=it.it.code, by="system", **about)


async def _order(it: Kept) -> Order:
    """Raises NoLabel where one of the two addresses is not known in its parts."""
    row = it.it
    order = await db.one(ORDER, row.order) if row.order else None
    texts = (order["shipping_address"], order["billing_address"]) if order else ()
    sender = next((found for text in texts if _whole(found := msgspec.json.decode(text))), None)
    recipient = msgspec.json.decode(row.address)
    if sender is None or not _whole(recipient):
        raise NoLabel("an address lacks street, town or country", final=True)
    named = {**recipient, "company": recipient.get("company") or row.merchant_name}
    return Order(row.code, row.merchant_slug, sender, named, row.email, row.currency)


def _whole(address: Any) -> bool:
    return isinstance(address, dict) and all(address.get(name) for name in ("street", "city", "country"))


async def _keep(row: db.Row, label: Label) -> None:
    """The file first: without its row nobody is shown it. One that has gone on meanwhile needs none any more."""
    name = await files.keep_paper(label.pdf)
    async with db.transaction():
        it = await _locked(row["code"])
        wanted = it.it.state == "approved"
        about = (label.shipment, label.service, label.amount, label.currency, name)
        values = ("bought" if wanted else "unused", clock.now(), *about, clock.now(), row["id"])
        if not await db.execute(BOUGHT, *values):
            await asyncio.to_thread(files.drop, [name])
            return
        if wanted:
            await coming.expect(it, label.carrier, label.number)
            said: dict[str, Any] = {"carrier": label.carrier, "tracking_number": label.number}
            await moving.move(it, "label_issued", by="system", due_at=it.it.due_at, columns=None, **said)
        else:
            await moving.seen(it)


async def _ours(row: db.Row, why: str) -> None:
    async with db.transaction():
        it = await _locked(row["code"])
        if await db.execute(FAILED, why, row["id"]) and it.it.state == "approved":
            await moving.move(it, "label_issued", by="system", due_at=it.it.due_at)


async def _locked(code: str) -> Kept:
    await moving.lock((await kept.by_code(code)).it)
    return await kept.by_code(code)


async def pdf(it: Kept) -> bytes | None:
    """Of the label that was bought; None where there is none, or the file is lost."""
    found = await labelling.kept_label(it.it.id)
    if found is None or found.state != "bought":
        return None
    try:
        return (await asyncio.to_thread(files.read, found.file))[0]
    except Missing:
        return None
