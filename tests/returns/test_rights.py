"""What a customer sees of their rights: the line on the order's page, the page of them all, the days for a calendar."""

import re
from datetime import UTC, date, datetime, timedelta
from html import unescape
from itertools import count
from typing import Any

import pytest
import time_machine
from httpx import AsyncClient
from icalendar import Calendar

from app import db
from app.errors import Missing
from app.ingest.snapshot import Address, LineQuantity, Refund, Shipment
from app.returns import ordered, rights, rules
from app.returns.rule_book import Exclusion, Rules, Window
from tests import builders
from tests.builders import BOB, line

NUMBERS = count()
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)
CAME = datetime(2026, 11, 23, 10, tzinfo=UTC)


def parcel(*lines: str, id: str = "1", came: datetime | None = CAME, **about: Any) -> Shipment:
    said = {
        "status": "delivered" if came else "in_transit",
        "delivered_at": came,
        "shipped_at": CAME - timedelta(days=2),
        **about,
    }
    return Shipment(id=id, lines=[LineQuantity(line=one, quantity=1) for one in lines], **said)


async def delivered(**about: Any) -> Any:
    """A teapot for Lyon, ordered on 20 November 2026 and there since Monday 23."""
    return await builders.order(**{"placed_at": datetime(2026, 11, 20, 12, tzinfo=UTC), "shipments": [parcel("1")], **about})


async def said(client: AsyncClient, url: str, locale: str = "en") -> str:
    """What a person reads at that address."""
    answer = await client.get(url, headers={"Accept-Language": locale})
    assert answer.status_code == 200
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


async def until(code: str, address: str = "1001") -> list[date | None]:
    """Of each line."""
    found = await rights.of_order(await builders.customer(), address)
    return [one.right(code).until for one in found.lines]


@time_machine.travel(NOW, tick=False)
async def test_the_orders_page_says_the_days_in_one_line(alice: AsyncClient) -> None:
    await delivered()
    text = await said(alice, "/orders/1001")
    assert "Your rights · Withdraw until 7 Dec 2026 · Guarantee until 23 Nov 2028" in text
    assert "Return until" not in text  # the usual 14 days say nothing new
    assert 'href="/orders/1001/rights"' in (await alice.get("/orders/1001")).text
    await rules.save(await builders.merchant(), Rules(default_days=28), by=None)
    text = await said(alice, "/orders/1001")
    assert "Withdraw until 7 Dec 2026 · Return until 21 Dec 2026 · Guarantee until 23 Nov 2028" in text


@time_machine.travel(NOW, tick=False)
async def test_the_same_in_french(alice: AsyncClient) -> None:
    await delivered()
    await builders.customer(locale="fr")
    text = await said(alice, "/orders/1001", "fr")
    assert "Vos droits · Rétractation jusqu’au 7 déc. 2026 · Garantie jusqu’au 23 nov. 2028" in text
    text = await said(alice, "/orders/1001/rights", "fr")
    assert "Se rétracter du contrat · Jusqu’au lundi 7 déc. 14 jours à partir du lendemain de l’arrivée" in text
    assert "Droit de l’UE : directive 2011/83/UE, art. 9, par. 2, point b)." in text


async def test_what_is_over_is_not_on_the_line_and_says_so_on_its_page(alice: AsyncClient) -> None:
    with time_machine.travel(NOW + timedelta(days=20), tick=False):
        await delivered()
        assert "Your rights · Guarantee until 23 Nov 2028" in await said(alice, "/orders/1001")
        text = await said(alice, "/orders/1001/rights")
        assert "What is not possible, and why" in text
        assert "Withdraw from the contract · Ended on Monday 7 Dec The time for it is over." in text


