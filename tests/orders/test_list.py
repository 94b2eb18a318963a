"""The order list: everything in it once, nothing of anybody else, filters that mean what they say."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from httpx import AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import db, reading
from app.ingest import actions as ingest
from app.ingest.snapshot import Person, Shipment
from app.orders import lists, searching
from app.orders.filters import Filter
from app.shipments import adding
from tests import builders
from tests.builders import ALICE, BOB, NIA, line, snapshot

START = datetime(2026, 11, 1, 12, tzinfo=UTC)


async def numbers(customer: int, asked: Filter | None = None, zone: str = "UTC") -> list[list[str]]:
    """The numbers on every page, page by page, following the cursor to the end."""
    pages, before = [], ""
    while True:
        found, before = await lists.page_of(customer, asked or Filter(), before, zone)
        pages.append([lists.read(row).number for row in found])
        if not before:
            return pages


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.integers(0, 6), max_size=75))
async def test_the_pages_hold_every_order_once_newest_first(minutes: list[int]) -> None:
    """Many orders share an instant: the id decides, so none is twice and none is missing."""
    async with db.transaction():
        await db.execute("DELETE FROM orders")
        customer = await builders.customer()
    made = [snapshot(f"{n}", placed_at=START + timedelta(minutes=minute)) for n, minute in enumerate(minutes)]
    await ingest.record_all(made)
    pages = await numbers(customer)
    flat = [number for found in pages for number in found]
    assert sorted(flat) == sorted(order.number for order in made)
    at = {order.number: order.placed_at for order in made}
    assert [at[number] for number in flat] == sorted(at.values(), reverse=True)
    assert all(len(found) == lists.PAGE for found in pages[:-1])


@given(st.datetimes(datetime(1970, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC)), st.integers(0, 2**31 - 1))
def test_a_cursor_leads_back_to_the_very_instant(at: datetime, number: int) -> None:
    assert reading.read_cursor(reading.cursor(at, number)) == (at, number)


@given(st.text(max_size=50))
def test_no_cursor_breaks_anything(text: str) -> None:
    found = reading.read_cursor(text)
    assert found is None or isinstance(found[1], int)


async def test_nobody_sees_anothers_orders(alice: AsyncClient) -> None:
    await builders.order("A-11")
    await builders.order("Z-99", customer=Person(email=BOB))
    text = (await alice.get("/orders")).text
    assert "A-11" in text
    assert "Z-99" not in text


@pytest.mark.parametrize("words", [
    "1Z5R89390357567127", "1z5r89390357567127", " 1Z 5R8 939 03 5756 7127 ", "1Z5R-8939-0357", "1Z5R", "6A12", "6A 12-34",
    "９Ａ１２",
])  # fmt: skip
async def test_an_order_is_found_by_the_number_of_a_parcel(words: str) -> None:
    customer = await builders.customer()
    await builders.order("A-77", shipments=[
        Shipment(id="1", tracking_number="1Z5R89390357567127"), Shipment(id="2", tracking_number="6a 12-34"),
    ])  # fmt: skip
    await builders.order("B-78", shipments=[
        Shipment(id="1", tracking_number="9A1234"), Shipment(id="2", tracking_number="6A1234", state="cancelled"),
    ])  # fmt: skip
    assert await numbers(customer, Filter(q=words)) == [["B-78" if words == "９Ａ１２" else "A-77"]]


@pytest.mark.parametrize("words", ["5R89390357567127", "1Z5", "1Z5R893903575671279", "1Z__", "%%%%", "1Z5R scarf"])
async def test_the_middle_or_too_little_of_a_number_finds_nothing(words: str) -> None:
    await builders.order("A-77", shipments=[Shipment(id="1", tracking_number="1Z5R89390357567127")])
    assert await numbers(await builders.customer(), Filter(q=words)) == [[]]


def test_words_are_not_looked_for_among_the_numbers_of_parcels() -> None:
    assert searching.BY_NUMBER not in searching.condition("teapot")[0]
    assert searching.BY_NUMBER in searching.condition("1Z5R")[0]


async def test_a_number_finds_what_a_program_has_added_and_nothing_of_bobs() -> None:
    alice, bob = await builders.customer(), await builders.customer(builders.BOB, "Bob")
    order = await builders.order("A-77")
    await adding.add(order["merchant"], "A-77", "6A99887766554", [])
    assert await numbers(alice, Filter(q="6A998877")) == [["A-77"]]
    assert await numbers(bob, Filter(q="6A998877")) == [[]]


async def test_searching_ignores_case_and_accents_and_finds_titles_skus_numbers_and_sellers() -> None:
    customer = await builders.customer()
    await builders.order("A-77", lines=[line(title="Théière en grès", sku="BRU-9", seller="Bücher Müller")])
    await builders.order("B-78", lines=[line(title="100% wool_scarf")])
    for words in ("theiere", "GRÈS", "bru-9", "a-77", "bucher", "theiere muller", "atelier mo grès"):
        assert await numbers(customer, Filter(q=words)) == [["A-77"]], words
    assert await numbers(customer, Filter(q="100%")) == [["B-78"]]
    assert await numbers(customer, Filter(q="l_s")) == [["B-78"]]
    assert await numbers(customer, Filter(q="%")) == [["B-78"]]
    assert await numbers(customer, Filter(q="theiere scarf")) == [[]]


async def test_a_year_begins_when_it_does_for_the_person() -> None:
    customer = await builders.customer()
    await builders.order("late", placed_at=datetime(2025, 12, 31, 23, 30, tzinfo=UTC))
    assert await numbers(customer, Filter(period="2025"), "UTC") == [["late"]]
    assert await numbers(customer, Filter(period="2026"), "Europe/Paris") == [["late"]]
    assert await numbers(customer, Filter(period="2025"), "Europe/Paris") == [[]]


async def test_recent_days_are_counted_from_today() -> None:
    customer = await builders.customer()
    await builders.order("old", placed_at=START - timedelta(days=40))
    await builders.order("new", placed_at=START)
    with time_machine.travel(START + timedelta(days=1), tick=False):
        assert await numbers(customer, Filter(period="30days")) == [["new"]]
        assert await numbers(customer, Filter(period="3months")) == [["new", "old"]]


async def test_states_and_merchants_narrow_the_list(alice: AsyncClient) -> None:
    await builders.order("1")
    await builders.order("2", merchant=NIA, cancelled_at=START)
    customer = await builders.customer()
    assert await numbers(customer, Filter(state="cancelled")) == [["2"]]
    assert await numbers(customer, Filter(merchant=NIA)) == [["2"]]
    assert await numbers(customer, Filter(merchant=NIA, state="preparing")) == [[]]
    page = (await alice.get("/orders?merchant=nia-audio&state=cancelled")).text
    assert "Nia Audio" in page


async def test_archived_orders_are_apart() -> None:
    customer = await builders.customer()
    await builders.order("1")
    await builders.order("2")
    await db.execute("UPDATE orders SET archived = {} WHERE number = {}", True, "2")
    assert await numbers(customer) == [["1"]]
    assert await numbers(customer, Filter(archived="yes")) == [["2"]]


async def test_nonsense_in_the_address_is_ignored(alice: AsyncClient) -> None:
    await builders.order("1001")
    for query in (
        "period=0000",
        "period=20266",
        "state=lost",
        "before=x-y",
        "before=9999999999999999999999-1",
        "archived=maybe",
        "q=%00",
    ):
        answer = await alice.get(f"/orders?{query}")
        assert answer.status_code == 200, query
        assert "1001" in answer.text, query


async def test_a_fragment_is_asked_for_by_type_and_has_no_shell(alice: AsyncClient) -> None:
    await builders.order()
    whole = await alice.get("/orders")
    part = await alice.get("/orders", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    full = await alice.get("/orders", headers={"HX-Request": "true", "HX-Request-Type": "full"})
    assert "<html" in whole.text
    assert "<html" not in part.text
    assert full.text == whole.text
    assert whole.headers["etag"] == full.headers["etag"] != part.headers["etag"]
    assert "HX-Request-Type" in whole.headers["vary"]


async def test_older_appends_only_the_next_cards(alice: AsyncClient) -> None:
    await ingest.record_all([snapshot(f"N{n:02}", placed_at=START + timedelta(minutes=n)) for n in range(25)])
    first = await alice.get("/orders")
    assert "N24" in first.text
    assert "N04" not in first.text
    older = first.text.split('id="older"><a class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    plain = await alice.get(older)
    part = await alice.get(older, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    for answer in (plain, part):
        assert "N04" in answer.text
        assert "N24" not in answer.text
    assert 'role="search"' in plain.text
    assert 'role="search"' not in part.text


async def test_an_unchanged_page_is_not_made_again(alice: AsyncClient) -> None:
    await builders.order()
    first = await alice.get("/orders")
    again = await alice.get("/orders", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await builders.order("1002")
    changed = await alice.get("/orders", headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert "1002" in changed.text


async def test_tomorrow_the_page_is_another_one(alice: AsyncClient) -> None:
    await builders.order()
    first = await alice.get("/orders")
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1), tick=False):
        again = await alice.get("/orders", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 200


async def test_without_orders_the_page_says_so(client: AsyncClient) -> None:
    client.cookies.update(await builders.session(ALICE))
    answer = await client.get("/orders")
    assert "No orders yet" in answer.text


async def test_back_finds_the_list_as_long_as_it_had_grown(alice: AsyncClient) -> None:
    await ingest.record_all([snapshot(f"N{n:02}", placed_at=START + timedelta(minutes=n)) for n in range(45)])
    first = await alice.get("/orders")
    assert 'hx-replace-url="/orders?shown=40"' in first.text
    grown = await alice.get("/orders?shown=40")
    assert grown.text.count('class="card order-card') == 40
    assert 'hx-replace-url="/orders?shown=60"' in grown.text
    too_long = await alice.get("/orders?shown=99999")
    assert too_long.text.count('class="card order-card') == 45


async def test_a_month_is_named_once_also_where_older_orders_are_put_behind(alice: AsyncClient) -> None:
    await ingest.record_all([snapshot(f"N{n:02}", placed_at=START + timedelta(minutes=n)) for n in range(25)])
    first = await alice.get("/orders")
    older = first.text.split('hx-get="')[-1].split('"')[0].replace("&amp;", "&")
    part = await alice.get(older, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert first.text.count("November 2026</h2>") == 1
    assert "November 2026</h2>" not in part.text


@time_machine.travel(START, tick=False)
async def test_a_card_that_is_kept_changes_with_the_day_the_zone_and_the_order(alice: AsyncClient) -> None:
    due = datetime(2026, 11, 3, 23, 30, tzinfo=UTC)
    parcel = Shipment(id="p1", carrier="DHL", status="in_transit", shipped_at=START, estimated_to=due)
    row = await builders.order(placed_at=START - timedelta(hours=1), shipments=[parcel])
    assert "Arrives Tuesday 3 Nov" in (await alice.get("/orders")).text
    with time_machine.travel(START + timedelta(days=1), tick=False):
        assert "Arrives tomorrow" in (await alice.get("/orders")).text
        await db.execute("UPDATE customers SET time_zone = {}, revision = revision + 1", "Europe/Paris")
        assert "Arrives Wednesday 4 Nov" in (await alice.get("/orders")).text
        await db.execute("UPDATE orders SET carrier_status = {} WHERE id = {}", "delayed", row["id"])
        assert "Later than planned" in (await alice.get("/orders")).text
    await db.execute("UPDATE merchants SET name = {}", "Mo & Cie")
    assert "Mo &amp; Cie" in (await alice.get("/orders")).text
