"""Which order a declaration belongs to that matched none, said by the merchant's people: looked for among their own orders by
number or address, and attached with who did it.

The days run from when it was declared, whatever order it turns out to be about. What was told of it before stays as it was
told, of no order; the event of attaching names it, so that its history is whole (see `happened.events`).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from app import db
from app.accounts import customers
from app.accounts.email_address import is_one, normal
from app.db import transaction
from app.errors import Invalid, Missing, Refused
from app.events.actions import data_of
from app.i18n import _
from app.returns import attaching, deciding, happened, kept, moving, states, withdrawals
from app.returns.attaching import Found
from app.returns.kept import Kept
from app.search import folded

MOST, LONGEST = 20, 320
COLUMNS = "o.id, o.number, o.placed_at, o.customer_name, c.email, o.item_count, o.total, o.currency"
BY_NUMBER = f"""
SELECT {COLUMNS} FROM orders o JOIN customers c ON c.id = o.customer
WHERE o.merchant = {{}} AND o.number IN ({{}}, {{}}, {{}}, {{}}) ORDER BY o.placed_at DESC, o.id DESC LIMIT {MOST}
"""  # noqa: S608 - our own names
# Whose address it is, or was when they bought.
BY_EMAIL = f"""
SELECT {COLUMNS} FROM orders o JOIN customers c ON c.id = o.customer WHERE o.merchant = {{}} AND o.customer IN (
  SELECT id FROM customers WHERE email = {{}} UNION
  SELECT customer FROM email_changes WHERE old_email = {{}} AND confirmed_at IS NOT NULL AND undone_at IS NULL
) ORDER BY o.placed_at DESC, o.id DESC LIMIT {MOST}
"""  # noqa: S608 - our own names
ONE = (
    f"SELECT {COLUMNS}, o.customer FROM orders o JOIN customers c ON c.id = o.customer WHERE o.merchant = {{}} AND o.id = {{}}"  # noqa: S608
)
BEGUN = "UPDATE returns SET waiting_on = 'seller', due_at = {} WHERE id = {}"
LATE = "UPDATE returns SET waiting_on = 'seller', refund_by = NULL, due_at = {} WHERE id = {}"


class Candidate(Struct, frozen=True):
    id: int
    number: str
    placed_at: datetime
    customer_name: str
    email: str
    item_count: int
    total: int
    currency: str


def attachable(it: Kept) -> bool:
    row = it.it
    return row.kind == "withdrawal" and row.order is None and row.settled_at is None and row.state not in states.LET_GO


async def found(merchant: int, text: str) -> list[Candidate]:
    """The newest first. `text` is a number or an address as somebody types it; nothing finds nothing."""
    said = " ".join(text.replace("\0", "").split())[:LONGEST]
    if is_one(said):
        rows: Sequence[Any] = await db.rows(BY_EMAIL, merchant, normal(said), normal(said))
    else:
        plain = said.removeprefix("#").strip()
        rows = await db.rows(BY_NUMBER, merchant, said, plain, f"#{plain}", plain.upper()) if plain else []
    return [Candidate(**row) for row in rows]


async def candidate(merchant: int, order: int) -> Candidate:
    """Raises Missing, also for another merchant's."""
    row = await _order(merchant, order)
    return Candidate(**{name: row[name] for name in Candidate.__struct_fields__})


def differing(it: Kept, order: Candidate) -> list[str]:
    """What was declared otherwise than the order says: "number", "name", "email". A name that one of them lacks differs in
    nothing; its words may stand in another order."""
    declared = it.it
    said, theirs = (set(folded(name).split()) for name in (declared.name, order.customer_name))
    differs = {
        "number": not attaching.names(declared.contract, order.number),
        "name": bool(said and theirs) and said != theirs,
        "email": declared.email != order.email,
    }
    return [name for name, yes in differs.items() if yes]


async def attach(merchant: int, code: str, order: int, *, by: str, meant: bool = True) -> None:
    """`meant`: although something differs. Raises Missing, also for another merchant's order, Invalid (meant), Refused (409)
    where it belongs to one already."""
    async with transaction():
        owner = (await _order(merchant, order))["customer"]
        before = (await kept.at_desk(merchant, code)).it.customer
        for customer in sorted({one for one in (owner, before) if one is not None}):
            await customers.lock(customer)
        it, row = await deciding.locked(merchant, code), await _order(merchant, order)
        if not attachable(it) or row["customer"] != owner or it.it.customer != before:
            raise Refused(_("That cannot be done any more: it has gone on meanwhile. Look at it again."))
        if not meant and differing(it, await candidate(merchant, order)):
            raise Invalid(meant=_("Something was declared otherwise than the order says. Tick that you mean this one."))
        earlier = [event["id"] for event in await happened.events(it) if data_of(event["data"]).get("code") == code]
        doubt = await attaching.attach(it, Found(order, owner), owner)
        it = await kept.by_code(code)
        said = {"number": row["number"], "doubt": doubt, "earlier": earlier, "declared_at": it.it.created_at.isoformat()}
        await moving.tell(it, "withdrawal_attached", by=by, **said)
        if before not in (None, owner):
            await customers.raise_revision(before)
        await _go_on(it, late=doubt == "late")


async def _order(merchant: int, order: int) -> Any:
    row = await db.one(ONE, merchant, order) if 0 < order <= db.MOST_ID else None
    if row is None:
        raise Missing
    return row


async def _go_on(it: Kept, *, late: bool) -> None:
    if late:
        await db.execute(LATE, await deciding.answer_by(it), it.it.id)
        return
    await db.execute(BEGUN, it.it.refund_by, it.it.id)
    await withdrawals.begin(await kept.by_code(it.it.code))