@time_machine.travel(NOW, tick=False)
async def test_items_that_differ_are_told_apart_on_their_page(alice: AsyncClient) -> None:
    shop = await builders.merchant()
    tailored = Rules(exclusions=(Exclusion(patterns=("Sur mesure",), reason="made_to_measure"),))
    await rules.save(shop, tailored, by=None)
    await delivered(
        lines=[line("1"), line("2", title="Shirt <b>", category="Sur mesure"), line("3", title="Cup", quantity=2)],
        shipments=[parcel("1", "2", "3", "3")],
    )
    assert "Your rights · They differ by item" in await said(alice, "/orders/1001")
    page = (await alice.get("/orders/1001/rights")).text
    assert page.count('class="card"') == 2
    assert "Shirt &lt;b&gt;" in page
    text = await said(alice, "/orders/1001/rights")
    assert "Teapot “Brume” 2 × Cup" in text
    assert "It is made to measure or clearly personalised. (Directive 2011/83/EU, Art. 16(c))" in text


@time_machine.travel(NOW, tick=False)
async def test_a_cancelled_order_has_none_and_its_page_says_why(alice: AsyncClient) -> None:
    await delivered(shipments=[], cancelled_at=NOW, lines=[line(cancelled_quantity=1)])
    assert "/rights" not in (await alice.get("/orders/1001")).text
    text = await said(alice, "/orders/1001/rights")
    assert text.count("Nothing is left of it") == 6
    assert (await alice.get("/orders/1001/rights.ics")).status_code == 404


@time_machine.travel(NOW, tick=False)
async def test_an_order_under_way_has_no_end_yet(alice: AsyncClient) -> None:
    await delivered(shipments=[parcel("1", came=None)])
    text = await said(alice, "/orders/1001")
    assert "Your rights · Withdrawal possible" in text
    assert "Guarantee" not in text
    text = await said(alice, "/orders/1001/rights")
    assert "Withdraw from the contract · Possible, no end so far Nobody has told yet that all of it came" in text
    assert (await alice.get("/orders/1001/rights.ics")).status_code == 404
    assert "rights.ics" not in (await alice.get("/orders/1001/rights")).text


@time_machine.travel(NOW, tick=False)
async def test_the_last_days_for_a_calendar(alice: AsyncClient) -> None:
    await rules.save(await builders.merchant(), Rules(windows=(Window(patterns=("sku:CUP",), days=30),)), by=None)
    await delivered(
        lines=[line("1"), line("2", title="Cup;,\n2", sku="CUP")], shipments=[parcel("1", "2")],
    )  # fmt: skip
    answer = await alice.get("/orders/1001/rights.ics")
    assert answer.headers["content-type"].startswith("text/calendar")
    assert "no-store" in answer.headers["cache-control"]
    events = Calendar.from_ical(answer.content).walk("VEVENT")
    assert [(str(it["summary"]), it["dtstart"].dt, it["dtend"].dt) for it in events] == [
        ("Last day to withdraw: Teapot “Brume”, Cup;, 2", date(2026, 12, 7), date(2026, 12, 8)),
        ("Last day to return: Teapot “Brume”", date(2026, 12, 7), date(2026, 12, 8)),
        ("Last day to return: Cup;, 2", date(2026, 12, 23), date(2026, 12, 24)),
        ("Last day of the guarantee: Teapot “Brume”, Cup;, 2", date(2028, 11, 23), date(2028, 11, 24)),
    ]
    assert len({str(it["uid"]) for it in events}) == 4
    assert "EU law: Directive 2011/83/EU, Art. 9(2)(b)" in str(events[0]["description"])
    again = Calendar.from_ical((await alice.get("/orders/1001/rights.ics")).content).walk("VEVENT")
    assert [str(it["uid"]) for it in again] == [str(it["uid"]) for it in events]


async def test_a_strangers_order_does_not_exist(client: AsyncClient) -> None:
    await delivered()
    await builders.customer(BOB, "Bob")
    client.cookies.update(await builders.session(BOB))
    for path in ("/orders/1001/rights", "/orders/1001/rights.ics"):
        theirs, nobodys = await client.get(path), await client.get(path.replace("1001", "9999"))
        assert (theirs.status_code, nobodys.status_code) == (404, 404)
    with pytest.raises(Missing):
        await rights.of_order(await builders.customer(BOB, "Bob"), "1001")


