"""What a desk is told before it gives money back: that nothing was paid yet, or that nothing has come back yet."""

from app import db
from app.i18n import Voice
from app.payments.bounds import UNPAID
from app.returns import kept, states
from app.returns.kept import Kept

PAYMENTS = "SELECT payment FROM orders WHERE exchanged = 0 AND id IN ({marks})"


async def before_paying(it: Kept, voice: Voice) -> list[str]:
    """Sentences. A withdrawal's money may wait for the goods, or for the proof that they were sent (Directive 2011/83/EU,
    Art. 13(3)); whoever pays it sooner may do so."""
    _, found = voice.gettext, []
    match await unpaid(it):
        case "authorised":
            less = _("Nothing has been charged yet. Charge that much less in your shop before you settle it here.")
            wait = _("Or wait: once your shop has charged it all, it is paid back here.")
            found.append(f"{less} {wait}")
        case "unpaid":
            found.append(_("Nothing has been paid yet. See in your shop that nobody is asked to pay for these items any more."))
    if states.to_come(it.it) and it.it.received_at is None:
        found.append(_("Nothing has arrived yet. Once it is paid back, the goods are not waited for here any more."))
        if it.it.kind == "withdrawal" and it.it.state == "goods_due":
            found.append(_("You may wait for the goods, or for proof that they were sent (Directive 2011/83/EU, Art. 13(3))."))
    return found


async def unpaid(it: Kept) -> str:
    """Of all its orders; one that is paid is paid back from."""
    orders = await kept.orders_of(it.it.id)
    rows = await db.rows(PAYMENTS.format(marks=db.marks(len(orders))), *orders) if orders else []
    states_of = {row["payment"] for row in rows}
    return "" if not rows or not states_of <= set(UNPAID) else "authorised" if "authorised" in states_of else "unpaid"
