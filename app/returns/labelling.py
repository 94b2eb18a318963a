"""The label of a return: there at once when it is agreed to and goes back by one, or when its customer asks for it.

Looking never makes one. Who sends with a carrier of their own has the address and a packing list instead.
"""

from datetime import datetime

from app import db
from app.accounts import customers
from app.db import transaction
from app.errors import Refused
from app.i18n import _
from app.returns import kept, moving, rules
from app.returns.kept import Kept

LABELLED = ("drop_off", "label")  # ways for which the label is ours


async def issue(it: Kept, due: datetime | None, *, by: str = "system") -> None:
    """In the transaction that agrees to it."""
    if it.it.kind == "return" and it.it.way in LABELLED:
        await moving.move(it, "label_issued", by=by, due_at=due)


async def offered(it: Kept) -> bool:
    """Of what was agreed to before anybody said how it goes back (by a program, in the shop itself), where the shop has labels
    and they cost the customer nothing."""
    row = it.it
    if row.kind != "return" or row.state != "approved" or row.way:
        return False
    _version, theirs = await rules.of(row.merchant)
    return "label" in theirs.ways and not theirs.shipping_fee.get(row.currency, 0)


async def want(customer: int, code: str, *, by: str) -> None:
    """Wanted twice, the first one counts. Raises Missing, Refused (409) where there is none to be had."""
    async with transaction():
        await customers.lock(customer)
        it = await kept.owned_by(customer, code)
        if it.it.state == "label_issued":
            return
        if not await offered(it):
            raise Refused(_("There is no label for this. The packing list has the address."))
        await db.execute("UPDATE returns SET way = 'label' WHERE id = {}", it.it.id)
        await issue(await kept.by_code(code), it.it.due_at, by=by)
