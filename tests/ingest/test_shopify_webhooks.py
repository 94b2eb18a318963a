"""Shopify's webhooks through their door: orders and fulfilments as from its files, a fulfilment's events as carriers' news."""

import copy
import json
import random
from collections import Counter
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient, Response

from app import clock, db
from app.ingest.shopify.json import TOPICS
from app.ingest.shopify.returns import STEPS
from app.ingest.shopify.webhooks import EVENT as EVENT_TOPIC
from app.tracking import received, sources
from tests.builders import MO
from tests.ingest.shopify_good import GOOD
from tests.tracking.sending import listen, send, signed
from tests.tracking.steps import told

ORDER = str(GOOD["id"])
EVENT = {
    "id": 77, "order_id": GOOD["id"], "fulfillment_id": 501, "status": "out_for_delivery", "message": "Out for delivery",
    "happened_at": "2026-11-03T08:00:00+01:00", "city": "Lyon", "province": None, "country": "FR", "latitude": 45.7,
    "longitude": 4.8, "estimated_delivery_at": "2026-11-03T18:00:00+01:00",
}  # fmt: skip


def fulfilment(**about: Any) -> dict[str, Any]:
    return {
        "id": 501, "order_id": GOOD["id"], "status": "success", "created_at": "2026-11-01T10:00:00Z",
        "updated_at": "2026-11-01T10:00:00Z", "tracking_company": "Colissimo", "tracking_number": "6A1",
        "tracking_numbers": ["6A1"], "shipment_status": None, "line_items": [{"id": 11, "quantity": 1}], **about,
    }  # fmt: skip


def order() -> dict[str, Any]:
    return {**copy.deepcopy(GOOD), "fulfillments": []}


async def post(client: AsyncClient, topic: str, body: Any, **headers: str) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await send(client, "shopify", content, signed("shopify", content) | {"X-Shopify-Topic": topic, **headers})


async def test_an_order_its_fulfilment_and_the_carriers_news(client: AsyncClient) -> None:
    await listen("shopify")
    assert (await post(client, "orders/create", order())).json() == {"result": "taken"}
    assert (await post(client, "fulfillments/create", fulfilment())).json() == {"result": "taken"}
    assert (await post(client, "fulfillment_events/create", EVENT)).json() == {"result": "taken"}
    (row,) = await db.rows("SELECT tracking_number, status, estimated_to FROM shipments")
    assert (row["tracking_number"], row["status"]) == ("6A1", "out_for_delivery")
    assert row["estimated_to"].isoformat() == "2026-11-03T17:00:00+00:00"
    (scan,) = await db.rows("SELECT external_id, words, place, country, latitude FROM scans")
    assert dict(scan) == {
        "external_id": "shopify:77", "words": "Out for delivery", "place": "Lyon", "country": "FR", "latitude": 45.7,
    }  # fmt: skip


async def test_a_repeated_message_gets_the_first_answer_whatever_its_id_and_topic(client: AsyncClient) -> None:
    """These are in headers, which are not signed: the body is what a message is known by."""
    await listen("shopify")
    for topic, id_ in (("orders/create", "a"), ("orders/create", "b"), ("orders/updated", "c")):
        answer = await post(client, topic, order(), **{"X-Shopify-Webhook-Id": id_})
    assert answer.json() == {"result": "taken", "repeated": True}
    assert len(await db.rows("SELECT id FROM orders")) == 1


async def test_parts_of_an_order_that_is_not_here_are_counted_and_may_come_again(client: AsyncClient) -> None:
    await listen("shopify")
    for topic, body in (("fulfillments/create", fulfilment()), ("fulfillment_events/create", EVENT)):
        assert (await post(client, topic, body)).json() == {"result": "unmatched"}
    (row,) = await sources.everywhere()
    assert (row["unmatched"], row["unmatched_number"]) == (2, f"fulfilment 501 of order {ORDER}")
    await post(client, "orders/create", order())
    assert (await post(client, "fulfillments/create", fulfilment())).json() == {"result": "taken"}


