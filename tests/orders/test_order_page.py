"""One order: as it was bought, with sums that add up on the page, and for nobody but its customer."""

from datetime import UTC, datetime

from httpx import AsyncClient

from app.i18n import Voice
from app.ingest.snapshot import Address, Fee, LineQuantity, Payment, Person, Refund, Shipment
from app.orders import pages, sheet, sums
from app.orders.kept import Kept
from tests import builders
from tests.builders import ALICE, BOB, NIA, line

VOICE = Voice("en")
AT = datetime(2026, 11, 4, 10, tzinfo=UTC)


async def kept(number: str = "1001") -> Kept:
    found, _parcels, _moments = await pages.whole(await builders.customer(), number, VOICE)
    return found


def added(listed: list[sums.Sum]) -> tuple[float, float]:
    """What stands above the total, added up, and the total."""
    amounts = [(float(one.amount.replace("€", "").replace(",", "")), one.kind) for one in listed]
    above = [amount for amount, kind in amounts if kind == ""]
    return round(sum(above), 2), next(amount for amount, kind in amounts if kind == "total")


async def test_the_sums_add_up_when_prices_include_tax() -> None:
    await builders.order(
        lines=[line("1", quantity=2, discount=960, tax=1440), line("2", tax=800)], discount=500, discount_codes=["HELLO"],
        fees=[Fee(label="Gift wrap", amount=350)], tax=2300, shipping_method="Colissimo",
    )  # fmt: skip
    found = await kept()
    listed = sums.sums(found.order, found.lines, VOICE)
    assert added(listed) == (137.8, 137.8)
    assert [one.label for one in listed] == [
        "Items", "Delivery · Colissimo", "Gift wrap", "Discount · HELLO", "Total", "Tax included",
    ]  # fmt: skip


async def test_the_sums_add_up_when_tax_comes_on_top() -> None:
    await builders.order(
        prices_include_tax=False, lines=[line("1", tax=960, total=5760), line("2", tax=960, total=5760)], shipping_tax=98,
        total=5760 * 2 + 490 + 98,
    )  # fmt: skip
    found = await kept()
    assert found.order.difference == 0
    assert added(sums.sums(found.order, found.lines, VOICE)) == (121.08, 121.08)
    assert sums.mismatch(found.order, VOICE) == ""


async def test_sums_that_differ_are_said_to() -> None:
    await builders.order(total=5300)
    assert "€0.10" in sums.mismatch((await kept()).order, VOICE)


async def test_the_page_tells_all_there_is(alice: AsyncClient) -> None:
    await builders.order(
        lines=[line("1", quantity=3, cancelled_quantity=1, variant="Grey", seller="Pottery Lane", product_url="https://mo.example/t")],
        gift_message="Bon anniversaire\nMaman", note="Ring twice",
        payments=[Payment(kind="gift_card", amount=1000), Payment(kind="card", brand="Visa", last_four="4242", amount=13890)],
        refunds=[Refund(id="r", amount=4800, at=AT, lines=[LineQuantity(line="1", quantity=1)])],
        shipments=[
            Shipment(id="p1", carrier="Colissimo", tracking_number="6A1", tracking_url="https://carrier.example/6A1",
                     status="delivered", shipped_at=AT, delivered_at=AT, lines=[LineQuantity(line="1", quantity=1)]),
            Shipment(id="p2", carrier="DHL", tracking_number="77", status="in_transit", shipped_at=AT,
                     lines=[LineQuantity(line="1", quantity=1)]),
        ],
        billing_address=Address(name="Martin SARL", street="1 quai", postal_code="69002", city="Lyon", country="FR"),
    )  # fmt: skip
    text = (await alice.get("/orders/1001")).text
    for said in (
        "Teapot “Brume”", "Grey", "sold by Pottery Lane", "1 cancelled", "1 refunded", "Bon anniversaire\nMaman", "Ring twice",
        "Gift card · €10.00", "Visa ·· 4242 · €138.90", "Parcel 1 of 2", "Parcel 2 of 2", "Colissimo", "6A1",
        "https://carrier.example/6A1", "69003", "Martin SARL", "Order placed", "Handed to the carrier", "Refund issued",
        "https://mo.example/t", "application/ld+json", "/orders/1001/summary.pdf",
    ):  # fmt: skip
        assert said in text, said


