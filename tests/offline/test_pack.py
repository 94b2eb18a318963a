"""The pack: all of it in one answer, after that only what has changed; nobody else's, and nothing by which it could fail."""

import asyncio
from base64 import urlsafe_b64encode
from datetime import timedelta
from typing import Any

import msgspec
import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.accounts import customers
from app.i18n import Voice
from app.ingest import actions as ingest
from app.ingest.snapshot import Person
from app.merchants import names
from app.offline import choosing, cursors, guard, making
from app.orders import actions
from app.orders import pages as order_pages
from app.returns.lists import PAGE
from app.shipments import arrivals_pages
from app.shipments.actions import take
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.web.limits import Buckets
from tests import builders
from tests.builders import ALICE, BOB, NIA
from tests.offline.phone import Phone, addresses, facts_of
from tests.offline.steps import order
from tests.shipments.parcels import shipment

PAGES = ["/orders", "/arrivals", "/notifications", "/account", "/account/notifications", "/returns", "/inbox"]


@pytest.fixture
def phone(alice: AsyncClient) -> Phone:
    return Phone(alice)


async def test_the_first_answer_is_the_whole(phone: Phone) -> None:
    await order(1, 2)
    await order(2, 1, merchant=NIA, shipments=[shipment(tracking_number="1Z 5R8-9")])
    await actions.put_away(await builders.customer(), "1", archived=True)
    told = await phone.ask()
    assert told[0]["whole"]
    assert told[-1] == {"end": True}
    assert addresses(told) == [*PAGES, "/orders/2", "/orders/1"]
    assert phone.headers["content-type"] == "application/x-ndjson; charset=utf-8"
    assert phone.headers["cache-control"] == "no-store"
    assert phone.headers["x-viewer"] == told[0]["viewer"]
    second, first = facts_of(told)
    assert (first["state"], first["merchant"], first["archived"]) == ("preparing", "atelier-mo", True)
    assert (second["state"], second["merchant"], second["numbers"]) == ("on_the_way", "nia-audio", ["1Z5R89"])
    assert "teapot" in second["words"]
    assert second["placed"].endswith("+00:00")
    assert told[0]["words"]["count"] == {"one": "{num} order", "other": "{num} orders"}


async def test_pages_are_the_very_pages_in_a_frame_of_their_own(phone: Phone, alice: AsyncClient) -> None:
    await order(1, 1, shipments=[shipment()])
    await phone.ask()
    for address in [*PAGES[1:], "/orders/1"]:
        page, kept = (await alice.get(address)).text, phone.pages[address]
        _before, _main, rest = page.partition('<main id="main"')
        assert kept.startswith("<title>"), address
        inside = rest[rest.index(">") + 1 : rest.index("</main>")].partition('<script type="application/ld+json">')[0]
        assert kept.partition("hx-history-elt>")[2] == f"{inside}</main>", address
        assert "ld+json" not in kept
        assert "<header" not in kept.partition("<main")[0]
    assert phone.pages[""].count("<main") == 1
    assert '<nav class="tabs"' in phone.pages[""]
    assert "order-card" in phone.orders["/orders/1"]["card"]


async def test_the_frame_leads_to_a_desk_without_a_number_that_would_grow_old(phone: Phone) -> None:
    await phone.ask()
    assert "/desk" not in phone.pages[""]
    await builders.member(builders.ALICE)
    await db.execute("UPDATE customers SET desks = {}, revision = revision + 1", '{"x":3}')
    await phone.ask()
    assert phone.pages[""].count('<desk-count of="" hidden>') == 3
    kept = phone.pages[""]
    await db.execute("UPDATE customers SET desks = {}, revision = revision + 1", '{"x":4}')
    await phone.ask()
    assert phone.pages[""] == kept


@pytest.mark.parametrize("encoding", ["br", "gzip", ""])
async def test_it_comes_as_the_browser_can_read_it(phone: Phone, encoding: str) -> None:
    for n in range(12):
        await order(n, n)
    told, size = await phone.asked(encoding)
    assert len(facts_of(told)) == 12
    if encoding == "br":  # what pages have in common is sent once
        assert size < 15_000


async def test_when_nothing_has_changed_nothing_is_sent(phone: Phone) -> None:
    await order(1, 1, shipments=[shipment()])
    await phone.ask()
    told = await phone.ask()
    assert [list(line) for line in told[1:]] == [["end"]]
    assert not told[0]["whole"]


