"""An order's money in words: what was paid and how, what goes back, each with its way and its dates.

Read by the order's and the return's pages, by the customer's and the desk's; nothing is decided here.
"""

from msgspec import Struct

from app import db
from app.errors import Missing
from app.i18n import Voice
from app.payments import bounds
from app.payments.bounds import Bounds
from app.payments.names import named
from app.payments.refund_cards import COLUMNS, REFUNDS, WITH, RefundCard, card

ORDER = "SELECT currency, total, payment FROM orders WHERE id = {}"
OF_RETURN = (
    f'SELECT {COLUMNS}, o.currency FROM refunds r JOIN orders o ON o.id = r."order" {WITH} '  # noqa: S608
    "WHERE r.of_return = {} ORDER BY r.id"
)


class PaidCard(Struct, frozen=True):
    """`amount` is empty where the source names the means but not the share; `left` can still be given back to it."""

    number: int
    name: str
    amount: str
    left: str


class Ledger(Struct, frozen=True, kw_only=True):
    """Amounts as texts but for `left_amount`, in minor units."""

    paid: str
    given: str
    left: str
    left_amount: int
    currency: str
    payments: list[PaidCard]
    refunds: list[RefundCard]


async def left(order: int) -> Bounds:
    """What may still be given back, of the whole and of each payment. Raises Missing."""
    found = await _order(order)
    return await bounds.of_order(order, found["total"], found["payment"])


async def of_order(order: int, voice: Voice) -> Ledger:
    """Also of what another order has paid for this one. Raises Missing. Whose order it is, its door has looked at."""
    currency = (await _order(order))["currency"]
    now, found = await left(order), await db.rows(REFUNDS, order, order)
    elsewhere = sum(row["amount"] for row in found if row["for_order"] == order and row["state"] != "failed")
    return Ledger(
        paid=voice.money(now.paid, currency), given=voice.money(now.given + elsewhere, currency),
        left=voice.money(now.left, currency), left_amount=now.left, currency=currency,
        payments=[_paid(room, currency, voice) for room in now.rooms],
        refunds=[card(row, currency, voice) for row in found],
    )  # fmt: skip


async def of_return(number: int, voice: Voice) -> list[RefundCard]:
    """What goes back for a return, of every order that it concerns. Whose it is, its door has looked at."""
    return [card(row, row["currency"], voice) for row in await db.rows(OF_RETURN, number)]


async def for_order(number: int, voice: Voice) -> list[RefundCard]:
    """What goes back for an order, wherever that was paid. Whose it is, its door has looked at."""
    currency = (await _order(number))["currency"]
    found = await db.rows(REFUNDS, number, number)
    return [card(row, currency, voice) for row in found if row["for_order"] in (None, number)]


async def _order(order: int) -> db.Row:
    found = await db.one(ORDER, order)
    if found is None:
        raise Missing
    return found


def _paid(room: bounds.Room, currency: str, voice: Voice) -> PaidCard:
    one = room.payment
    amount = "" if one.amount is None else voice.money(one.amount, currency)
    return PaidCard(one.id, named(one.kind, one.brand, one.last_four, voice), amount, voice.money(room.left, currency))
