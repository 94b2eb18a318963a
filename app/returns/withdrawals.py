"""Withdrawal from a contract (Directive 2011/83/EU, Art. 9 to 16): declared, never asked for. It is acknowledged at once, with
its content, date and time (Art. 11a), and nobody can decline it.

Somebody signed in declares what of an order it is about; for guests see `guests.py`.
"""

from collections.abc import Mapping
from typing import Any

from app import clock, db, typed
from app.accounts import customers
from app.db import transaction
from app.errors import Invalid, Refused
from app.i18n import _, voice
from app.returns import (
    acknowledging,
    asking,
    called_off,
    deadlines,
    deciding,
    doubts,
    giving_way,
    goods_there,
    kept,
    moving,
    states,
    telling,
)
from app.returns.asked import Asked, AskedLine
from app.returns.kept import Kept


async def declare(customer: int, quantities: Mapping[int, int], *, note: str = "", by: str, key: str = "") -> str:
    """`quantities` by the order line's id. The code; of a second touch of the button, by the form's `key`, the first one's.
    Raises Missing, Invalid by field (see `asked.name`)."""
    lines = [AskedLine(line, quantity) for line, quantity in quantities.items() if quantity]
    what = Asked("withdrawal", lines, note=note)
    async with transaction():
        await customers.lock(customer)
        code = await asking.ask(customer, what, by=by, key=key)
        it = await kept.by_code(code)
        if it.it.state == "acknowledged" and it.it.refund_by is None:
            await _reaches(it, customer)
            await giving_way.make_room(it, by=by)
            await begin(it)
            await telling.tell(await kept.by_code(code))
    await acknowledging.complete(code)
    return code


async def begin(it: Kept, *, objected: bool = False) -> None:
    """From now on the days of both sides run, but those that run already; what was never sent has nothing to come back.
    `objected`: it is in force again, and the seller's people look at what was objected."""
    row, at = it.it, clock.now()
    zone, country = await asking.place_of(row.merchant)
    until = row.refund_by or deadlines.refund_by(at, zone, country)
    await db.execute("UPDATE returns SET refund_by = {}, due_at = {} WHERE id = {}", until, until, row.id)
    who = "guest" if row.customer is None else f"customer:{row.customer}"
    await called_off.agreed(await kept.by_code(row.code), by=who)
    if await goods_there.sent(row.id):
        await goods_due(it, by="system", look=objected)
    else:
        await db.execute("UPDATE returns SET send_by = NULL WHERE id = {}", row.id)


async def goods_due(it: Kept, *, by: str, look: bool = False) -> None:
    """Where only words say which goods, somebody of the merchant's looks at them first (see `extents.py`). `look`: they have
    another reason to. What is still on its way to the customer has no day before it is there (see `goods_come.py`)."""
    coming = await goods_there.coming(it.it.id)
    until = None if coming else await asking.send_by(it.it.merchant, it.it.order)
    columns: dict[str, Any] = {"send_by": until, **({"waiting_on": "carrier"} if coming else {})}
    said: dict[str, Any] = {"coming": True, "turn": "carrier"} if coming else {}
    if doubts.of(it) != "unclear" and not look:
        await moving.move(it, "goods_due", by=by, due_at=until, columns=columns, **said)
        return
    columns, said = {**columns, "waiting_on": "seller"}, {**said, "turn": "seller"}
    await moving.move(it, "goods_due", by=by, due_at=await deciding.answer_by(it), columns=columns, **said)


async def sent_back(customer: int, code: str, *, carrier: str, number: str, by: str) -> None:
    """Evidence of having sent the goods back: the seller may not wait for them any longer (Art. 13(3))."""
    async with transaction():
        await customers.lock(customer)
        it = await kept.owned_by(customer, code)
        await moving.move(it, "proof_sent", by=by, due_at=it.it.refund_by, carrier=carrier, tracking_number=number)


async def _reaches(it: Kept, customer: int) -> None:
    """The acknowledgement goes to the account's own address, in its language."""
    (row,) = await db.rows("SELECT email, name, locale FROM customers WHERE id = {}", customer)
    locale = row["locale"] or voice().locale
    await db.execute(
        "UPDATE returns SET email = {}, name = {}, locale = {} WHERE id = {}",
        row["email"], it.it.name or row["name"], locale, it.it.id,
    )  # fmt: skip


async def object_to(merchant: int, code: str, *, text: str, by: str) -> None:
    """What stands against it, and by which law, told to the customer. It is no refusal: where something is due, that stays so.
    Raises Missing, Invalid(objection=…), Refused (409)."""
    said = text.strip()
    if unfit := typed.wrong_words(said) if said else _("Write something."):
        raise Invalid(objection=unfit)
    async with transaction():
        it = await deciding.locked(merchant, code)
        if it.it.kind != "withdrawal" or it.it.settled_at is not None or it.it.state in states.LET_GO:
            raise Refused(_("There is nothing here that you could object to."))
        if doubts.of(it) in ("late", "unknown"):
            await db.execute("UPDATE returns SET waiting_on = 'nobody', due_at = NULL WHERE id = {}", it.it.id)
        await moving.tell(it, "withdrawal_objected", by=by, text=said)