async def test_of_what_has_changed_only_that_is_sent(phone: Phone) -> None:
    for n in range(3):
        await order(n, n, shipments=[shipment(str(n + 1))])
    await phone.ask()
    await actions.put_away(await builders.customer(), "1", archived=True)
    told = await phone.ask()
    assert addresses(told) == ["/orders/1"]
    assert facts_of(told)[0]["archived"]
    scan = ScanSnapshot(at=clock.now(), status="out_for_delivery")
    news = TrackingSnapshot(source="test", tracking_number="6A00000000003", scans=[scan])
    await take(await builders.merchant(), news)
    told = await phone.ask()
    assert addresses(told) == ["/arrivals", "/orders/2"]
    assert any(isinstance(part, list) for part in told[1]["parts"])  # of the other two parcels it has all
    await order(7, 0)
    assert addresses(await phone.ask()) == ["/orders/7"]
    assert list(phone.orders) == ["/orders/7", "/orders/0", "/orders/1", "/orders/2"]


async def test_the_newest_hundred_are_kept(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "MOST", 3)
    for n in range(5):
        await order(n, n)
    told = await phone.ask()
    assert addresses(told)[len(PAGES) :] == ["/orders/0", "/orders/1", "/orders/2"]
    assert "Only your newest" in phone.pages["/orders"]
    await order(9, 0)
    await phone.ask()
    assert list(phone.orders) == ["/orders/9", "/orders/0", "/orders/1"]


async def test_tomorrow_what_is_under_way_says_something_else(phone: Phone) -> None:
    await order(1, 300)
    await order(2, 200, shipments=[shipment(status="delivered", delivered_at=clock.now() - timedelta(days=190))])
    await order(3, 2, shipments=[shipment("2", estimated_to=clock.now() + timedelta(days=1))])
    await order(4, 9, shipments=[shipment("3", status="delivered", delivered_at=clock.now())])
    await phone.ask()
    with time_machine.travel(clock.now() + timedelta(days=1)):
        told = await phone.ask()
    assert not told[0]["whole"]
    assert [url for url in addresses(told) if url.startswith("/orders/")] == ["/orders/3", "/orders/4"]


async def test_in_another_year_all_is_said_anew() -> None:
    """Dates of the one before are written with it then."""
    async with builders.signed_in(await builders.customer()) as viewer:
        with time_machine.travel("2026-12-31T12:00Z"):
            before = cursors.ground(viewer, Voice("en"), "")
        with time_machine.travel("2027-01-01T12:00Z"):
            assert cursors.ground(viewer, Voice("en"), "") != before


@pytest.mark.parametrize("change", [{"locale": "fr"}, {"time_zone": "Asia/Tokyo"}])
async def test_in_other_words_or_another_zone_it_is_another_pack(phone: Phone, change: dict[str, str]) -> None:
    await order(1, 1)
    await phone.ask()
    await builders.customer(**change)
    assert (await phone.ask())[0]["whole"]


async def test_an_order_that_went_to_somebody_else_is_missed(phone: Phone) -> None:
    """The phone finds that it has another set of orders than it should, and asks for everything."""
    await order(1, 2)
    await order(2, 1)
    await phone.ask()
    await builders.customer(BOB)
    await order(1, 2, customer=Person(email=BOB, name="Bob"))
    with pytest.raises(AssertionError):
        await phone.ask()
    phone.cursor = ""
    await phone.ask()
    assert list(phone.orders) == ["/orders/2"]


async def test_nothing_of_anybody_else_is_in_it(phone: Phone) -> None:
    await order(1, 1)
    await order(2, 1, customer=Person(email=BOB, name="Bob"), gift_message="for nobody but Bob")
    await phone.ask()
    bobs = Phone(phone.browser)
    bobs.browser.cookies.update(await builders.session(BOB))
    bobs.cursor = phone.cursor
    told = await bobs.ask()
    assert told[0]["whole"]  # a cursor of hers is none of his
    assert list(bobs.orders) == ["/orders/2"]
    assert list(phone.orders) == ["/orders/1"]
    assert "nobody but Bob" not in repr((phone.pages, phone.orders))
    assert ALICE not in repr((bobs.pages, bobs.orders))


def forged(value: object) -> str:
    return urlsafe_b64encode(msgspec.msgpack.encode(value)).decode()


