"""The order in schema.org's words: true to the record, and harmless inside a page."""

import re
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest

from app.i18n import Voice
from app.ingest.snapshot import Address, Payment, Shipment
from app.orders import json_ld, pages
from tests import builders
from tests.builders import line

DHL = Shipment(
    id="p1", carrier="DHL", tracking_number="00340", tracking_url="https://dhl.example/00340", status="in_transit",
    shipped_at=datetime(2026, 11, 4, tzinfo=UTC), estimated_from=datetime(2026, 11, 6, tzinfo=UTC),
    estimated_to=datetime(2026, 11, 7, tzinfo=UTC),
)  # fmt: skip


async def written(**about: Any) -> str:
    row = await builders.order(**about)
    found, parcels, _moments = await pages.whole(row["customer"], row["address"], Voice("en"))
    return json_ld.order(found, parcels)


async def read(**about: Any) -> dict[str, Any]:
    return msgspec.json.decode(await written(**about))


async def test_an_order_is_told_with_its_amounts_as_plain_decimals() -> None:
    lines = [line("a", quantity=2, unit_price=128440), line("b", title="Cup", sku="CUP", discount=100)]
    order = await read(lines=lines, discount=500, discount_codes=["SPRING"])
    assert (order["@context"], order["@type"]) == ("https://schema.org/", "Order")
    assert (order["orderNumber"], order["orderDate"]) == ("1001", "2026-11-02T09:30:00Z")
    assert order["url"] == "http://localhost:8000/orders/1001"
    assert (order["price"], order["priceCurrency"], order["discount"]) == ("2615.70", "EUR", "5.00")
    assert order["discountCode"] == "SPRING"
    assert order["seller"] == order["merchant"] == {"@type": "Organization", "name": "Atelier Mo"}
    assert order["acceptedOffer"][0]["price"] == "1284.40"
    assert order["acceptedOffer"][1]["itemOffered"] == {"@type": "Product", "@id": "#line-2", "name": "Cup", "sku": "CUP"}
    assert [item["orderQuantity"] for item in order["orderedItem"]] == [2, 1]
    assert "isGift" not in order


@pytest.mark.parametrize(("currency", "price"), [("JPY", "5290"), ("EUR", "52.90"), ("KWD", "5.290")])
async def test_each_currency_has_its_own_decimals(currency: str, price: str) -> None:
    assert (await read(currency=currency))["price"] == price


async def test_every_item_refers_to_the_product_of_its_offer() -> None:
    order = await read(lines=[line("a"), line("b"), line("c")])
    products = [offer["itemOffered"]["@id"] for offer in order["acceptedOffer"]]
    assert len(set(products)) == 3
    assert [item["orderedItem"]["@id"] for item in order["orderedItem"]] == products


async def test_addresses_and_payment_are_told() -> None:
    billing = Address(lines=["Mairie de Lyon", "69001 LYON"], country="FR")
    order = await read(billing_address=billing, shipments=[DHL])
    assert order["billingAddress"] == {
        "@type": "PostalAddress", "streetAddress": "Mairie de Lyon\n69001 LYON", "addressCountry": "FR",
    }  # fmt: skip
    assert order["orderDelivery"][0]["deliveryAddress"] == {
        "@type": "PostalAddress", "name": "Alice Martin", "streetAddress": "6 rue des Lilas", "postalCode": "69003",
        "addressLocality": "Lyon", "addressCountry": "FR",
    }  # fmt: skip
    assert (order["paymentMethod"], order["paymentMethodId"]) == ("Visa", "4242")


async def test_two_payments_are_not_told_as_one() -> None:
    order = await read(payments=[Payment(kind="card", last_four="4242"), Payment(kind="gift_card")])
    assert "paymentMethod" not in order


async def test_a_parcel_is_told_with_its_carrier_number_and_arrival() -> None:
    delivery = (await read(shipments=[DHL]))["orderDelivery"]
    assert len(delivery) == 1
    assert delivery[0]["trackingNumber"] == "00340"
    assert delivery[0]["trackingUrl"] == "https://dhl.example/00340"
    assert delivery[0]["provider"] == delivery[0]["carrier"] == {"@type": "Organization", "name": "DHL"}
    assert delivery[0]["expectedArrivalFrom"] == "2026-11-06T00:00:00Z"
    assert delivery[0]["expectedArrivalUntil"] == "2026-11-07T00:00:00Z"


async def test_of_several_parcels_no_arrival_is_guessed() -> None:
    deliveries = (await read(shipments=[DHL, msgspec.structs.replace(DHL, id="p2")]))["orderDelivery"]
    assert [delivery.get("expectedArrivalUntil") for delivery in deliveries] == [None, None]


def parcel(status: Any) -> dict[str, Any]:
    return {"shipments": [msgspec.structs.replace(DHL, status=status)]}


@pytest.mark.parametrize(
    ("about", "status"),
    [
        ({}, "OrderProcessing"),
        ({"payment": "unpaid"}, "OrderPaymentDue"),
        (parcel("in_transit"), "OrderInTransit"),
        (parcel("ready_for_pickup"), "OrderPickupAvailable"),
        (parcel("attempt_failed"), "OrderProblem"),
        (parcel("delivered"), "OrderDelivered"),
        (parcel("returned_to_sender"), "OrderReturned"),
        ({"cancelled_at": datetime(2026, 11, 3, tzinfo=UTC)}, "OrderCancelled"),
    ],
)
async def test_the_state_is_one_of_schema_orgs(about: dict[str, Any], status: str) -> None:
    assert (await read(**about))["orderStatus"] == f"https://schema.org/{status}"


async def test_nothing_in_an_order_ends_the_script_it_stands_in() -> None:
    evil = "</script><script>alert(1)</script><!-- & \u2028\u2029 ]]>"
    text = await written(lines=[line(title=evil, sku=evil, seller=evil)], gift_message=evil, discount_codes=[evil])
    assert not re.search("[<>&\u2028\u2029]", text)
    order = msgspec.json.decode(text)
    assert order["acceptedOffer"][0]["itemOffered"]["name"] == evil
    assert order["isGift"] is True


async def test_links_lead_to_the_web_or_are_not_told() -> None:
    script = "javascript:alert(1)"
    order = await read(
        lines=[line(product_url=script)], shipments=[msgspec.structs.replace(DHL, carrier="Bike", tracking_url=script)]
    )
    assert "url" not in order["acceptedOffer"][0]["itemOffered"]
    assert "trackingUrl" not in order["orderDelivery"][0]


async def test_an_order_of_which_little_is_known_is_told_all_the_same() -> None:
    order = await read(lines=[], payments=[], shipping_address=None)
    assert order["orderNumber"] == "1001"
    assert not {"acceptedOffer", "orderedItem", "orderDelivery", "billingAddress", "paymentMethod"} & order.keys()