async def test_nothing_a_merchant_sends_becomes_markup_or_a_script(alice: AsyncClient) -> None:
    bad = '"><script>alert(1)</script>'
    await builders.order(
        lines=[
            line(title=bad, variant=bad, sku=bad, seller=bad, product_url="javascript:alert(1)", picture="../../etc/passwd")
        ],
        gift_message=bad, note=bad, shipping_method=bad, cancel_reason=bad,
        shipments=[Shipment(id="p", carrier=bad, tracking_number=bad, tracking_url="javascript:alert(1)")],
        shipping_address=Address(lines=[bad]),
    )  # fmt: skip
    for path in ("/orders", "/orders/1001"):
        text = (await alice.get(path)).text
        assert "<script>alert" not in text
        assert "javascript:" not in text
        assert "etc/passwd" not in text


async def test_a_strangers_order_and_no_order_are_the_same_bytes(alice: AsyncClient) -> None:
    await builders.order("B-1", customer=Person(email=BOB))
    for path in ("/orders/{}", "/orders/{}/summary.pdf", "/orders/{}/invoice.pdf"):
        his, nobodys = await alice.get(path.format("B-1")), await alice.get(path.format("B-2"))
        assert his.status_code == nobodys.status_code == 404
        assert his.content == nobodys.content
        assert {**his.headers} == {**nobodys.headers}
    assert (await alice.get("/orders/B-1", headers={"Accept-Language": "fr"})).status_code == 404


async def test_two_orders_with_one_number_have_their_own_pages(alice: AsyncClient) -> None:
    await builders.order("77", lines=[line(title="From Mo")])
    await builders.order("77", merchant=NIA, lines=[line(title="From Nia")])
    assert "From Mo" in (await alice.get("/orders/77")).text
    assert "From Nia" in (await alice.get(f"/orders/77.{NIA}")).text


async def test_a_visitor_is_asked_to_sign_in_and_comes_back(client: AsyncClient) -> None:
    answer = await client.get("/orders/1001?x=1")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in?next=/orders/1001%3Fx%3D1")
    part = await client.get("/orders", headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert (part.status_code, part.headers["hx-redirect"]) == (401, "/sign-in?next=/orders")


async def test_1114_lines_are_all_in_the_page(alice: AsyncClient) -> None:
    await builders.order(lines=[line(str(n), title=f"Item number {n}.") for n in range(1114)])
    text = (await alice.get("/orders/1001")).text
    assert text.count("Item number ") >= 1114
    assert "Show all 1114 items" in text


async def test_amounts_and_dates_are_written_as_the_reader_does(alice: AsyncClient) -> None:
    await builders.customer(ALICE, locale="fr", time_zone="Europe/Paris")
    await builders.order(lines=[line(unit_price=128440)], shipping=0, placed_at=datetime(2026, 11, 2, 23, 30, tzinfo=UTC))
    text = (await alice.get("/orders/1001")).text
    assert '<html lang="fr"' in text
    assert "1\u202f284,40\xa0€" in text
    assert "3 novembre 2026 à 00:30" in text


async def test_the_summary_is_a_pdf_under_the_orders_number(alice: AsyncClient) -> None:
    await builders.order()
    answer = await alice.get("/orders/1001/summary.pdf")
    assert answer.status_code == 200
    assert answer.content.startswith(b"%PDF-")
    assert answer.headers["content-disposition"] == 'inline; filename="order-1001.pdf"'


async def test_a_missing_invoice_is_not_found(alice: AsyncClient) -> None:
    await builders.order()
    assert (await alice.get("/orders/1001/invoice.pdf")).status_code == 404


async def test_the_lines_are_written_as_the_sums_add_them(alice: AsyncClient) -> None:
    await builders.order(prices_include_tax=False, lines=[line("1", tax=960, total=5760)], shipping=0, total=5760)
    found = await kept()
    shown = sheet.sheet(found, VOICE)
    assert shown.lines[0].total == "€48.00"
    assert [(one.label, one.amount) for one in shown.sums] == [("Items", "€48.00"), ("Tax", "€9.60"), ("Total", "€57.60")]
