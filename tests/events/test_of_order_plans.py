"""What has become of an order: whole on its page, and found at once, however much is said about it."""

import pytest
from httpx import AsyncClient

from app import clock, db, reading
from app.events import actions as events
from app.events import timeline
from app.i18n import Voice
from app.inbox import happened as meanwhile
from app.ingest import milestones
from app.orders import pages
from app.returns import happened
from app.shipments import tellings
from tests import builders
from tests.plans import plan

VOICE = Voice("en")
A_DAYS_TALK = [("message_posted", 190), ("thread_closed", 10), ("thread_opened", 10), ("review_changed", 10)]


async def talk(order: db.Row) -> None:
    said = [(kind, n) for kind, count in A_DAYS_TALK for n in range(count)]
    await events.record_all(
        [
            events.row(kind, customer=order["customer"], merchant=order["merchant"], order=order["id"], code="T1", message=n)
            for kind, n in said
        ]
    )
    await db.execute("UPDATE customers SET revision = revision + 1")


async def test_a_long_conversation_pushes_nothing_off_the_page_of_its_order(client: AsyncClient) -> None:
    order = await builders.order("1001")
    client.cookies.update(await builders.session())
    await talk(order)
    page = (await client.get("/orders/1001")).text
    assert "Order placed" in page
    assert "Paid" in page


async def test_nor_do_many_parcels_on_their_way(client: AsyncClient) -> None:
    order = await builders.order("1001")
    client.cookies.update(await builders.session())
    moved = [events.row("shipment_in_transit", order=order["id"], key=str(n), shipment=n) for n in range(210)]
    await events.record_all(moved)
    assert "Order placed" in (await client.get("/orders/1001")).text


async def test_every_kind_that_is_told_of_an_order_is_found_by_the_index() -> None:
    """What somebody adds to the history and begins with one of the words of talk would never be shown."""
    assert not [kind for kind in timeline._words(VOICE) if kind.startswith(("message", "thread", "review"))]


NOW = clock.now()
READS: list[tuple[str, tuple[object, ...]]] = [
    (f"SELECT {timeline.PARTS[0].names} {timeline.PARTS[0].rest}", (1,)),
    (f"SELECT id {meanwhile.FROM}", (1, 1, NOW, NOW)),
    (tellings.TOLD, (1,)),
    (milestones.TOLD.format(orders="{}, {}"), (1, 2)),
    (happened.EVENTS, (1, "return_%")),
    (happened.OF_MONEY.replace("{marks}", "{}"), (1, "refund_sent")),
]


@pytest.mark.parametrize(("sql", "args"), READS)
async def test_it_is_looked_for_by_an_index_of_its_own(sql: str, args: tuple[object, ...]) -> None:
    found = await plan(sql, *args)
    assert "events_of_order" in found, found
    assert "TEMP B-TREE" not in found or "ORDER BY +id" in sql, found


async def test_the_page_of_an_order_reads_it_so_in_its_one_statement() -> None:
    args = (1, "1001") * (len(pages.WHOLE) if db.ON_SQLITE else 1)
    found = await plan(reading._lists(pages.WHOLE), *args)
    assert "events_of_order" in found, found
