"""Taking orders in: nothing is lost, nothing is double, what is sent again changes nothing."""

from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings

from app import db
from app.ingest import actions, kept
from app.ingest.snapshot import Amendment, LineQuantity, OrderSnapshot, Person, Refund, Shipment
from tests import builders
from tests.builders import ALICE, BOB, MO, NIA, line, snapshot
from tests.ingest.any_order import orders


async def count(table: str) -> int:
    row = await db.one(f"SELECT count(*) AS n FROM {table}")
    assert row is not None
    return row["n"]


async def only() -> OrderSnapshot:
    ids = [row["id"] for row in await db.rows("SELECT id FROM orders")]
    assert len(ids) == 1
    return (await kept.snapshots(ids))[ids[0]]


async def test_an_order_comes_back_as_it_was_sent() -> None:
    sent = snapshot(lines=[line("1"), line("2", quantity=3, title="Cup", tax=120, discount=100)], gift_message="Joyeux\nNoël")
    assert (await actions.record(sent)).result == "new"
    assert await only() == sent


async def test_the_same_snapshot_twice_changes_nothing() -> None:
    await actions.record(snapshot())
    before = [await db.rows(f"SELECT * FROM {table}") for table in ("orders", "order_lines", "events", "customers")]
    assert (await actions.record(snapshot())).result == "unchanged"
    after = [await db.rows(f"SELECT * FROM {table}") for table in ("orders", "order_lines", "events", "customers")]
    assert [list(map(dict, rows)) for rows in after] == [list(map(dict, rows)) for rows in before]


async def test_a_newer_snapshot_updates_and_keeps_the_rows_of_its_lines() -> None:
    at = datetime(2026, 11, 3, tzinfo=UTC)
    await actions.record(snapshot(lines=[line("1"), line("2"), line("3")], updated_at=at))
    ids = {row["external_id"]: row["id"] for row in await db.rows("SELECT id, external_id FROM order_lines")}
    newer = snapshot(lines=[line("2", quantity=2), line("1"), line("4")], updated_at=at + timedelta(hours=1))
    assert (await actions.record(newer)).result == "updated"
    now = {row["external_id"]: row["id"] for row in await db.rows("SELECT id, external_id FROM order_lines")}
    assert now.keys() == {"1", "2", "4"}
    assert (now["1"], now["2"]) == (ids["1"], ids["2"])
    assert await only() == newer


async def test_an_older_snapshot_is_not_taken() -> None:
    at = datetime(2026, 11, 3, tzinfo=UTC)
    await actions.record(snapshot(updated_at=at))
    assert (await actions.record(snapshot(note="old", updated_at=at - timedelta(seconds=1)))).result == "older"
    assert (await only()).note == ""


async def test_two_snapshots_of_one_order_in_a_batch_are_taken_one_after_the_other() -> None:
    outcomes = await actions.record_all([snapshot(), snapshot(note="second"), snapshot("1002")])
    assert [outcome.result for outcome in outcomes] == ["new", "updated", "new"]
    assert await count("orders") == 2


async def test_sums_that_do_not_add_up_are_marked_and_never_corrected() -> None:
    await actions.record(snapshot(total=5300))
    row = await db.one("SELECT total, difference FROM orders")
    assert row is not None
    assert (row["total"], row["difference"]) == (5300, 10)


async def test_what_cannot_be_kept_is_refused_with_a_pointer_and_the_rest_lands() -> None:
    wrong = snapshot("1002", currency="EURO", lines=[line("1"), line("1")])
    wrong.customer.email = "nobody"
    outcomes = await actions.record_all([snapshot(), wrong, snapshot("1003")])
    assert [outcome.result for outcome in outcomes] == ["new", "refused", "new"]
    assert outcomes[1].problems.keys() == {"/currency", "/lines/1/id", "/customer/email"}
    assert await count("orders") == 2


async def test_a_batch_that_breaks_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("app.events.actions.record_all", broken)
    with pytest.raises(OSError, match="disk"):
        await actions.record_all([snapshot(), snapshot("1002")])
    assert await count("orders") == 0
    assert await count("customers") == 0


async def test_one_number_at_two_merchants_gets_two_addresses_which_then_stay() -> None:
    await actions.record_all([snapshot(), snapshot(merchant=NIA), snapshot(customer=Person(email=BOB))])
    rows = await db.rows("SELECT c.email, o.address FROM orders o JOIN customers c ON c.id = o.customer ORDER BY o.id")
    # The third is the first order again, for another person: it moved to him.
    assert [(row["email"], row["address"]) for row in rows] == [(BOB, "1001"), (ALICE, f"1001.{NIA}")]


async def test_numbers_that_look_alike_in_an_address_stay_apart() -> None:
    await actions.record_all([snapshot("a", number="#1001"), snapshot("b", number="1001"), snapshot("c", number="10/01")])
    rows = await db.rows("SELECT address FROM orders ORDER BY id")
    assert len({row["address"] for row in rows}) == 3
    assert rows[0]["address"] == "1001"


