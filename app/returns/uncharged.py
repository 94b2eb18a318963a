"""What an order's payment has only reserved so far: the shop may still charge it, and then it is owed for what came back.

Settling a return without it is giving it up for its customer. Only what the shop does not charge is settled so.
"""

from collections.abc import Sequence

from app import db
from app.errors import Invalid
from app.i18n import _
from app.returns import owed
from app.returns.kept import Kept
from app.returns.owed import Share

RESERVED = "SELECT id FROM orders WHERE payment = 'authorised' AND id IN ({marks})"


async def of(it: Kept) -> int:
    """So much of what is left of its promises is of payments that are only reserved, in minor units."""
    return await among(await owed.left(it))


async def among(shares: Sequence[Share]) -> int:
    orders = [share.order for share in shares]
    rows = await db.rows(RESERVED.format(marks=db.marks(len(orders))), *orders) if orders else []
    reserved, now = {row["id"] for row in rows}, await owed.possible(shares)
    return sum(all_of_it.total - part.total for all_of_it, (part, _payers) in zip(shares, now, strict=True)
               if all_of_it.order in reserved)  # fmt: skip


async def check(shares: Sequence[Share], *, meant: bool) -> int:
    """What is given up, with nothing more to come. Raises Invalid(uncharged=…) where it is not `meant`."""
    left = await among(shares)
    if left and not meant:
        wait = _("If your shop still charges it, this money is owed: wait until then, and pay it back.")
        never = _("If it has charged less, or will not charge this, say so here.")
        raise Invalid(uncharged=f"{wait} {never}")
    return left
