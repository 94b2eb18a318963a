"""How many messages are encrypted and sent to a push service on loopback per second and core; beside it what its cryptography
alone allows. The push service is a process of its own."""

import asyncio
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Callable
from statistics import median
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from msgspec import Struct
from msgspec.structs import replace
from py_vapid import Vapid02

from app.notifications import push, push_addresses, push_keys, push_subscriptions
from app.notifications.push_messages import Message
from app.settings import settings

MESSAGES, AT_ONCE, ROUNDS = 1_500, 50, 5
TEXT = "Your parcel is at the shop round the corner until Saturday at half past six. Bring the code and your name."


class Pushing(Struct):
    """Messages a second of CPU of this process: sent, encrypted alone, encrypted and signed each anew."""

    sent: float
    encrypted: float
    signed_each: float

    @property
    def ratio(self) -> float:
        return self.encrypted / self.sent


async def measured(rounds: int = ROUNDS) -> Pushing:
    """Rates of the three in turn, round by round: what disturbs one disturbs its neighbours."""
    command = (sys.executable, "-m", "tests.benchmarks.push_service")
    service = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        assert service.stdout
        port = int(await asyncio.wait_for(service.stdout.readline(), 60))
        return await _rates(f"http://localhost:{port}/push", rounds)
    finally:
        service.terminate()
        await service.wait()


async def _rates(endpoint: str, rounds: int) -> Pushing:
    allowed, delivered = push_addresses.settings, push_subscriptions.delivered
    push_addresses.settings = replace(settings, push_hosts=("localhost",))
    push_subscriptions.delivered = _noted  # the database's part is measured with the deliveries
    to, said = _subscription(endpoint), _message()
    try:
        await push.deliver(to, said)
        found = [(await _sent(to, said), _alone(lambda: push.encrypted(to, said.encoded())), _alone(lambda: _each(to, said)))
                 for _ in range(rounds)]  # fmt: skip
    finally:
        push_addresses.settings, push_subscriptions.delivered = allowed, delivered
        await push.close()
    return Pushing(*(median(rates) for rates in zip(*found, strict=True)))


async def _sent(to: dict[str, Any], said: Message) -> float:
    async def some(count: int) -> None:
        for _ in range(count):
            await push.deliver(to, said)

    begun = time.process_time()
    await asyncio.gather(*(some(MESSAGES // AT_ONCE) for _ in range(AT_ONCE)))
    return MESSAGES / (time.process_time() - begun)


def _alone(once: Callable[[], object]) -> float:
    begun = time.process_time()
    for _ in range(MESSAGES // 3):
        once()
    return MESSAGES // 3 / (time.process_time() - begun)


def _each(to: dict[str, Any], said: Message) -> None:
    push.encrypted(to, said.encoded())
    Vapid02(push_keys.private_key()).sign({"aud": "http://localhost:1", "sub": "mailto:ops@example.com"})


def _message() -> Message:
    return Message(title="It is there", body=TEXT, lang="en", url="/orders/A-1", tag="parcel-1", unread=3, matters="here")


def _subscription(endpoint: str) -> dict[str, Any]:
    point = generate_private_key(SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    keys = {name: urlsafe_b64encode(raw).decode().rstrip("=") for name, raw in (("p256dh", point), ("auth", bytes(16)))}
    return {"id": 1, "customer": 1, "endpoint": endpoint, **keys}


async def _noted(_number: int) -> None:
    """In place of a row."""
