"""What comes in place of what was sent back: an exchange or a replacement, which ships as a new order; money; a repair.

Whoever has a thing again after a claim can claim again: nothing of it is held any more.
"""

from app import db, typed
from app.db import transaction
from app.errors import Invalid, Refused
from app.i18n import _
from app.orders import exchanges
from app.returns import deciding, kept, moving, settling, worth
from app.returns.kept import KeptReturnLine


async def exchange(merchant: int, code: str, *, by: str, number: str = "") -> int:
    """The order (its id) in which the exchange or the replacement ships: one that is there by its number, or one made for it.
    Raises Missing, Invalid(number=…), Refused."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        wanted = kept.to_exchange(it)
        if not wanted or it.it.order is None or it.it.customer is None or it.it.state not in settling.PAYABLE:
            raise Refused(_("There is nothing to exchange here."))
        if number.strip():
            order = await exchanges.named(it.it.customer, merchant, number)
        else:
            order = await exchanges.make(it.it.order, code, [_replaced(line) for line in wanted])
        await db.execute("UPDATE returns SET exchange = {} WHERE id = {}", order, it.it.id)
        if it.it.kind == "claim":
            await db.execute("UPDATE return_lines SET held = 0 WHERE of_return = {}", it.it.id)
        if it.it.kind == "return" and any(share.total for share in await settling.left(it)):
            await moving.tell(it, "return_exchange_sent", by=by, exchange=order)
        else:
            paid = "refunded" if it.it.refunded else "exchanged"
            await moving.move(it, "resolved" if it.it.kind == "claim" else paid, by=by, exchange=order)
    return order


async def money_instead(merchant: int, code: str, *, by: str) -> None:
    """What was to be exchanged cannot be: it is to be paid back, at what it would have brought. Raises Missing, Refused."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        lines = kept.to_exchange(it)
        if it.it.kind != "return" or not lines or it.it.state not in settling.PAYABLE:
            raise Refused(_("There is nothing to exchange here."))
        more: dict[int, int] = {}
        for line in lines:
            more[line.order] = more.get(line.order, 0) + line.expected
            await db.execute("UPDATE return_lines SET wish = 'refund' WHERE id = {}", line.id)
        added = sum(more.values())
        grounds = worth.raised(it.it.grounds, more)
        await db.execute("UPDATE returns SET grounds = {}, expected = expected + {} WHERE id = {}", grounds, added, it.it.id)
        await moving.tell(it, "return_paid_instead", by=by, amount=added, currency=it.it.currency)


async def repaired(merchant: int, code: str, *, by: str, note: str = "") -> None:
    """A claim made good by a repair: the guarantee runs twelve months longer. Raises Missing, Invalid(note=…), Refused."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        if unfit := typed.wrong_words(note):
            raise Invalid(note=unfit)
        await db.execute("UPDATE return_lines SET held = 0, wish = 'repair' WHERE of_return = {}", it.it.id)
        await moving.move(it, "resolved", by=by, note=note.strip())


def _replaced(line: KeptReturnLine) -> dict[str, object]:
    title = line.wanted or line.title
    variant = "" if line.wanted else line.variant
    return {"title": title, "variant": variant, "sku": "", "picture": line.picture, "quantity": line.quantity}