async def test_after_a_return_to_a_backup_the_whole_is_told(phone: Phone) -> None:
    """Its revisions are behind those that phones know of: what changes next would be no news to them."""
    told, _size = await phone.asked()
    await db.execute("UPDATE customers SET revision = revision - 1")
    again, _size = await phone.asked(cursor=told[0]["cursor"])
    assert again[0]["whole"]


@pytest.mark.parametrize(
    "cursor",
    ["x", "é", "====", "\0", "A" * 9_000, forged([b"", 1, 1, []]), forged([b"x" * 8, 2**63, -1, [b"1"] * 6]), forged({"a": 1}),
     forged([[[[[]]]]]), urlsafe_b64encode(b"\x91" * 3_000).decode()],
)  # fmt: skip
async def test_what_is_no_cursor_gets_the_whole(phone: Phone, cursor: str) -> None:
    await order(1, 1)
    told, _size = await phone.asked(cursor=cursor, resume=cursor, after="/orders/1")
    assert told[0]["whole"]
    assert addresses(told) == [*PAGES, "/orders/1"]


async def test_an_answer_that_was_cut_off_is_taken_up_behind_what_was_kept(phone: Phone) -> None:
    for n in range(4):
        await order(n, n)
    told, _size = await phone.asked()
    cursor = told[0]["cursor"]
    rest, _size = await phone.asked(resume=cursor, after="/orders/1")
    assert addresses(rest) == ["/orders/2", "/orders/3"]
    assert rest[-1] == {"end": True}
    rest, _size = await phone.asked(resume=cursor, after="/account")
    assert addresses(rest)[0] == "/account/notifications"
    rest, _size = await phone.asked(resume=cursor, after="/elsewhere")
    assert len(addresses(rest)) == len(PAGES) + 4
    await customers.raise_revision(await builders.customer())  # another answer by now
    rest, _size = await phone.asked(resume=cursor, after="/orders/1")
    assert len(addresses(rest)) == len(PAGES) + 4


async def test_no_name_is_taken_for_a_place_in_the_list(phone: Phone) -> None:
    """service_worker/orders.js puts the cards where that comment is."""
    await order(1, 1)
    await db.execute("UPDATE merchants SET name = {}", "[[CARDS]]<!--CARDS-->")
    names.known.clear()
    await phone.ask()
    assert "[[CARDS]]" in phone.pages["/orders"]
    assert phone.pages["/orders"].count("<!--CARDS-->") == 1
    assert phone.pages["/orders"].count("<!--Q-->") == 1


async def test_without_orders_there_is_a_pack_too(phone: Phone) -> None:
    told = await phone.ask()
    assert addresses(told) == PAGES
    assert "No orders yet" in phone.pages["/orders"]


async def test_an_order_of_a_thousand_lines_is_kept_as_its_card(phone: Phone) -> None:
    lines = [builders.line(str(n), title=f"Bead {n} of glass", variant="In a colour with a long name") for n in range(1_114)]
    await order(1, 1, lines=lines)
    await phone.ask()
    assert "too long to be kept" in phone.pages["/orders/1"]
    assert "order-card" in phone.pages["/orders/1"]
    assert len(phone.pages["/orders/1"]) < 5_000


async def test_reading_it_marks_nothing(phone: Phone) -> None:
    await order(1, 1, shipments=[shipment()])
    at, event = clock.now(), await db.one("SELECT id FROM events LIMIT 1")
    assert event
    row = {
        "customer": await builders.customer(), "event": event["id"], "topic": "orders", "kind": "order_placed", "order": None,
        "url": "/orders/1", "data": "{}", "at": at, "created_at": at, "read_at": None, "shown": True,
    }  # fmt: skip
    await db.insert("notifications", [row])
    before = await everything()
    await phone.ask()
    assert await everything() == before


async def everything() -> list[object]:
    tables = ("customers", "sessions", "notifications", "events", "orders")
    return [[dict(row) for row in await db.rows(f"SELECT * FROM {table} ORDER BY id")] for table in tables]