@time_machine.travel(NOW, tick=False)
async def test_what_parcels_tell_of_an_order() -> None:
    """Through the tables: the last parcel, one on its way back, contents that nobody said."""
    later, two = CAME + timedelta(days=2), [line("1"), line("2")]
    await delivered(external_id="A", lines=two, shipments=[parcel("1"), parcel("2", id="2", came=later)])
    assert await until("withdrawal", "A") == [date(2026, 12, 9)] * 2
    assert await until("guarantee", "A") == [date(2028, 11, 23), date(2028, 11, 25)]
    await delivered(external_id="B", lines=two, shipments=[parcel("1")])
    assert await until("withdrawal", "B") == [None, None]
    assert await until("guarantee", "B") == [date(2028, 11, 23), None]
    await delivered(external_id="C", lines=two, shipments=[parcel(), parcel(id="2", came=later)])
    assert await until("withdrawal", "C") == [date(2026, 12, 9)] * 2
    await delivered(external_id="D", lines=two, shipments=[parcel("1"), parcel(id="2", came=None)])
    assert await until("withdrawal", "D") == [None, None]
    await delivered(external_id="E", shipments=[parcel("1", status="returned_to_sender")])
    assert await until("withdrawal", "E") == [None]
    refund = Refund(id="1", amount=4800, lines=[LineQuantity(line="1", quantity=1)])
    await delivered(external_id="F", lines=[line("1", quantity=2)], refunds=[refund])
    assert await until("withdrawal", "F") == [date(2026, 12, 7)]
    await delivered(external_id="G", shipments=[parcel("1"), parcel("1", id="2", came=later, state="cancelled")])
    assert await until("withdrawal", "G") == [date(2026, 12, 7)]
    await delivered(external_id="H", lines=[line(needs_shipping=False)], shipments=[])
    assert await until("withdrawal", "H") == [date(2026, 12, 4)]


@time_machine.travel(NOW, tick=False)
async def test_what_a_shop_has_closed_without_a_parcel_is_supposed_to_have_come_a_year_later() -> None:
    long_ago, closed = datetime(2024, 3, 1, 12, tzinfo=UTC), datetime(2024, 3, 4, 12, tzinfo=UTC)
    two = [line("1"), line("2")]
    await delivered(external_id="A", placed_at=long_ago, closed_at=closed, shipments=[])
    await delivered(external_id="B", placed_at=long_ago, closed_at=closed, lines=two, shipments=[parcel("1", came=closed)])
    await delivered(external_id="C", placed_at=long_ago, shipments=[])
    await delivered(external_id="D", placed_at=long_ago, closed_at=NOW - timedelta(days=300), shipments=[])
    assert await until("withdrawal", "A") == [date(2025, 3, 18)]
    assert await until("withdrawal", "B") == [date(2025, 3, 18)] * 2
    assert await until("guarantee", "B") == [date(2026, 3, 4), date(2027, 3, 4)]
    assert await until("withdrawal", "C") == await until("withdrawal", "D") == [None]
    found = await rights.of_order(await builders.customer(), "A")
    assert found.lines[0].right("withdrawal").notes == ("supposed",)
    assert not found.lines[0].right("cancellation").open


@time_machine.travel(NOW, tick=False)
async def test_a_parcel_that_is_late_can_be_claimed_before_the_thirty_days() -> None:
    yesterday = NOW - timedelta(days=1)
    await delivered(external_id="A", shipments=[parcel("1", came=None, estimated_from=yesterday, estimated_to=yesterday)])
    await delivered(external_id="B", shipments=[parcel("1", came=None, estimated_to=NOW + timedelta(days=90))])
    await delivered(external_id="C", shipments=[parcel("1", came=None)])
    await db.execute("UPDATE shipments SET overdue_at = {} WHERE id = (SELECT max(id) FROM shipments)", yesterday)
    found = [(await rights.of_order(await builders.customer(), it)).lines[0].right("delivery_claim") for it in "ABC"]
    assert [(it.open, it.from_day) for it in found] == [(True, None), (False, date(2026, 12, 21)), (True, None)]


