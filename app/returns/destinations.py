"""Where the money of a return goes when all that is left of it is paid back, before anybody decides."""

from app.i18n import Voice, _
from app.payments import bounds
from app.payments.bounds import Piece
from app.payments.names import named
from app.returns import payers, settling
from app.returns.kept import Kept


async def told(it: Kept, voice: Voice) -> list[tuple[str, str]]:
    """Destination and amount of each part, as far as the orders were paid."""
    found, currency = dict[str, int](), it.it.currency
    for share in await settling.left(it):
        part = share.part(await payers.possible(share.order, share.total))
        for payment, amount in await _pieces(share.order, part.money):
            where = named(payment.kind, payment.brand, payment.last_four, voice) if payment else _("Original payment")
            found[where] = found.get(where, 0) + amount
        if part.credit:
            where = _("Store credit")
            found[where] = found.get(where, 0) + part.credit + part.bonus
    return [(where, voice.money(amount, currency)) for where, amount in found.items()]


async def _pieces(order: int, amount: int) -> list[Piece]:
    return [
        piece for one in await payers.parts(order, amount) for piece in bounds.split(await payers.room(one.order), one.left)
    ]
