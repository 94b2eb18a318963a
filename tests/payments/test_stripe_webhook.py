"""What Stripe tells by itself: signed, of refunds of ours, and as often as it likes."""

import hashlib
import hmac
import json
import time
from typing import Any

import pytest
from httpx import AsyncClient
from msgspec.structs import replace

from app import db
from app.orders import refund_sending
from app.payments import stripe
from tests.builders import MO
from tests.payments.conftest import Shop, by_stripe
from tests.payments.steps import ask, kinds, order_row, refunds

SECRET = "whsec_comptoir"


@pytest.fixture(autouse=True)
def secret(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe, "settings", replace(stripe.settings, stripe_secret=(("nia-audio", "whsec_nia"), ("", SECRET))))


def event(refund: dict[str, Any], kind: str = "refund.updated") -> bytes:
    return json.dumps(
        {"id": "evt_1", "object": "event", "type": kind, "data": {"object": {"object": "refund", **refund}}}
    ).encode()


def signature(body: bytes, secret: str = SECRET, ago: float = 0) -> str:
    """As Stripe's documentation has it, “Verify webhook signatures manually”."""
    at = int(time.time() - ago)
    return f"t={at},v1={hmac.new(secret.encode(), f'{at}.'.encode() + body, hashlib.sha256).hexdigest()}"


async def send(client: AsyncClient, body: bytes, signed: str | None = None) -> tuple[int, str]:
    headers = {"Stripe-Signature": signature(body) if signed is None else signed, "Content-Type": "application/json"}
    answer = await client.post("/webhooks/stripe", content=body, headers=headers)
    return answer.status_code, answer.json().get("result", "")


async def on_its_way(shop: Shop) -> tuple[db.Row, dict[str, Any]]:
    """An order, and a refund of 12.50 as Stripe calls it, which is pending there."""
    order, payment = await by_stripe(shop)
    await ask(order["id"], 1250, approved=True)
    shop.next(say="pending")
    await refund_sending.send_due()
    (made,) = shop.refunds(payment)
    assert (await refunds())[0]["state"] == "pending"
    return order, made


async def test_what_stripe_tells_is_known_at_once_and_once(shop: Shop, client: AsyncClient) -> None:
    order, made = await on_its_way(shop)
    body = event(made | {"status": "succeeded"})
    for _twice in range(2):
        assert await send(client, body) == (200, "taken")
    assert (await refunds())[0]["state"] == "succeeded"
    assert (await send(client, event(made))) == (200, "taken")  # “pending”, which comes late
    assert (await kinds())[2:] == ["refund_sent", "refund_succeeded"]
    assert (await order_row(order["id"]))["refunded"] == 1250
    bounced = event(made | {"status": "failed", "failure_reason": "expired_or_canceled_card"}, "refund.failed")
    for _twice in range(2):
        assert await send(client, bounced) == (200, "taken")
    row = (await refunds())[0]
    assert (row["state"], row["last_error"]) == ("failed", "expired_or_canceled_card")
    assert ((await order_row(order["id"]))["refunded"], (await kinds())[-1]) == (0, "refund_failed")
    assert await send(client, body) == (200, "taken")  # kept by whoever, and sent again: what has failed stays so
    assert (await refunds())[0]["state"] == "failed"


@pytest.mark.parametrize("signed", ["", "nonsense", "t=1,v1=00", "other", "old", "changed"])
async def test_what_is_not_signed_by_it_just_now_changes_nothing(shop: Shop, client: AsyncClient, signed: str) -> None:
    _order, made = await on_its_way(shop)
    body = event(made | {"status": "succeeded"})
    forged = {
        "other": signature(body, "whsec_other"), "old": signature(body, ago=3600), "changed": signature(event(made)),
    }.get(signed, signed)  # fmt: skip
    assert (await send(client, body, forged))[0] == 401
    assert (await refunds())[0]["state"] == "pending"


async def test_one_merchants_secret_says_nothing_of_anothers_refund(shop: Shop, client: AsyncClient) -> None:
    order, made = await on_its_way(shop)
    body = event(made | {"status": "succeeded"})
    assert await send(client, body, signature(body, "whsec_nia")) == (200, "ignored")
    assert (await refunds())[0]["state"] == "pending"
    assert (await db.rows("SELECT slug FROM merchants WHERE id = {}", order["merchant"]))[0]["slug"] == MO


@pytest.mark.parametrize("body", [
    event({"id": "re_1", "status": "succeeded", "metadata": {"comptoir_refund": "of-nobody"}}),
    event({"id": "re_1", "status": "succeeded", "metadata": {}}),
    event({"id": "re_1", "status": "succeeded", "metadata": None}),
    event({"id": "re_1", "object": "charge", "metadata": {"comptoir_refund": "x"}}),
    event({"id": "re_1", "metadata": {"comptoir_refund": "x"}}, "customer.created"),
])  # fmt: skip
async def test_what_is_about_nothing_of_ours_is_taken_and_left(client: AsyncClient, body: bytes) -> None:
    assert await send(client, body) == (200, "ignored")


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]" * 200_000])
async def test_what_is_no_event_is_refused(client: AsyncClient, body: bytes) -> None:
    answer = await client.post("/webhooks/stripe", content=body, headers={"Stripe-Signature": signature(body)})
    assert answer.status_code in (400, 413)


async def test_without_a_secret_nobody_is_believed(client: AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stripe, "settings", replace(stripe.settings, stripe_secret=()))
    body = event({"id": "re_1", "status": "succeeded", "metadata": {"comptoir_refund": "x"}})
    assert (await send(client, body))[0] == 401
