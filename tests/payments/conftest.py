"""A payment provider of one's own."""

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from msgspec.structs import replace

from app import db
from app.ingest.snapshot import Payment
from app.payments import stripe
from app.settings import settings
from tests.payments.steps import paid

PATIENCE = 60  # seconds
KEY = "sk_test_comptoir"


class Shop:
    """A merchant's account at Stripe, as its own pages would show it."""

    def __init__(self, url: str) -> None:
        self.url = url

    def post(self, path: str, **data: Any) -> dict[str, Any]:
        answer = httpx.post(f"{self.url}{path}", data=data, auth=(KEY, ""))
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def next(self, **said: Any) -> None:
        httpx.post(f"{self.url}/_next", json={"fail": 0, "code": 500, "lose": 0, "say": "", **said}).raise_for_status()

    def charged(self, amount: int, currency: str = "eur") -> str:
        """The id of a payment that was made."""
        card = {"card[number]": "4242424242424242", "card[exp_month]": "12", "card[exp_year]": "2034", "card[cvc]": "123"}
        method = self.post("/v1/payment_methods", type="card", **card)["id"]
        intent = self.post("/v1/payment_intents", amount=amount, currency=currency, payment_method=method)["id"]
        made: str = self.post(f"/v1/payment_intents/{intent}/confirm")["id"]
        return made

    def refunds(self, payment: str) -> list[dict[str, Any]]:
        answer = httpx.get(f"{self.url}/v1/refunds", params={"payment_intent": payment, "limit": "100"}, auth=(KEY, ""))
        found: list[dict[str, Any]] = answer.json()["data"]
        return found


@pytest.fixture(scope="session")
def stripe_server() -> Iterator[str]:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-m", "tests.payments.local_stripe", str(port)], cwd=Path(__file__).parents[2])
    url, end = f"http://127.0.0.1:{port}", time.monotonic() + PATIENCE
    while True:
        try:
            httpx.get(f"{url}/v1/refunds", auth=(KEY, ""))
            break
        except httpx.TransportError:
            assert process.poll() is None
            assert time.monotonic() < end
            time.sleep(0.05)
    yield url
    process.terminate()
    process.wait(PATIENCE)


@pytest.fixture
def shop(stripe_server: str, monkeypatch: pytest.MonkeyPatch) -> Shop:
    """Comptoir knows that account's key for all merchants."""
    monkeypatch.setattr(stripe, "settings", replace(settings, stripe_key=(("", KEY),), stripe_url=stripe_server))
    found = Shop(stripe_server)
    found.next()
    return found


async def by_stripe(shop: Shop, amount: int = 5290) -> tuple[db.Row, str]:
    """An order and what its payment is called at Stripe."""
    reference = shop.charged(amount)
    card = Payment(kind="card", brand="Visa", last_four="4242", amount=amount, reference=reference)
    return await paid(payments=[card]), reference
