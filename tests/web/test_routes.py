"""Who may enter where, on the whole application."""

import msgspec
from httpx import AsyncClient

from app import db
from app.merchants import actions as merchants
from tests import builders
from tests.builders import MO, snapshot


async def test_a_program_puts_an_order_and_its_customer_sees_it(alice: AsyncClient) -> None:
    await builders.merchant()
    key = await merchants.make_key(MO, "shop")
    order = msgspec.json.encode(snapshot("A/1", number="#77"))
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/json"}
    answer = await alice.put("/api/v1/orders/A%2F1", content=order, headers=headers)
    assert answer.status_code == 201
    page = await alice.get(answer.json()["url"])
    assert (page.status_code, "Order #77" in page.text) == (200, True)


async def test_a_signed_in_person_is_no_program_and_a_key_no_person(alice: AsyncClient) -> None:
    order = msgspec.json.encode(snapshot())
    refused = await alice.put("/api/v1/orders/1001", content=order, headers={"Content-Type": "application/json"})
    assert refused.status_code == 401
    assert refused.headers["content-type"] == "application/problem+json"
    await builders.merchant()
    key = await merchants.make_key(MO, "shop")
    alice.cookies.clear()
    assert (await alice.get("/orders", headers={"Authorization": f"Bearer {key}"})).status_code == 303
    assert await db.rows("SELECT id FROM orders") == []


async def test_the_export_holds_ones_own_orders_and_a_year_of_them(alice: AsyncClient) -> None:
    await builders.order("A-11")
    await builders.order("Z-99", customer=builders.Person(email=builders.BOB))
    for path in ("/orders/export.csv?year=2026", "/orders/export.json", "/orders/export.json?year=2026"):
        text = (await alice.get(path)).text
        assert "A-11" in text, path
        assert "Z-99" not in text, path
    assert "A-11" not in (await alice.get("/orders/export.csv?year=2025")).text


async def test_a_merchants_invoice_reaches_its_customer(alice: AsyncClient) -> None:
    await builders.order("A-11")
    key = await merchants.make_key(MO, "shop")
    headers = {"Authorization": f"Bearer {key}", "Content-Type": "application/pdf"}
    kept = await alice.put("/api/v1/orders/A-11/invoice", content=b"%PDF-1.7 ours", headers=headers)
    assert kept.status_code == 204
    assert "/orders/A-11/invoice.pdf" in (await alice.get("/orders/A-11")).text
    answer = await alice.get("/orders/A-11/invoice.pdf")
    assert (answer.headers["content-type"], answer.content) == ("application/pdf", b"%PDF-1.7 ours")
