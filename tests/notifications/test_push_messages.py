"""What is pushed: as RFC 8291 says, small enough for every push service, cut at words."""

import json
from base64 import urlsafe_b64decode
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import http_ece
import pytest
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, derive_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from hypothesis import given
from hypothesis import strategies as st

from app.i18n import Voice
from app.notifications import push, push_messages
from app.notifications.kinds import KINDS
from app.notifications.push_messages import Message, cut
from tests.notifications.push_steps import due

pytestmark = pytest.mark.without_database

LARGEST = 3_000  # bytes, encrypted
ROW = {"id": 1, "customer": 1, "created_at": datetime(2026, 11, 27, tzinfo=UTC)}


def message(**about: Any) -> Message:
    return Message(**{"title": "T", "body": "B", "lang": "en", "url": "/orders", "tag": "order-1", "unread": 1, **about})


def _raw(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_the_example_of_rfc_8291_comes_out_byte_for_byte(shared_data: Path) -> None:
    """With its keys and its salt; and what we encrypt for its browser can be read with its private key."""
    vector = json.loads((shared_data / "vectors/webpush/rfc8291-appendix-a.json").read_text())
    key = {name: derive_private_key(int.from_bytes(_raw(vector[f"{name}_private"])), SECP256R1()) for name in ("as", "ua")}
    point = key["ua"].public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    assert point == _raw(vector["ua_public"])
    plain, auth = vector["plaintext"].encode(), _raw(vector["auth_secret"])
    made = http_ece.encrypt(plain, salt=_raw(vector["salt"]), private_key=key["as"], dh=point, auth_secret=auth)
    assert made == _raw(vector["body"])
    to = {"endpoint": "https://push.example/1", "p256dh": vector["ua_public"], "auth": vector["auth_secret"]}
    ours = push.encrypted(to, plain)
    assert len(ours) == len(made)
    assert http_ece.decrypt(ours, private_key=key["ua"], auth_secret=auth) == plain


@given(st.text(max_size=6_000), st.text(max_size=2_000))
def test_it_is_never_too_large_whatever_it_says(title: str, body: str) -> None:
    said = message(title=title.encode("utf-8", "replace").decode(), body=body.encode("utf-8", "replace").decode())
    for most in (push_messages.MOST, push_messages.LEAST):
        encoded = said.encoded(most)
        assert len(encoded) <= max(most, len(message(title=said.title, body="").encoded())) < LARGEST - 103
        assert json.loads(encoded)["notification"]["title"]


def test_a_long_text_ends_at_a_word() -> None:
    assert cut("Your parcel is at the shop", 16) == "Your parcel is…"
    assert cut("Your parcel", 11) == "Your parcel"
    assert cut("Donaudampfschiff", 5) == "Dona…"
    body = json.loads(message(body="é " * 3_000).encoded())["notification"]["body"]
    assert body.endswith("é…")
    assert 800 < len(body) < 2_800


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("locale", ["en", "fr"])
def test_every_kind_says_something_in_both_languages(kind: str, locale: str) -> None:
    made = push_messages.of(due(ROW, Voice(locale), kind=kind, topic=KINDS[kind].topic))
    shown = json.loads(made.encoded())["notification"]
    assert shown["title"]
    assert shown["lang"] == locale
    urgent = {"action": "high", "here": "high", "rest": "normal", "app": "low", "mail": "low", "law": "normal"}[made.matters]
    assert made.headers["Urgency"] == urgent
    assert shown["renotify"] == (urgent == "high"), "what is urgent is heard, though it replaces what is shown"


def test_a_parcels_news_replaces_the_one_before_and_another_orders_does_not() -> None:
    parcel, order = due(ROW, Voice("en")), due(ROW, Voice("en"), data={}, kind="order_placed", topic="orders")
    alone = due(ROW, Voice("en"), data={}, kind="signed_in", topic="security", order=None, id=9)
    tags = [push_messages.of(one).tag for one in (parcel, order, alone)]
    assert tags == ["parcel-3", "order-7", "news-9"]
    topics = {push_messages.of(one).headers["Topic"] for one in (parcel, order, alone)}
    assert len(topics) == 3
    assert all(len(topic) == 32 and topic.isalnum() for topic in topics)
