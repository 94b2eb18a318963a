"""What is proposed for a return, as it is kept: what would be sent in exchange and what is to be paid for it; whose turn it is.

While one is open the customer answers: it waits for them, once what they sent back has come. What else settles the return, or
changes what came back, ends it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app import clock, db, reading
from app.returns import asking, deadlines, exchanging, owed, states, worth
from app.returns.exchanging import Item
from app.returns.kept import Kept

ENDS = ("open", "agreed", "sent", "refused", "lapsed", "taken_back", "replaced", "over")  # see `proposal_tables.py`
NEWEST = "FROM exchange_proposals WHERE of_return = {} ORDER BY id DESC LIMIT 1"
HOW_PAID = "SELECT how_paid FROM exchange_proposals WHERE merchant = {} ORDER BY id DESC LIMIT 1"
ENDED = "UPDATE exchange_proposals SET state = {}, answered_at = {} WHERE of_return = {} AND state = 'open' RETURNING id"
THEIR_TURN = """
UPDATE returns SET waiting_on = 'buyer', due_at = (
  SELECT p.answer_by FROM exchange_proposals p WHERE p.of_return = returns.id AND p.state = 'open')
WHERE id = {} AND state = 'received'
AND EXISTS (SELECT 1 FROM exchange_proposals p WHERE p.of_return = returns.id AND p.state = 'open')
"""
SELLERS_TURN = "UPDATE returns SET waiting_on = 'seller', due_at = {{}} WHERE id = {{}} AND state IN ({marks})"
NOBODYS = """
UPDATE returns SET waiting_on = 'nobody', due_at = NULL WHERE id = {{}} AND waiting_on = 'seller' AND state IN ({marks})
AND (objected_at IS NULL OR settled_at IS NULL OR objected_at < settled_at)
"""
SENT = "UPDATE exchange_proposals SET state = 'sent' WHERE of_return = {} AND state = 'agreed'"


class Proposal(Struct, frozen=True, array_like=True):
    """Columns of `ExchangeProposal`."""

    id: int
    state: str
    items: str
    difference: int
    currency: str
    how_paid: str
    answer_by: datetime
    at: datetime

    @property
    def sent(self) -> list[Item]:
        return msgspec.json.decode(self.items, type=list[Item])


async def newest(it: Kept) -> Proposal | None:
    columns = ", ".join(f'"{name}"' for name in Proposal.__struct_fields__)
    found = await reading.texts(columns, NEWEST, it.it.id)
    return reading.decoder(Proposal)(found[0]) if found else None


async def standing(it: Kept) -> Proposal | None:
    """The one that its customer is to answer."""
    found = await newest(it) if it.it.proposed else None
    return found if found and found.state == "open" else None


async def how_paid(merchant: int) -> str:
    """What the merchant has said last of how a difference is paid."""
    found = await db.one(HOW_PAID, merchant)
    return str(found["how_paid"]) if found else ""


async def write(it: Kept, items: Sequence[Item], difference: int, how: str, *, by: str) -> datetime:
    """Until when it is to be answered. In place of one that stands."""
    await db.execute(ENDED, "replaced", clock.now(), it.it.id)
    zone, _country = await asking.place_of(it.it.merchant)
    until = deadlines.agree_by(clock.now(), zone)
    await db.insert("exchange_proposals", [{
        "of_return": it.it.id, "merchant": it.it.merchant, "items": msgspec.json.encode(items).decode(),
        "difference": difference, "currency": it.it.currency, "how_paid": how, "answer_by": until, "by_whom": by,
        "at": clock.now(), "state": "open",
    }])  # fmt: skip
    await their_turn(it.it.id)
    return until


async def their_turn(of_return: int) -> None:
    """What has come back waits for its customer's answer, where one is wanted."""
    await db.execute(THEIR_TURN, of_return)


async def end(it: Kept, how: str) -> bool:
    """Whether one stood. What has come back is its seller's again."""
    if not await db.execute(ENDED, how, clock.now(), it.it.id):
        return False
    await sellers_turn(it)
    return True


async def sellers_turn(it: Kept, also: Sequence[str] = ()) -> None:
    """Of what has come back; `also`: in these states."""
    due = await asking.answer_by(it.it.merchant)
    places = ("received", *also)
    await db.execute(SELLERS_TURN.format(marks=db.marks(len(places))), due, it.it.id, *places)


async def gone_out(of_return: int) -> None:
    """What was agreed to is on its way, or will not be sent: it does not wait for its seller any more."""
    await db.execute(NOBODYS.format(marks=db.marks(len(states.SETTLED))), of_return, *states.SETTLED)
    await db.execute(SENT, of_return)


async def comes_back(it: Kept) -> int:
    """What its customer has back who does not want the exchange, in minor units."""
    more: dict[int, int] = {}
    for line in exchanging.wished(it):
        more[line.order] = more.get(line.order, 0) + line.expected
    grounds, _added = worth.raised(it.it.grounds, more), sum(more.values())
    return await owed.sum_possible(replace(it, it=replace(it.it, grounds=grounds))) - await owed.sum_possible(it)


def last_day(it: datetime) -> datetime:
    """A deadline is the instant at which its last day is over: that day is meant."""
    return it - timedelta(seconds=1)
