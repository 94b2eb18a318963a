"""What is said again, late, in the wrong order or by two at once: nothing goes back and nothing is told twice."""

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from app import db, reading
from app.accounts import customers
from app.events import timeline
from app.i18n import Voice
from app.ingest import actions, kept
from app.ingest.snapshot import Amendment, OrderSnapshot, Person, Refund, Shipment
from tests.builders import ALICE, BOB, MO, NIA, snapshot

T0 = datetime(2026, 11, 3, 9, tzinfo=UTC)
T1, T2, T3, T4 = (T0 + timedelta(hours=hours) for hours in (1, 2, 3, 4))


async def row() -> Any:
    found = await db.rows("SELECT * FROM orders")
    assert len(found) == 1
    return found[0]


async def only() -> OrderSnapshot:
    order = (await row())["id"]
    return (await kept.snapshots([order]))[order]


async def kinds() -> list[str]:
    return [event["kind"] for event in await db.rows("SELECT kind FROM events ORDER BY id")]


def parcel(status: Any, id: str = "p1", **about: Any) -> Shipment:
    return Shipment(id=id, carrier="DHL", tracking_number="1", status=status, **about)


def news(at: datetime | None, *shipments: Shipment, refunds: tuple[Refund, ...] = ()) -> Amendment:
    return Amendment(
        source="test", merchant=MO, external_id="1001", shipments=list(shipments), refunds=list(refunds), updated_at=at
    )


async def results(*given: OrderSnapshot | Amendment) -> list[str]:
    """Each in a transaction of its own."""
    return [(await actions.record_all([one]))[0].result for one in given]


async def test_what_was_said_again_later_is_not_undone_by_what_was_said_in_between() -> None:
    a, b = snapshot(note="A"), snapshot(note="B")
    replace = msgspec.structs.replace
    given = (replace(a, updated_at=T1), replace(a, updated_at=T3), replace(b, updated_at=T2))
    assert await results(*given) == ["new", "unchanged", "older"]
    assert (await only()).note == "A"


async def test_saying_it_again_later_is_seen_by_nobody() -> None:
    await actions.record(snapshot(updated_at=T1))
    before = [list(map(dict, await db.rows(f"SELECT * FROM {table}"))) for table in ("events", "customers", "order_lines")]
    assert (await actions.record(snapshot(updated_at=T3))).result == "unchanged"
    after = [list(map(dict, await db.rows(f"SELECT * FROM {table}"))) for table in ("events", "customers", "order_lines")]
    assert after == before
    assert (await row())["source_updated_at"] == T3


async def test_the_same_content_said_earlier_is_unchanged_and_lowers_nothing() -> None:
    assert await results(snapshot(updated_at=T3), snapshot(updated_at=T1), snapshot()) == ["new", "unchanged", "unchanged"]
    assert (await row())["source_updated_at"] == T3


async def test_a_snapshot_that_does_not_say_when_keeps_the_guard() -> None:
    given = (snapshot(updated_at=T2), snapshot(note="undated"), snapshot(note="older", updated_at=T1))
    assert await results(*given) == ["new", "updated", "older"]
    assert (await only()).note == "undated"
    assert (await row())["source_updated_at"] == T2


async def test_older_news_takes_no_parcel_back_and_tells_nothing_twice() -> None:
    moving, there = news(T1, parcel("in_transit")), news(T2, parcel("delivered", delivered_at=T2))
    assert await results(snapshot(), moving, there) == ["new", "updated", "updated"]
    told = await kinds()
    assert await results(moving, there, moving, there) == ["older", "unchanged", "older", "unchanged"]
    assert (await only()).shipments == [parcel("delivered", delivered_at=T2)]
    assert await kinds() == told == ["order_placed", "order_paid", "shipment_dispatched", "shipment_delivered"]


async def test_two_parcels_news_out_of_turn_brings_both_forward() -> None:
    sent = snapshot(shipments=[parcel("in_transit"), parcel("in_transit", "p2")], updated_at=T0)
    given = (sent, news(T3, parcel("delivered")), news(T1, parcel("delivered", "p2")), news(T1, parcel("in_transit", "p3")))
    assert await results(*given) == ["new", "updated", "updated", "updated"]
    assert [part.status for part in (await only()).shipments] == ["delivered", "delivered", "in_transit"]
    assert (await row())["source_updated_at"] == T3
    assert await results(*given[1:]) == ["unchanged"] * 3


async def test_newer_news_may_take_a_parcel_back() -> None:
    given = (snapshot(updated_at=T0), news(T1, parcel("delivered")), news(T2, parcel("in_transit")))
    assert await results(*given) == ["new", "updated", "updated"]
    assert (await only()).shipments[0].status == "in_transit"


@pytest.mark.parametrize("at", [None, T2])
async def test_news_that_is_not_known_to_be_newer_takes_no_parcel_back(at: datetime | None) -> None:
    await results(snapshot(), news(T2, parcel("delivered")), news(at, parcel("in_transit")))
    assert (await only()).shipments[0].status == "delivered"


