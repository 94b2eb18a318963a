"""Senders of webhooks: bytes, signed as each of them signs."""

import hmac
import time
from base64 import b64encode

from httpx import AsyncClient, Response

from app.tracking import sources
from tests import builders
from tests.builders import MO

SECRET = "a secret of the shop's"


async def listen(*names: str, merchant: str = MO) -> None:
    await builders.merchant(merchant)
    for name in names:
        await sources.add(merchant, name, SECRET)


def digest(body: bytes, secret: str = SECRET) -> bytes:
    return hmac.digest(secret.encode(), body, "sha256")


def signed(source: str, body: bytes, secret: str = SECRET, at: float | None = None) -> dict[str, str]:
    """The headers with which that source sends the body."""
    coded = b64encode(digest(body, secret)).decode()
    if source == "easypost":
        return {"X-Hmac-Signature": f"hmac-sha256-hex={digest(body, secret).hex()}"}
    if source == "shippo":
        stamp = str(int(at or time.time()))
        return {"Shippo-Auth-Signature": f"t={stamp},v1={digest(f'{stamp}.'.encode() + body, secret).hex()}"}
    names = {
        "aftership": "aftership-hmac-sha256", "shopify": "X-Shopify-Hmac-Sha256", "woocommerce": "X-WC-Webhook-Signature",
    }  # fmt: skip
    return {names[source]: coded}


async def send(
    client: AsyncClient, source: str, body: bytes, headers: dict[str, str] | None = None, merchant: str = MO
) -> Response:
    said = signed(source, body) if headers is None else headers
    return await client.post(
        f"/webhooks/{source}/{merchant}", content=body, headers={"Content-Type": "application/json", **said}
    )
