"""A browser that has real keys, a push service that listens, and both read what they get as the standards say."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from typing import Any

import http_ece
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from httpx import AsyncClient, Response
from py_vapid import Vapid02
from pytest_httpserver import HTTPServer
from werkzeug import Request
from werkzeug import Response as Answer

from app import db
from app.notifications import push_addresses, push_subscriptions
from app.notifications.channels import Due, News, Person
from app.tokens import hash_token
from tests import builders

PATH = "/push/"


class Browser:
    """What a browser keeps to itself of a subscription."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint = endpoint
        self.key = generate_private_key(SECP256R1())
        self.secret = b"sixteen bytes ok"

    @property
    def json(self) -> str:
        point = self.key.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return json.dumps(
            {"endpoint": self.endpoint, "expirationTime": None, "keys": {"p256dh": _text(point), "auth": _text(self.secret)}}
        )

    def opened(self, body: bytes) -> dict[str, Any]:
        text = http_ece.decrypt(body, private_key=self.key, auth_secret=self.secret, version="aes128gcm")
        found: dict[str, Any] = json.loads(text)
        return found

    async def subscribe(self, browser: AsyncClient) -> Response:
        return await browser.post("/account/notifications/devices", data={"subscription": self.json})

    async def row(self) -> db.Row:
        found = await db.one("SELECT * FROM push_subscriptions WHERE endpoint_hash = {}", hash_token(self.endpoint))
        assert found
        return found


class PushService:
    """Answers with `statuses`, one after the other, the last for ever."""

    def __init__(self, server: HTTPServer) -> None:
        self.server, self.asked, self.statuses, self.headers = server, [], [201], {}
        self.asked: list[Request]
        self.headers: dict[str, str]
        self.text = "said"
        server.expect_request(f"{PATH}a").respond_with_handler(self._answer)
        server.expect_request(f"{PATH}b").respond_with_handler(self._answer)

    def _answer(self, request: Request) -> Answer:
        request.get_data()
        self.asked.append(request)
        return Answer(self.text, status=self.statuses[min(len(self.asked), len(self.statuses)) - 1], headers=self.headers)

    def url(self, name: str = "a") -> str:
        return self.server.url_for(PATH + name)

    def browser(self, name: str = "a") -> Browser:
        return Browser(self.url(name))


def claims(request: Request) -> dict[str, Any]:
    """Of a VAPID header whose signature is right."""
    header = request.headers["Authorization"]
    assert Vapid02.verify(header)
    token = header.partition("t=")[2].partition(",")[0]
    found: dict[str, Any] = json.loads(_bytes(token.split(".")[1]))
    return found


def key_in(request: Request) -> str:
    return request.headers["Authorization"].partition("k=")[2]


async def subscribed(browser: Browser, email: str = builders.ALICE) -> db.Row:
    """By the verb, in a session of that person's; the row."""
    async with builders.signed_in(await builders.customer(email)) as viewer:
        await push_subscriptions.subscribe(viewer, push_addresses.read(browser.json), "tests")
    # The session of `signed_in` is over by now; one that lasts takes its place.
    await builders.session(email)
    (session,) = await db.rows("SELECT id, created_at FROM sessions ORDER BY id DESC LIMIT 1")
    await db.execute(
        "UPDATE push_subscriptions SET session = {}, session_since = {} WHERE endpoint_hash = {}",
        session["id"], session["created_at"], hash_token(browser.endpoint),
    )  # fmt: skip
    return await browser.row()


def due(to: db.Row, voice: Any, **about: Any) -> Due:
    """A parcel of Alice's that is there."""
    said: dict[str, Any] = {
        "id": 1, "topic": "deliveries", "kind": "shipment_delivered", "order": 7, "url": "/orders/A-1#parcel-3",
        "data": {"shipment": 3, "of": {"number": "A-1", "shop": "Atelier Mo"}}, "at": to["created_at"], **about,
    }  # fmt: skip
    person = Person(
        id=to["customer"], email=builders.ALICE, name="Alice", phone="", phrase="", unread=5, voice=voice
    )  # fmt: skip
    return Due(id=1, message_id="m1", target=str(to["id"]), attempts=1, person=person, news=News(**said))


def _text(raw: bytes) -> str:
    return urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes(text: str) -> bytes:
    return urlsafe_b64decode(text + "=" * (-len(text) % 4))