async def test_a_snapshot_older_than_news_that_was_taken_does_not_undo_it() -> None:
    given = (snapshot(updated_at=T0), news(T2, parcel("delivered")), snapshot(note="late", updated_at=T1))
    assert await results(*given) == ["new", "updated", "older"]
    assert ((await only()).note, (await only()).shipments[0].status) == ("", "delivered")


async def test_money_given_back_is_not_pending_again_by_older_news() -> None:
    done, pending = Refund(id="r1", amount=100, at=T2), Refund(id="r1", amount=100, at=T1, state="pending")
    await results(snapshot(), news(T2, refunds=(done,)), news(T1, refunds=(pending,)))
    assert (await only()).refunds == [done]


async def test_a_parcel_delivered_twice_is_told_once() -> None:
    given = [snapshot(shipments=[parcel(status)]) for status in ("delivered", "in_transit", "delivered")]
    assert [(await actions.record(one)).result for one in given] == ["new", "updated", "updated"]
    assert (await kinds()).count("shipment_delivered") == 1
    assert (await kinds()).count("shipment_dispatched") == 1


async def test_two_parcels_delivered_are_two_things_to_tell() -> None:
    await actions.record(snapshot(shipments=[parcel("delivered")]))
    await actions.record(snapshot(shipments=[parcel("delivered"), parcel("delivered", "p2")]))
    assert (await kinds()).count("shipment_delivered") == 2


async def paid_when() -> tuple[datetime, str]:
    """As the event has it, and as the customer reads it."""
    event = await db.one("SELECT at FROM events WHERE kind = 'order_paid'")
    assert event is not None
    (events,) = await reading.together(timeline.PARTS, (await row())["id"])
    said = timeline.timeline(events, Voice("en"))
    return event["at"], next(moment.when for moment in said if moment.text == "Paid")


async def test_an_order_paid_later_was_not_paid_when_it_was_placed() -> None:
    await actions.record(snapshot(payment="unpaid", updated_at=T0))
    await actions.record(snapshot(updated_at=T4))
    assert (await paid_when())[0] == T4


async def test_an_order_paid_nobody_knows_when_says_so() -> None:
    await actions.record(snapshot(payment="unpaid", updated_at=T0))
    await actions.record(snapshot())
    assert (await paid_when())[1] == "date not known"


async def test_an_order_that_came_paid_was_paid_when_it_was_placed() -> None:
    await actions.record(snapshot(updated_at=T4))
    assert (await paid_when())[0] == (await row())["placed_at"]


async def test_an_email_longer_than_its_column_is_refused() -> None:
    long = f"{ALICE}{' ' * 310}"  # an address all the same, when trimmed
    outcome = (await actions.record_all([snapshot(customer=Person(email=long))]))[0]
    assert (outcome.result, outcome.problems) == ("refused", {"/customer/email": "longer than 320 characters"})


async def test_an_order_named_twice_is_met_once_with_all_turns_before_any_lock(monkeypatch: pytest.MonkeyPatch) -> None:
    steps, take_turn, ensure = [], db.take_turn, customers.ensure

    async def turn(name: str) -> None:
        steps.append(name)
        await take_turn(name)

    async def met(*people: Any) -> Any:
        steps.append("customers")
        return await ensure(*people)

    monkeypatch.setattr(db, "take_turn", turn)
    monkeypatch.setattr(customers, "ensure", met)
    carol = Person(email="carol@example.com")
    await actions.record(snapshot("1003", customer=carol))
    steps.clear()
    refund = Amendment(source="test", merchant=MO, external_id="1003", refunds=[Refund(id="r", amount=1)])
    given = [snapshot(merchant=NIA), snapshot(merchant=NIA, note="2"), snapshot(customer=Person(email=BOB)), refund, refund]
    outcomes = await actions.record_all(given)
    assert [outcome.result for outcome in outcomes] == ["new", "updated", "new", "updated", "unchanged"]
    assert steps == [f"orders of {MO}", f"orders of {NIA}", "customers"]


async def test_years_and_merchants_of_all_of_a_batch_reach_the_customer() -> None:
    orders = [snapshot("1", placed_at=T0.replace(year=year), merchant=shop) for year, shop in ((2024, MO), (2025, NIA))]
    await actions.record_all([orders[0], msgspec.structs.replace(orders[0], note="2"), orders[1]])
    customer = await db.one("SELECT order_years, order_merchants FROM customers")
    assert customer is not None
    shops = [str(shop["id"]) for shop in await db.rows("SELECT id FROM merchants ORDER BY id")]
    assert (customer["order_years"], customer["order_merchants"]) == ("2025 2024", " ".join(shops))


async def test_two_that_name_orders_twice_at_once_do_not_wait_for_each_other_for_ever() -> None:
    """PostgreSQL ends one of two that do, after a second; SQLite has one writer."""
    bob = Person(email=BOB)
    for n in range(6):
        mos, nias = snapshot(f"{n}"), snapshot(f"{n}", merchant=NIA, customer=bob)
        replace = msgspec.structs.replace
        one = [mos, replace(mos, note="2"), nias, replace(nias, note="2")]
        other = [nias, replace(nias, note="3"), mos, replace(mos, note="3")]
        done = await asyncio.gather(actions.record_all(one), actions.record_all(other))
        assert {outcome.result for outcomes in done for outcome in outcomes} == {"new", "updated"}