async def test_an_order_that_cannot_be_taken_is_received_with_the_reason(client: AsyncClient) -> None:
    """Else Shopify would end the subscription for one order from the till."""
    await listen("shopify")
    answer = await post(client, "orders/create", order() | {"email": None, "contact_email": None, "customer": None})
    assert (answer.status_code, answer.json()["result"]) == (200, "refused")
    assert "mail" in answer.json()["reason"]


async def test_other_topics_are_received_and_nothing_is_done(client: AsyncClient) -> None:
    await listen("shopify")
    assert (await post(client, "customers/create", {"id": 1})).json() == {"result": "ignored"}


async def test_a_wrong_signature_or_an_old_message_is_refused(client: AsyncClient) -> None:
    await listen("shopify")
    body = json.dumps(order()).encode()
    topic = {"X-Shopify-Topic": "orders/create"}
    assert (await send(client, "shopify", body, signed("shopify", body, "another secret") | topic)).status_code == 401
    assert (await send(client, "shopify", body, topic)).status_code == 401
    old = (clock.now() - received.OLDEST - timedelta(hours=1)).isoformat()
    assert (await post(client, "orders/create", order(), **{"X-Shopify-Triggered-At": old})).status_code == 400
    assert await db.rows("SELECT id FROM orders") == []


@pytest.mark.parametrize("topic", ["orders/create", "fulfillments/create", "fulfillment_events/create"])
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"3", b"\xff", b"[" * 100_000, b'{"a": NaN}'])
async def test_what_is_no_message_is_refused_with_a_reason(client: AsyncClient, topic: str, body: bytes) -> None:
    await listen("shopify")
    answer = await post(client, topic, body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


async def test_cut_at_any_byte_a_message_is_refused_and_changes_nothing(client: AsyncClient) -> None:
    await listen("shopify")
    await post(client, "orders/create", order())
    for topic, message in (("fulfillments/create", fulfilment()), ("fulfillment_events/create", EVENT)):
        body = json.dumps(message).encode()
        for end in range(len(body)):
            assert (await post(client, topic, body[:end])).status_code == 400
    assert await db.rows("SELECT id FROM shipments") == []


async def test_every_recording_twice_and_shuffled_is_taken_once_or_ignored(client: AsyncClient, shared_data: Path) -> None:
    """Whoever recorded them rounded the orders' ids where no global id stands beside: those parts find no order."""
    await listen("shopify")
    folder = shared_data / "orders/shopify-webhooks-2024-10"
    recordings = [json.loads(path.read_text()) for path in sorted(folder.glob("*.json"))]
    results: Counter[str] = Counter()
    for round_ in range(2):
        random.Random(round_).shuffle(recordings)
        for recorded in recordings:
            answer = await post(client, recorded["topic"], recorded["body"])
            assert answer.status_code == 200, (recorded["topic"], answer.text)
            results[answer.json()["result"]] += 1
        if not round_:
            before = (await db.rows("SELECT * FROM orders"), await db.rows("SELECT * FROM shipments"), await told())
    assert (await db.rows("SELECT * FROM orders"), await db.rows("SELECT * FROM shipments"), await told()) == before
    assert len(before[0]) == 1
    assert results["ignored"] == 2 * sum(not _ours(recorded["topic"]) for recorded in recordings)
    assert results["unmatched"] >= 6


def _ours(topic: str) -> bool:
    return topic in (*TOPICS, *STEPS, EVENT_TOPIC)


async def test_the_merchants_slug_is_whose_orders_they_are(client: AsyncClient) -> None:
    await listen("shopify")
    await post(client, "orders/create", order())
    (row,) = await db.rows("SELECT m.slug FROM orders o JOIN merchants m ON m.id = o.merchant")
    assert row["slug"] == MO