async def test_a_session_that_ends_in_the_middle_ends_the_answer_without_its_last_line(
    phone: Phone, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(3):
        await order(n, n)
    numbers = choosing.numbers

    async def then(customer: int, orders: list[int]) -> dict[int, list[str]]:
        await db.execute("DELETE FROM sessions")
        return await numbers(customer, orders)

    monkeypatch.setattr(choosing, "numbers", then)
    told, _size = await phone.asked()
    assert addresses(told) == PAGES
    assert told[-1] != {"end": True}


async def test_what_cannot_be_drawn_is_left_out_and_the_rest_is_told(
    phone: Phone, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for n in range(3):
        await order(n, n)
    sheet = order_pages.sheet

    def broken(kept: Any, *more: Any) -> Any:
        return 1 / 0 if kept.order.number == "1" else sheet(kept, *more)

    with monkeypatch.context() as patch:
        patch.setattr(order_pages, "sheet", broken)
        patch.setattr(arrivals_pages.arrival_cards, "headings", broken)
        told = await phone.ask()
    assert addresses(told) == [*PAGES, "/orders/0", "/orders/1", "/orders/2"]
    assert told[-1] == {"end": True}
    assert "With a connection you see it." in phone.pages["/arrivals"]
    assert "With a connection you see it." in phone.pages["/orders/1"]
    assert "order-card" in phone.orders["/orders/1"]["card"]
    assert "a page is left out of the pack: /orders/1 answers 500" in caplog.text
    await order(9, 0)
    assert addresses(await phone.ask()) == ["/arrivals", "/orders/9"]  # told by another one than that


async def test_a_session_is_told_one_pack_at_a_time_and_so_many_at_once(
    phone: Phone, alice: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, goes_on, newest = asyncio.Event(), asyncio.Event(), choosing.newest

    async def slow(customer: int) -> list[choosing.Keeping]:
        begun.set()
        await goes_on.wait()
        return await newest(customer)

    monkeypatch.setattr(choosing, "newest", slow)
    first = asyncio.create_task(phone.asked())
    await begun.wait()
    refused = await alice.get("/offline/pack")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "3")
    alice.cookies.update(await builders.session(ALICE))
    monkeypatch.setattr(guard, "AT_ONCE", 1)
    assert (await alice.get("/offline/pack")).status_code == 429, "from another device"
    goes_on.set()
    told, _size = await first
    assert told[-1] == {"end": True}
    assert (await alice.get("/offline/pack")).status_code == 200


async def test_who_asks_all_the_time_is_told_to_wait(phone: Phone, alice: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "buckets", Buckets(rate=0.1, burst=2))
    for _ in range(2):
        await phone.ask()
    refused = await alice.get("/offline/pack")
    assert (refused.status_code, refused.headers["retry-after"]) == (429, "10")


async def test_a_device_that_has_room_for_fewer_gets_those(phone: Phone) -> None:
    for n in range(5):
        await order(n, n)
    told = await phone.ask(most="3")
    assert addresses(told)[len(PAGES) :] == ["/orders/0", "/orders/1", "/orders/2"]
    assert "Only your newest 3 orders are kept" in phone.pages["/orders"]
    await order(9, 0)
    assert addresses(await phone.ask(most="3")) == ["/orders/9"]
    assert list(phone.orders) == ["/orders/9", "/orders/0", "/orders/1"]
    assert len(facts_of((await phone.asked(most="-1"))[0])) == 0
    phone.cursor = ""
    assert len(facts_of((await phone.asked(most="1000"))[0])) == 6


def test_a_cursor_is_read_however_long_the_lists_are() -> None:
    page = b"<li >" * 5_000
    marks = [making._mark(address, page) for address in ("", *making.IN_BLOCKS, *PAGES)]
    assert len(marks[1]) < 10
    longest = [making._mark("/arrivals", b"<li >" * making.MOST_BLOCKS)] * 3 + [making._mark("/returns", b"<article" * 40)]
    written = cursors.written(cursors.Cursor(b"x" * 8, 2**31, 800_000, longest + marks[:3], b"12345678" * PAGE))
    assert 2 * len(written) < 7_000 < 8_000  # a line that nginx takes
    assert cursors.read(written, b"x" * 8, 7, 2**31) is not None


async def test_who_is_not_signed_in_gets_none(client: AsyncClient) -> None:
    answer = await client.get("/offline/pack")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/offline/pack")


async def test_a_long_history_is_asked_for_no_more_than_its_newest(phone: Phone) -> None:
    made = [builders.snapshot(str(n), placed_at=clock.now() - timedelta(days=n)) for n in range(1_500)]
    await builders.merchant()
    await ingest.record_all(made)
    told = await phone.ask()
    assert len(facts_of(told)) == 100
    assert addresses(told)[len(PAGES)] == "/orders/0"
