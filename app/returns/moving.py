"""One step of a return: its row, its event and whoever sees it, in the caller's transaction, with the customer's row locked.

Of two who take the same step at once the second is refused; a step that its kind's way does not have is never taken.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from app import clock, db
from app.accounts import customers
from app.errors import Refused
from app.events import actions as events
from app.i18n import _
from app.orders import revisions
from app.returns import kept, objections, states
from app.returns.kept import Kept, KeptReturn

PAST = {"open": "opened", "unconfirmed": "declared", "goods_due": "goods_awaited"}  # where a state is no past tense
TIMES = {
    "approved": "decided_at", "declined": "decided_at", "denied": "decided_at", "unfounded": "decided_at",
    "in_transit": "sent_at", "proof_sent": "sent_at",
    "received": "received_at", "goods_received": "received_at",
    "refunded": "settled_at", "exchanged": "settled_at", "credited": "settled_at", "resolved": "settled_at",
    "closed": "closed_at",
}  # fmt: skip
# Who has to do something next; whoever is not named: nobody.
WAITING = {
    "requested": "seller", "open": "seller", "acknowledged": "seller", "approved": "buyer", "label_issued": "buyer",
    "goods_due": "buyer", "in_transit": "carrier", "proof_sent": "seller", "received": "seller", "goods_received": "seller",
}  # fmt: skip

UNUSED = "UPDATE return_labels SET state = 'unused', attempts = 0, next_at = {} WHERE of_return = {} AND state = 'bought'"
PROPOSAL_OVER = "UPDATE exchange_proposals SET state = 'over', answered_at = {} WHERE of_return = {} AND state = 'open'"
ON_ITS_WAY = ("label_issued", "in_transit", "received")  # what is proposed in exchange stands meanwhile
SEEN = """
UPDATE returns SET changed_at = {}, revision = COALESCE((SELECT revision FROM customers WHERE id = {}), revision) WHERE id = {}
"""


def event(kind: str, state: str) -> str:
    """“return_approved”, “claim_opened”."""
    return f"{kind}_{PAST.get(state, state)}"


def waiting_on(kind: str, state: str) -> str:
    """A claim that was granted is the seller's to make good, and so is a cancellation."""
    if state == "approved" and kind in ("claim", "cancellation"):
        return "seller"
    return WAITING.get(state, "nobody")


async def lock(it: KeptReturn) -> None:
    """The customer's row, and what two guests' declarations have in common: none."""
    if it.customer is not None:
        await customers.lock(it.customer)
    else:
        await db.take_turn(f"return {it.code}")


async def move(
    it: Kept, to: str, *, by: str, due_at: datetime | None = None, columns: Mapping[str, Any] | None = None,
    event_kind: str = "", called_off: bool = False, **said: Any,
) -> None:  # fmt: skip
    """`by` is who: "customer:3", "member:5", "program:2", "source:shopify", "system". `columns` go with the step, `said` with
    its event, which is `event_kind` where it is not the usual one. `called_off`: because what was sent for it is cancelled,
    which is no decision of anybody's. Raises Refused (409)."""
    row = it.it
    if not states.may(row.kind, row.state, to, called_off=called_off):
        raise Refused(_("That cannot be done any more: it has gone on meanwhile. Look at it again."))
    if to in ("cancelled", "expired") and row.exchange is not None:
        raise Refused(_("What was wanted in exchange is being sent already: what it is for has to come back."))
    values: dict[str, Any] = {
        "state": to, "changed_at": clock.now(), "waiting_on": waiting_on(row.kind, to), "due_at": due_at, **(columns or {}),
    }  # fmt: skip
    values |= _of_step(row, to, called_off=called_off)
    pairs = ", ".join(f'"{name}" = {{}}' for name in values)
    moved = await db.execute(
        f"UPDATE returns SET {pairs} WHERE id = {{}} AND state = {{}} RETURNING id",  # noqa: S608 - our own names
        *values.values(), row.id, row.state,
    )  # fmt: skip
    if not moved:
        raise Refused(_("Somebody else was quicker. Look at it again."))
    if row.kind == "return" and to not in ON_ITS_WAY:
        await db.execute(PROPOSAL_OVER, clock.now(), row.id)
    if to in states.LET_GO:
        await db.execute("UPDATE return_lines SET held = 0 WHERE of_return = {}", row.id)
    if to in states.LET_GO or (to in states.SETTLED and row.state in ("approved", "label_issued")):  # nothing comes back
        await label_unused(row.id)
    await tell(it, event_kind or event(row.kind, to), by=by, **said)


def _of_step(row: KeptReturn, to: str, *, called_off: bool) -> dict[str, Any]:
    """Its time; and where an objection against how it was settled waits, that its answer is waited for all the same."""
    objected = objections.for_less(row) and to in states.GIVEN
    values: dict[str, Any] = {"waiting_on": row.waiting_on, "due_at": row.due_at} if objected else {}
    if to in TIMES and (to == "closed" or not (called_off or objected)):
        values[TIMES[to]] = clock.now()
    return values


async def label_unused(of_return: int) -> None:
    """One that was bought is given back a little later (`buying.py`)."""
    await db.execute(UNUSED, clock.now(), of_return)


async def tell(it: Kept, kind: str, *, by: str, **said: Any) -> None:
    """That something happened to it, and that its customer sees it."""
    row = it.it
    await events.record(
        kind, customer=row.customer, merchant=row.merchant, order=row.order, code=row.code, return_kind=row.kind, by=by, **said
    )
    await seen(it)


async def seen(it: Kept) -> None:
    """Its customer sees something else than before."""
    row, orders = it.it, await kept.orders_of(it.it.id)
    await revisions.changed(*orders)
    if row.customer is not None and not orders:
        await customers.raise_revision(row.customer)
    await db.execute(SEEN, clock.now(), row.customer, row.id)
