"""A customer's history to take away: all of it, only theirs, and harmless in a spreadsheet."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import httpx
import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from litestar import Litestar, Router

from app import clock, db
from app.accounts import guard
from app.ingest import actions, export, kept, pages
from app.ingest.export_rows import HEADER
from app.ingest.snapshot import Fee, OrderSnapshot, Person, Refund, Shipment
from app.spreadsheets import csv_text
from app.web import caching, errors
from app.web.security import SafeRequests
from tests import builders
from tests.builders import ALICE, BOB, MO, NIA, line, snapshot

FORMULAS = ("=1+1", "+1", "-1+1", "@SUM(1)", "\tx", "\rx", "\n=1", "  =1", "＝1", '=HYPERLINK("https://evil.example","x")')


@pytest.fixture
async def laptop() -> AsyncIterator[httpx.AsyncClient]:
    own = Router("/", route_handlers=pages.CUSTOMER, guards=[guard.signed_in], before_request=caching.unchanged)
    app = SafeRequests(Litestar([own], exception_handlers=errors.HANDLERS, logging_config=None, openapi_config=None))
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://localhost:8000") as client:
        client.cookies.update(await builders.session())
        yield client


async def alice(zone: str = "") -> Any:
    return SimpleNamespace(id=await builders.customer(ALICE, time_zone=zone), email=ALICE, name="Alice Martin", time_zone=zone)


async def whole(parts: AsyncIterator[bytes]) -> bytes:
    return b"".join([part async for part in parts])


async def table(person: Any, year: int | None = None) -> list[dict[str, str]]:
    text = (await whole(export.as_csv(person, year))).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


async def numbers(person: Any, year: int | None = None) -> list[str]:
    found = msgspec.json.decode(await whole(export.as_json(person, year)))
    return [order["number"] for order in found["orders"]]


async def test_json_holds_every_order_as_it_is_kept_newest_first() -> None:
    first, second = snapshot("1"), snapshot("2", placed_at=datetime(2026, 11, 3, tzinfo=UTC), merchant=NIA)
    await actions.record_all([first, second])
    found = msgspec.json.decode(await whole(export.as_json(await alice())))
    assert {name: found[name] for name in ("format", "version", "customer")} == {
        "format": "comptoir-orders", "version": 1, "customer": {"email": ALICE, "name": "Alice Martin"},
    }  # fmt: skip
    assert abs(datetime.fromisoformat(found["exported_at"]) - clock.now()) < timedelta(minutes=1)
    assert msgspec.convert(found["orders"], list[OrderSnapshot]) == [second, first]


async def test_archived_orders_are_part_of_it() -> None:
    await builders.order("1")
    await db.execute("UPDATE orders SET archived = {}", True)
    assert await numbers(await alice()) == ["1"]
    assert [row["archived"] for row in await table(await alice())] == ["yes"]


async def test_json_says_which_are_archived_and_who_the_merchants_are() -> None:
    about = {
        "website": "https://mo.example", "email": "mo@mo.example", "country": "FR", "vat_id": "FR1", "address": "1 quai\nLyon",
        "legal": "SARL", "time_zone": "Europe/Paris",
    }  # fmt: skip
    await builders.merchant(MO, "Atelier Mo", **about)
    await builders.merchant("other-shop", "Of no order of hers")
    await actions.record_all([snapshot("1"), snapshot("2"), snapshot("3", merchant=NIA, customer=Person(email=BOB))])
    await db.execute("UPDATE orders SET archived = {} WHERE external_id = '2'", True)
    found = msgspec.json.decode(await whole(export.as_json(await alice())))
    assert list(found) == ["format", "version", "exported_at", "customer", "merchants", "orders"]
    assert found["merchants"] == {MO: {"name": "Atelier Mo", **about}}
    assert {order["external_id"]: order.get("archived") for order in found["orders"]} == {"1": None, "2": True}


async def test_only_ones_own_orders_are_in_it(laptop: httpx.AsyncClient) -> None:
    await actions.record_all([snapshot("1"), snapshot("2", customer=Person(email=BOB))])
    for ending in ("csv", "json"):
        body = (await laptop.get(f"/orders/export.{ending}")).text
        assert "Teapot" in body
        assert BOB not in body
    assert await numbers(await alice()) == ["1"]


async def test_an_order_that_goes_to_somebody_else_meanwhile_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    await actions.record_all([snapshot("1"), snapshot("2")])
    read = kept.snapshots

    async def after_the_move(ids: Any) -> Any:
        monkeypatch.setattr(kept, "snapshots", read)
        await actions.record(snapshot("2", customer=Person(email=BOB), note="Bob's"))
        return await read(ids)

    monkeypatch.setattr(kept, "snapshots", after_the_move)
    assert await numbers(await alice()) == ["1"]


async def test_years_are_those_of_the_customers_own_calendar() -> None:
    midnight = datetime(2026, 12, 31, 23, 30, tzinfo=UTC)  # in Paris the new year has begun
    await actions.record_all([snapshot("old", placed_at=midnight - timedelta(hours=2)), snapshot("new", placed_at=midnight)])
    assert await numbers(await alice("Europe/Paris"), 2027) == ["new"]
    assert await numbers(await alice("Europe/Paris"), 2026) == ["old"]
    assert await numbers(await alice(), 2026) == ["new", "old"]
    assert await numbers(await alice(), 2027) == []


async def test_orders_come_in_batches_none_twice_and_none_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2026, 11, 2, tzinfo=UTC)  # several at one instant
    await actions.record_all([snapshot(str(n), placed_at=at + timedelta(hours=n // 4)) for n in range(23)])
    sizes, read = [], kept.snapshots

    async def counted(ids: Any) -> Any:
        sizes.append(len(ids))
        return await read(ids)

    monkeypatch.setattr(export, "BATCH", 5)
    monkeypatch.setattr(kept, "snapshots", counted)
    found = await numbers(await alice())
    assert sorted(found, key=int) == [str(n) for n in range(23)]
    assert found == sorted(found, key=lambda number: (int(number) // 4, int(number)), reverse=True)
    assert sizes == [5, 5, 5, 5, 3]


async def test_the_next_batch_is_read_when_the_one_before_was_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    await actions.record_all([snapshot(str(n)) for n in range(6)])
    reads, scan = [], db.scan

    async def watched(sql: str, *args: Any) -> Any:
        reads.append(sql)
        return await scan(sql, *args)

    monkeypatch.setattr(export, "BATCH", 2)
    monkeypatch.setattr(db, "scan", watched)
    parts = export.as_json(await alice())
    pages_read = []
    async for _part in parts:
        pages_read.append(reads.count(export.PAGE))
    assert pages_read == [0, 1, 2, 3, 4]


async def test_csv_has_a_row_a_line_with_decimal_amounts_days_and_the_orders_columns_repeated() -> None:
    await builders.merchant(MO, "Atelier Mo")
    lines = [
        line("a", quantity=2, unit_price=1250, discount=50, cancelled_quantity=1, variant="Red, matt", seller="Lac"),
        line("b", title='Cup "Brume"\nof two', total=-4800, unit_price=-4800),
    ]
    sent = Shipment(id="p", carrier="DHL", tracking_number="0034", delivered_at=datetime(2026, 11, 4, 23, 30, tzinfo=UTC))
    refund = Refund(id="r", amount=500)
    await actions.record(
        snapshot(lines=lines, shipments=[sent], refunds=[refund], fees=[Fee(label="Wrap", amount=5)], discount=10)
    )
    rows = await table(await alice("Europe/Paris"))
    assert list(rows[0]) == list(HEADER)
    assert [row["line"] for row in rows] == ["1", "2"]
    first, second = rows
    expected = {
        "order_number": "1001", "merchant": "Atelier Mo", "placed_on": "2026-11-02", "currency": "EUR", "shipping": "4.90",
        "order_discount": "0.10", "fees": "0.05", "refunded": "5.00", "delivered_on": "2026-11-05", "carriers": "DHL",
        "tracking_numbers": "0034", "title": "Teapot “Brume”", "variant": "Red, matt", "quantity": "2",
        "cancelled_quantity": "1", "unit_price": "12.50", "line_discount": "0.50", "line_total": "24.50", "seller": "Lac",
        "state": "open", "payment": "paid", "cancelled_on": "", "prices_include_tax": "yes", "source": "test",
    }  # fmt: skip
    assert {name: first[name] for name in expected} == expected
    assert (second["title"], second["line_total"], second["order_total"]) == ('Cup "Brume"\nof two', "-48.00", "-18.65")


@pytest.mark.parametrize(("currency", "total"), [("JPY", "5290"), ("EUR", "52.90"), ("KWD", "5.290")])
async def test_amounts_have_the_decimals_of_their_currency(currency: str, total: str) -> None:
    await actions.record(snapshot(currency=currency))
    assert (await table(await alice()))[0]["order_total"] == total


async def test_an_order_without_lines_has_a_row_all_the_same() -> None:
    await actions.record(snapshot(lines=[]))
    rows = await table(await alice())
    assert [(row["order_number"], row["line"], row["title"], row["external_id"]) for row in rows] == [("1001", "", "", "1001")]


@pytest.mark.parametrize("text", FORMULAS)
async def test_no_text_is_a_formula_to_a_spreadsheet(text: str) -> None:
    lines = [line(title=text, variant=text, sku=text, seller=text, category=text, condition=text, product_url=text, total=-5)]
    sent = Shipment(id="p", carrier=text, tracking_number=text)
    await actions.record(snapshot(number=text, lines=lines, shipments=[sent]))
    row = (await table(await alice()))[0]
    harmless = [name for name, cell in row.items() if cell == f"'{text}"]
    assert harmless == [
        "order_number", "carriers", "tracking_numbers", "title", "variant", "sku", "seller", "condition", "category",
        "product_url",
    ]  # fmt: skip
    assert row["line_total"] == "-0.05"


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"]), max_size=9), min_size=2, max_size=2), max_size=4))
def test_csv_comes_back_cell_by_cell_but_for_the_apostrophe(cells: list[list[str]]) -> None:
    back = list(csv.reader(io.StringIO(csv_text(cells).decode(), newline="")))
    assert [[cell.removeprefix("'") for cell in row] for row in back] == [
        [cell.removeprefix("'") for cell in row] for row in cells
    ]
    assert not [cell for row in back for cell in row if cell.startswith(("=", "+", "-", "@", "\t", "\r"))]


async def test_the_doors_give_files_with_a_name_that_are_not_kept_on_the_way(laptop: httpx.AsyncClient) -> None:
    await builders.order("1")
    answer = await laptop.get("/orders/export.csv?year=2026")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert answer.headers["content-disposition"] == 'attachment; filename="orders-2026.csv"'
    assert answer.headers["cache-control"] == "no-store"
    assert answer.content.startswith(b"\xef\xbb\xbforder_number,merchant,")
    answer = await laptop.get("/orders/export.json")
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["content-disposition"] == 'attachment; filename="orders.json"'
    assert answer.headers["cache-control"] == "no-store"
    assert [order["number"] for order in answer.json()["orders"]] == ["1"]


async def test_a_customer_without_orders_gets_an_empty_file(laptop: httpx.AsyncClient) -> None:
    assert (await laptop.get("/orders/export.json?year=2019")).json()["orders"] == []
    assert (await laptop.get("/orders/export.csv")).text.count("\r\n") == 1


async def test_nobody_else_gets_in(laptop: httpx.AsyncClient) -> None:
    laptop.cookies.clear()
    for ending in ("csv", "json"):
        answer = await laptop.get(f"/orders/export.{ending}?year=2026")
        assert (answer.status_code, answer.headers["location"]) == (303, f"/sign-in?next=/orders/export.{ending}%3Fyear%3D2026")


@pytest.mark.parametrize("year", ["abc", "20260", "-2026", "1899", "2201", "２０２６", "2026 ", "0"])
async def test_a_year_that_cannot_be_is_refused_in_words(laptop: httpx.AsyncClient, year: str) -> None:
    answer = await laptop.get("/orders/export.csv", params={"year": year})
    assert answer.status_code == 422
    assert "Give a year such as 2026" in answer.text
