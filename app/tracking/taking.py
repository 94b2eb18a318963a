"""News of parcels, whoever brings it: of those that go out to customers, and of those that come back, whose returns go on."""

from app import db
from app.returns import coming
from app.shipments import actions
from app.shipments.actions import Taken
from app.shipments.snapshot import TrackingSnapshot


async def take(merchant: int, news: TrackingSnapshot, *, history: bool = False) -> Taken:
    """As `shipments.actions.take`, and the returns in the same transaction."""
    async with db.transaction():
        taken = await actions.take(merchant, news, history=history)
        for number in taken.returns:
            await coming.heard(number)
    return taken
