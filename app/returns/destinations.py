"""Where the money of a return goes when all that is left of it is paid back, before anybody decides."""

from app import db
from app.i18n import Voice, _
from app.payments import bounds
from app.payments.names import named
from app.returns import settling
from app.returns.kept import Kept


async def told(it: Kept, voice: Voice) -> list[tuple[str, str]]:
    """Destination and amount of each part, as far as the orders were paid."""
    found, currency = dict[str, int](), it.it.currency
    for share in await settling.left(it):
        (row,) = await db.rows("SELECT total, payment FROM orders WHERE id = {}", share.order)
        room = await bounds.of_order(share.order, row["total"], row["payment"])
        part = share.part(room.left)
        for payment, amount in bounds.split(room, part.money):
            where = named(payment.kind, payment.brand, payment.last_four, voice) if payment else _("Original payment")
            found[where] = found.get(where, 0) + amount
        if part.credit:
            where = _("Store credit")
            found[where] = found.get(where, 0) + part.credit + part.bonus
    return [(where, voice.money(amount, currency)) for where, amount in found.items()]
