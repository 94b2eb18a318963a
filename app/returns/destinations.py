"""Where the money of a return goes when all that is left of it is paid back, before anybody decides."""

from app.i18n import Voice, _
from app.payments import bounds
from app.payments.names import named
from app.returns import owed, payers
from app.returns.kept import Kept


async def told(it: Kept, voice: Voice) -> list[tuple[str, str]]:
    """Destination and amount of each part, as far as the orders were paid."""
    found, money, credit = dict[str, int](), dict[int, int](), 0
    for share, parts in await owed.possible(await owed.left(it)):
        credit, left = credit + share.credit + share.bonus, share.money
        for one in parts:
            money[one.order] = money.get(one.order, 0) + min(left, one.left)
            left -= min(left, one.left)
    for order, amount in money.items():
        for payment, part in bounds.split(await payers.room(order), amount):
            where = named(payment.kind, payment.brand, payment.last_four, voice) if payment else _("Original payment")
            found[where] = found.get(where, 0) + part
    if credit:
        found[_("Store credit")] = found.get(_("Store credit"), 0) + credit
    return [(where, voice.money(amount, it.it.currency)) for where, amount in found.items()]
