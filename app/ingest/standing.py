"""What is kept of the orders that will change, and what they become when news of them comes."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from app.ingest import kept, merging, own_refunds
from app.ingest.milestones import Told, told
from app.ingest.own_refunds import Ours
from app.ingest.snapshot import Amendment, OrderSnapshot
from app.ingest.tracked import Tracked, tracked, with_carriers


class Standing(Struct):
    """By order id: as it is kept, what was told of it, what its parcels' carriers say, which refunds were decided here."""

    before: dict[int, OrderSnapshot] = {}
    told: dict[int, Told] = {}
    tracked: dict[int, Tracked] = {}
    ours: dict[int, Ours] = {}

    async def become(self, number: int, one: OrderSnapshot | Amendment) -> OrderSnapshot:
        """What one source says of it, with what others know better. `before` has the same refunds under the same names."""
        self.before[number], self.ours[number] = await own_refunds.recognised(
            self.before[number], one.refunds, self.ours.get(number, {})
        )
        before = self.before[number]
        said = merging.completed(before, one) if isinstance(one, OrderSnapshot) else merging.amended(before, one)
        after = with_carriers(before, said, self.tracked.get(number, {}))
        return own_refunds.with_ours(before, after, self.ours[number])

    def overtaken(self, number: int, one: Amendment) -> bool:
        """News that changes nothing: had it, but for what is ours anyway, come in time?"""
        theirs = [refund for refund in one.refunds if refund.id not in self.ours[number]]
        return merging.overtaken(self.before[number], replace(one, refunds=theirs))


async def of(orders: Sequence[int]) -> Standing:
    return Standing(await kept.snapshots(orders), await told(orders), await tracked(orders), await own_refunds.ours(orders))
