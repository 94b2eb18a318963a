"""All orders of the demo shop, as they stand on a day. The same day gives the same bytes; no clock is read."""

from collections.abc import Iterator
from datetime import date, datetime
from random import Random

from app.demo import orders_ended, orders_open, orders_special
from app.demo.catalogue import MERCHANTS, Merchant
from app.demo.orders_everyday import everyday
from app.demo.parcels import track
from app.ingest.snapshot import OrderSnapshot

SCENES = (*orders_open.SCENES, *orders_ended.SCENES, *orders_special.SCENES)
# The order of a merchant whose number is given; the others are counted from it. Alice has 20417 from two merchants.
NUMBERED = {
    "atelier-nord": (orders_open.arriving_tomorrow, 10482),
    "hifi-lambert": (orders_open.nobody_home, 20417),
    "alpages": (orders_open.held_at_customs, 20417),
}


def snapshots(today: date) -> Iterator[OrderSnapshot]:
    """About 260 orders of Alice, Bob and Chloé over three years, oldest first; nothing in them is later than today."""
    scenes = {scene: scene(today) for scene in SCENES}
    orders = sorted([*scenes.values(), *everyday(today)], key=_order)
    for merchant in MERCHANTS:
        scene, number = NUMBERED[merchant.slug]
        _give_numbers([one for one in orders if one.merchant == merchant.slug], merchant, scenes[scene], number)
    for order in orders:
        track(order)
        order.updated_at = max(_moments(order))
        yield order


def _order(order: OrderSnapshot) -> tuple[object, ...]:
    return order.placed_at, order.customer.email, order.merchant


def _give_numbers(orders: list[OrderSnapshot], merchant: Merchant, known: OrderSnapshot, number: int) -> None:
    """A shop counts all its orders; between two of ours lie those of others."""
    rng = Random(f"{merchant.slug}-3")  # noqa: S311 (gaps; of the seeds tried, this gives a customer no other number twice)
    counts = [0]
    for _ in orders[1:]:
        counts.append(counts[-1] + rng.randint(3, 41))
    first = number - counts[next(at for at, one in enumerate(orders) if one is known)]
    for order, count in zip(orders, counts, strict=True):
        order.number = merchant.number.format(first + count)
        order.external_id = f"demo-{merchant.slug}-{first + count}"


def _moments(order: OrderSnapshot) -> Iterator[datetime]:
    yield order.placed_at
    yield from (at for at in (order.cancelled_at, order.closed_at) if at)
    yield from (refund.at for refund in order.refunds if refund.at)
    for shipment in order.shipments:
        yield from (at for at in (shipment.shipped_at, shipment.delivered_at) if at)
