"""Whatever bytes come through the door, genuinely signed: an answer, never an internal error, and nothing half done."""

import json
import random
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec
import pytest
from httpx import AsyncClient
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import db
from app.ingest.snapshot import Shipment
from app.tracking import aftership, easypost, shippo
from app.tracking.actions import READERS
from app.tracking.fields import Unusable
from tests import builders
from tests.ingest.json_mutations import mutated
from tests.tracking import messages
from tests.tracking.messages import NUMBER, checkpoint, easypost_detail, raw, shippo_point
from tests.tracking.sending import listen, send
from tests.tracking.steps import parcel, told

AT = "2026-11-03T09:30:00Z"
GOOD: dict[str, dict[str, Any]] = {
    "easypost": messages.easypost(
        easypost_detail("in_transit", "2026-11-02T10:00:00"), easypost_detail("delivered", AT), signed_by="Alice",
        est_delivery_date="2026-11-05T00:00:00Z",
    ) | {"created_at": None},
    "aftership": messages.aftership(
        checkpoint("InTransit", "InTransit_002", "2026-11-02T10:00:00", coordinate={"latitude": 1.5, "longitude": 2}),
        checkpoint("Delivered", "", AT), pickup_location="Shop", expected_delivery="2026-11-05",
        courier_estimated_delivery_date={"estimated_delivery_date_min": AT, "estimated_delivery_date_max": "2026-11-05"},
    ) | {"ts": None},
    "shippo": messages.shippo(
        shippo_point("TRANSIT", "2026-11-02T10:00:00"), shippo_point("DELIVERED", AT), eta="2026-11-05T00:00:00Z"
    ),
}  # fmt: skip
SOURCES = tuple(GOOD)


async def _kept() -> tuple[Sequence[Any], Sequence[Any], Sequence[Any]]:
    """All that a customer can see of carriers' news."""
    scans = "SELECT shipment, external_id, at, status, reason, words, place FROM scans ORDER BY shipment, external_id"
    parcels = (
        "SELECT tracking_number, status, reason, scanned_at, delivered_at, shipped_at, signed_by FROM shipments "
        "ORDER BY tracking_number"
    )
    return await db.rows(scans), await db.rows(parcels), sorted(await told())


@pytest.mark.parametrize("source", SOURCES)
async def test_cut_at_any_byte_a_message_is_refused_and_changes_nothing(client: AsyncClient, source: str) -> None:
    await parcel(number=NUMBER)
    await listen(source)
    body, before = raw(GOOD[source]), await _kept()
    for end in range(len(body)):
        answer = await send(client, source, body[:end])
        assert answer.status_code == 400, body[:end]
        assert answer.json()["detail"].startswith("No news can be made of this")
    assert await _kept() == before
    assert (await send(client, source, body)).json() == {"result": "taken"}


@pytest.mark.without_database
@pytest.mark.parametrize("source", SOURCES)
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_whatever_a_message_says_is_read_or_refused(source: str, data: st.DataObject) -> None:
    body = _encoded(data.draw(mutated(GOOD[source])))
    with suppress(Unusable):
        READERS[source](body)


@pytest.mark.parametrize("source", SOURCES)
async def test_odd_messages_are_answered_by_the_door(client: AsyncClient, source: str) -> None:
    """What is read must also be kept, on both databases: no text, time or number may stop it half way."""
    await parcel(number=NUMBER)
    await listen(source)
    odd = ["\x00", "", 2**70, -1, 1e308, True, [], {}, [[]], "9999-12-31T23:59:59-23:00", "0001-01-01", "😀" * 600, NUMBER]
    good = raw(GOOD[source])
    for leaf in sorted(set(_leaves(GOOD[source]))):
        for value in odd:
            body = good.replace(json.dumps(leaf).encode(), json.dumps(value).encode())
            answer = await send(client, source, body)
            assert answer.status_code in (200, 400), (leaf, value, answer.text)


def _leaves(value: Any) -> list[str]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [leaf for one in inside for leaf in ([one] if isinstance(one, str) else _leaves(one))]


def _encoded(message: Any) -> bytes:
    """As Python would send it, halves of pairs and numbers without an end too."""
    return json.dumps(message, default=str).encode("utf-8", "surrogatepass")


@pytest.fixture
def recorded(shared_data: Path) -> list[tuple[str, bytes]]:
    """All messages of the recordings that say something of a parcel, in the order of their files."""
    found = []
    for source, read in (("easypost", easypost.read), ("aftership", aftership.read), ("shippo", shippo.read)):
        for path in sorted((shared_data / "shipments" / source).glob("*.json")):
            body = msgspec.json.encode(json.loads(path.read_text())["body"])
            try:
                read(body)
            except Unusable:
                continue
            found.append((source, body))
    return found


async def _parcels_of(recorded: list[tuple[str, bytes]]) -> None:
    numbers = {news.tracking_number for source, body in recorded for news in READERS[source](body).news}
    for place, number in enumerate(sorted(numbers)):
        await builders.order(f"A-{place}", shipments=[Shipment(id="p1", tracking_number=number)])


async def test_recordings_sent_twice_and_shuffled_end_in_the_same(
    client: AsyncClient, recorded: list[tuple[str, bytes]]
) -> None:
    await _parcels_of(recorded)
    await listen(*SOURCES)
    for source, body in recorded:
        assert (await send(client, source, body)).status_code == 200
    once = await _kept()
    assert len(once[0]) > 40
    for seed in range(2):
        again = recorded * 2
        random.Random(seed).shuffle(again)
        for source, body in again:
            answer = await send(client, source, body)
            assert (answer.status_code, answer.json()["repeated"]) == (200, True)
    assert await _kept() == once


@pytest.mark.parametrize("seed", range(3))
async def test_recordings_in_another_order_end_in_the_same(
    client: AsyncClient, recorded: list[tuple[str, bytes]], seed: int
) -> None:
    """Scans and where the parcels stand; what is told on the way depends on what was known when."""
    await _parcels_of(recorded)
    await listen(*SOURCES)
    for source, body in recorded:
        await send(client, source, body)
    once = await _kept()
    for table in ("tracking_messages", "scans", "orders"):
        await db.execute(f"DELETE FROM {table}")
    await _parcels_of(recorded)
    shuffled = list(recorded)
    random.Random(seed).shuffle(shuffled)
    for source, body in shuffled:
        assert (await send(client, source, body)).status_code == 200
    after = await _kept()
    assert [[_but_row(row) for row in rows] for rows in after[:2]] == [[_but_row(row) for row in rows] for rows in once[:2]]


def _but_row(row: Any) -> dict[str, Any]:
    return {name: value for name, value in dict(row).items() if name != "shipment"}


async def test_recordings_cut_anywhere_change_nothing(client: AsyncClient, recorded: list[tuple[str, bytes]]) -> None:
    await _parcels_of(recorded)
    await listen(*SOURCES)
    before, chance = await _kept(), random.Random(7)
    for source, body in recorded:
        for end in sorted(chance.sample(range(len(body)), 12)):
            assert (await send(client, source, body[:end])).status_code == 400
    assert await _kept() == before
