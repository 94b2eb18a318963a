"""Whether a message comes from whom it says, told by the raw bytes and a secret that only the two sides know.

Each check answers when the message was signed, where that is signed too, and raises Forged. Digests are compared in constant
time. HMAC with SHA-256 everywhere (RFC 2104); what is signed, and how the digest is written, is each sender's own.
"""

import hmac
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import parse_qs

from app.tracking.fields import moment
from app.tracking.messages import Sent

HEX = "hmac-sha256-hex="


class Forged(Exception):
    """The signature is missing, or not made with this secret. Which, is not said: whoever tries learns nothing."""


def easypost(sent: Sent, secret: str) -> datetime | None:
    """`X-Hmac-Signature` over the body (https://docs.easypost.com/docs/webhooks); where `X-Hmac-Signature-V2` comes along, that
    one, over X-Timestamp, POST, X-Path and the body. The secret is normalised (NFKD), as EasyPost's own libraries do."""
    key = unicodedata.normalize("NFKD", secret)
    if newer := sent.headers.get("x-hmac-signature-v2", ""):
        stamp, path = sent.headers.get("x-timestamp", ""), sent.headers.get("x-path", "")
        _require(newer.removeprefix(HEX), _digest(key, f"{stamp}POST{path}".encode() + sent.body).hex())
        if not path.endswith(sent.path):
            raise Forged
        return _when(stamp)
    _require(sent.headers.get("x-hmac-signature", ""), HEX + _digest(key, sent.body).hex())
    return None


def aftership(sent: Sent, secret: str) -> datetime | None:
    """https://www.aftership.com/docs/tracking/webhook/webhook-signature"""
    _require(sent.headers.get("aftership-hmac-sha256", ""), _base64(secret, sent.body))
    return None


def shippo(sent: Sent, secret: str) -> datetime | None:
    """`Shippo-Auth-Signature: t=…,v1=…` over “t.body” for accounts where Shippo has turned that on; else the secret stands in
    the address, `?token=…` (https://docs.goshippo.com/docs/tracking/webhooksecurity)."""
    said = sent.headers.get("shippo-auth-signature", "")
    if not said:
        _require(parse_qs(sent.query).get("token", [""])[0], secret)
        return None
    parts = dict(part.strip().partition("=")[::2] for part in said.split(","))
    stamp = parts.get("t", "")
    _require(parts.get("v1", ""), _digest(secret, f"{stamp}.".encode() + sent.body).hex())
    return _when(stamp)


def shopify(sent: Sent, secret: str) -> datetime | None:
    """https://shopify.dev/docs/apps/build/webhooks/subscribe/https: only the body is signed, no header is."""
    _require(sent.headers.get("x-shopify-hmac-sha256", ""), _base64(secret, sent.body))
    return None


def woocommerce(sent: Sent, secret: str) -> datetime | None:
    """https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks: only the body is signed, no header is."""
    _require(sent.headers.get("x-wc-webhook-signature", ""), _base64(secret, sent.body))
    return None


CHECKS: dict[str, Callable[[Sent, str], datetime | None]] = {
    "easypost": easypost, "aftership": aftership, "shippo": shippo, "shopify": shopify, "woocommerce": woocommerce,
}  # fmt: skip


def _digest(secret: str, body: bytes) -> bytes:
    return hmac.digest(secret.encode(), body, "sha256")


def _base64(secret: str, body: bytes) -> str:
    return b64encode(_digest(secret, body)).decode()


def _require(said: str, right: str) -> None:
    if not hmac.compare_digest(said.encode("utf-8", "replace"), right.encode()):
        raise Forged


def _when(stamp: str) -> datetime:
    """Seconds since 1970, RFC 2822 or ISO 8601: senders differ, and have changed. Raises Forged for anything else."""
    try:
        if stamp.isdecimal():
            return datetime.fromtimestamp(int(stamp), UTC)
        at = moment(stamp) or parsedate_to_datetime(stamp)
    except (ValueError, OverflowError, OSError) as error:
        raise Forged from error
    return at if at.tzinfo else at.replace(tzinfo=UTC)