@time_machine.travel(NOW, tick=False)
async def test_the_day_is_the_consumers_and_their_countrys_where_they_have_said_none() -> None:
    late = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    azores = Address(name="Alice Martin", street="Rua 1", postal_code="9500", city="Ponta Delgada", country="PT")
    await delivered(external_id="A", shipments=[parcel("1", came=late)])
    await delivered(external_id="B", shipments=[parcel("1", came=late)], shipping_address=azores)
    await delivered(external_id="C", shipments=[parcel("1", came=late)], shipping_address=None)
    zones = [(await rights.of_order(await builders.customer(), it)).bought.zone for it in "ABC"]
    assert zones == ["Europe/Paris", "Atlantic/Azores", "UTC"]
    assert [await until("withdrawal", it) for it in "AB"] == [[date(2026, 12, 8)], [date(2026, 12, 7)]]
    await builders.customer(time_zone="Pacific/Honolulu")
    assert (await rights.of_order(await builders.customer(), "A")).bought.zone == "Pacific/Honolulu"
    assert await until("withdrawal", "A") == [date(2026, 12, 7)]


async def claimed(order: Any, line_id: int, *, state: str, settled: datetime | None, wish: str = "repair") -> None:
    """A claim as its end leaves it."""
    claim = {
        "code": f"R-{next(NUMBERS):08}", "kind": "claim", "state": state, "customer": order["customer"],
        "merchant": order["merchant"], "order": order["id"], "created_at": NOW, "settled_at": settled,
    }  # fmt: skip
    (made,) = await db.insert("returns", [claim], "id")
    row = {
        "of_return": made["id"], "position": 0, "order": order["id"], "line": line_id, "title": "", "quantity": 1, "wish": wish,
    }  # fmt: skip
    await db.insert("return_lines", [row])


@time_machine.travel(NOW, tick=False)
async def test_a_repair_under_the_guarantee_prolongs_it_for_its_line(alice: AsyncClient) -> None:
    order = await delivered(lines=[line("1"), line("2"), line("3")], shipments=[parcel("1", "2", "3")])
    lines = await db.rows("SELECT id FROM order_lines ORDER BY position")
    await claimed(order, lines[0]["id"], state="open", settled=None)
    await claimed(order, lines[0]["id"], state="denied", settled=NOW)
    await claimed(order, lines[0]["id"], state="resolved", settled=NOW, wish="replacement")
    assert await until("guarantee") == [date(2028, 11, 23)] * 3
    await claimed(order, lines[1]["id"], state="closed", settled=NOW)
    await claimed(order, lines[1]["id"], state="resolved", settled=NOW + timedelta(days=1000))
    assert await until("guarantee") == [date(2028, 11, 23), date(2029, 11, 23), date(2028, 11, 23)]
    assert "They differ by item" in await said(alice, "/orders/1001")
    assert "Twelve months longer, because it was repaired" in await said(alice, "/orders/1001/rights")


@time_machine.travel(NOW, tick=False)
async def test_rights_of_another_moment() -> None:
    """A declaration counts when it was made."""
    await delivered()
    asked = [await rights.of_order(await builders.customer(), "1001", at=NOW + timedelta(days=it)) for it in (0, 10, 11)]
    assert [it.lines[0].right("withdrawal").open for it in asked] == [True, True, False]


@pytest.mark.parametrize(("setting", "country", "is_open"), [("eu", "US", False), ("on", "US", True), ("off", "FR", False)])
async def test_the_operators_setting_counts_where_the_merchant_says_nothing(
    monkeypatch: pytest.MonkeyPatch, setting: str, country: str, is_open: bool
) -> None:
    monkeypatch.setattr(ordered, "WITHDRAWING", setting)
    with time_machine.travel(NOW, tick=False):
        await delivered(shipping_address=Address(name="Alice", street="1 Main St", city="Springfield", country=country))
        found = await rights.of_order(await builders.customer(), "1001")
        assert found.lines[0].right("withdrawal").open is is_open
        await rules.save(await builders.merchant(), Rules(withdrawal="on"), by=None)
        found = await rights.of_order(await builders.customer(), "1001")
        assert found.lines[0].right("withdrawal").open
        assert found.version > 0