async def test_a_refund_that_comes_later_is_added_once_and_shows_in_the_payment() -> None:
    await actions.record(snapshot())
    refund = Refund(id="r1", amount=4800, at=datetime(2026, 11, 9, tzinfo=UTC), lines=[LineQuantity(line="1", quantity=1)])
    news = Amendment(source="test", merchant=MO, external_id="1001", refunds=[refund])
    assert [outcome.result for outcome in await actions.record_all([news, news])] == ["updated", "unchanged"]
    order = await only()
    assert (order.payment, order.refunds) == ("partly_refunded", [refund])
    row = await db.one("SELECT refunded_quantity FROM order_lines")
    assert row is not None
    assert row["refunded_quantity"] == 1
    # The source's own file, imported again, knows nothing of the refund and changes nothing.
    assert (await actions.record(snapshot())).result == "unchanged"


async def test_news_of_an_unknown_order_is_refused() -> None:
    outcome = (await actions.record_all([Amendment(source="test", merchant=MO, external_id="9")]))[0]
    assert outcome.result == "refused"


async def test_each_milestone_is_told_once() -> None:
    await actions.record(snapshot())
    sent = Shipment(
        id="p1", carrier="DHL", tracking_number="1", status="in_transit", shipped_at=datetime(2026, 11, 4, tzinfo=UTC)
    )
    await actions.record(snapshot(shipments=[sent]))
    delivered = msgspec.structs.replace(sent, status="delivered", delivered_at=datetime(2026, 11, 6, tzinfo=UTC))
    await actions.record(snapshot(shipments=[delivered]))
    kinds = [row["kind"] for row in await db.rows("SELECT kind FROM events ORDER BY id")]
    assert kinds == ["order_placed", "order_paid", "shipment_dispatched", "shipment_delivered"]


async def test_every_change_raises_the_customers_revision() -> None:
    revisions = []
    for note in ("", "", "changed"):
        await actions.record(snapshot(note=note))
        row = await db.one("SELECT revision FROM customers WHERE email = {}", ALICE)
        assert row is not None
        revisions.append(row["revision"])
    assert revisions == [2, 2, 3]


async def test_one_order_of_1114_lines() -> None:
    many = snapshot(lines=[line(str(n), title=f"Item {n}", unit_price=n) for n in range(1, 1115)])
    await actions.record(many)
    assert await only() == many


async def test_an_order_that_names_a_merchant_nobody_made_makes_it() -> None:
    await actions.record(snapshot(merchant="new-shop"))
    row = await db.one("SELECT name FROM merchants WHERE slug = {}", "new-shop")
    assert row is not None
    assert row["name"] == "new-shop"


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(orders())
async def test_whatever_is_sent_comes_back(order: OrderSnapshot) -> None:
    async with db.transaction():
        await db.execute("DELETE FROM orders")
    assert (await actions.record(order)).result == "new"
    assert await only() == order


def test_builders_say_what_they_mean() -> None:
    assert builders.snapshot().total == 5290


async def test_an_address_is_the_one_that_signing_in_knows() -> None:
    await actions.record(snapshot(customer=Person(email=" Zoé@Bücher.example".replace("é", "e"), name="Zoe", locale="fr-CH")))
    row = await db.one("SELECT email, locale FROM customers")
    assert row is not None
    assert (row["email"], row["locale"]) == ("zoe@xn--bcher-kva.example", "fr")


async def test_what_no_table_can_hold_is_refused_by_itself() -> None:
    year_one = datetime.fromisoformat("0001-01-01T00:00:00+14:00")
    outcomes = await actions.record_all([snapshot("1", placed_at=year_one), snapshot("2", total=2**63), snapshot("3")])
    assert [outcome.result for outcome in outcomes] == ["refused", "refused", "new"]
    assert "/placed_at" in outcomes[0].problems


async def test_an_amended_order_sent_back_as_it_is_kept_is_no_news() -> None:
    await actions.record(snapshot())
    refund = Refund(id="r1", amount=100, at=datetime(2026, 11, 9, tzinfo=UTC))
    await actions.record_all([Amendment(source="test", merchant=MO, external_id="1001", refunds=[refund])])
    amended = await only()
    assert (await actions.record(amended)).result == "unchanged"
    assert (await actions.record(snapshot())).result == "unchanged"
    assert (await only()).payment == "partly_refunded"


async def test_an_order_of_new_years_eve_is_offered_in_every_year_it_may_be_in() -> None:
    """Where its customer lives is often known only later: in Paris it is 2026 already."""
    await actions.record(snapshot(placed_at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC)))
    row = await db.one("SELECT order_years FROM customers")
    assert row is not None
    assert row["order_years"] == "2026 2025"
