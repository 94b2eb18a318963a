"""The door for senders of webhooks: who gets in, what becomes of what they bring, and what comes again."""

import asyncio
import time
from datetime import timedelta
from email.utils import format_datetime

import pytest
from httpx import AsyncClient

from app import clock, db
from app.tracking import received, sources
from tests.builders import MO, NIA
from tests.tracking import messages, sending
from tests.tracking.messages import NUMBER, checkpoint, easypost_detail, raw, shippo_point
from tests.tracking.sending import SECRET, digest, listen, send, signed
from tests.tracking.steps import parcel, row_of, told

AT = "2026-11-03T09:30:00Z"
SOURCES = ("easypost", "aftership", "shippo")


def delivered(source: str) -> bytes:
    match source:
        case "easypost":
            made = messages.easypost(
                easypost_detail("out_for_delivery", "2026-11-03T08:00:00Z"), easypost_detail("delivered", AT)
            )
            made["created_at"] = clock.now().isoformat()
        case "aftership":
            made = messages.aftership(checkpoint("OutForDelivery", "", "2026-11-03T08:00:00Z"), checkpoint("Delivered", "", AT))
            made["ts"] = int(time.time())
        case _:
            made = messages.shippo(
                shippo_point("TRANSIT", "2026-11-03T08:00:00Z", "out_for_delivery"), shippo_point("DELIVERED", AT)
            )
    return raw(made)


@pytest.mark.parametrize("source", SOURCES)
async def test_news_reaches_the_parcel_and_comes_again_without_effect(client: AsyncClient, source: str) -> None:
    shipment = await parcel(number=NUMBER)
    await listen(source)
    first = await send(client, source, delivered(source))
    assert (first.status_code, first.json()) == (200, {"result": "taken"})
    row, events = await row_of(shipment), await told()
    assert (row["status"], row["delivered_at"].isoformat()) == ("delivered", "2026-11-03T09:30:00+00:00")
    again = await send(client, source, delivered(source))
    assert (again.status_code, again.json()["result"]) == (200, "taken")
    assert await row_of(shipment) == row
    assert await told() == events


@pytest.mark.parametrize("source", SOURCES)
async def test_a_repeated_message_gets_the_first_answer(client: AsyncClient, source: str) -> None:
    await parcel(number=NUMBER)
    await listen(source)
    body = delivered(source)
    answers = [(await send(client, source, body)).json() for _ in range(2)]
    assert answers == [{"result": "taken"}, {"result": "taken", "repeated": True}]


@pytest.mark.parametrize("source", SOURCES)
async def test_another_secret_no_signature_or_a_changed_byte_is_refused(client: AsyncClient, source: str) -> None:
    shipment = await parcel(number=NUMBER)
    await listen(source)
    body = delivered(source)
    for headers, sent in (
        ({}, body), (signed(source, body, "another secret"), body), (signed(source, body), body + b" "),
        (dict.fromkeys(signed(source, body), "é,t=,v1="), body), (dict.fromkeys(signed(source, body), ""), body),
    ):  # fmt: skip
        answer = await send(client, source, sent, headers={k: v.encode("latin-1") for k, v in headers.items()})  # type: ignore[arg-type]
        assert answer.status_code == 401
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await row_of(shipment))["status"] == "unknown"


async def test_strangers_do_not_learn_which_merchants_are_here(client: AsyncClient) -> None:
    await listen("easypost")
    answers = [
        await send(client, "easypost", b"{}", merchant=merchant, headers={})
        for merchant in (MO, NIA, "nobody", "%00", "x" * 300)
    ]
    assert {answer.status_code for answer in answers} == {401}
    assert len({answer.content for answer in answers}) == 1
    assert (await send(client, "pigeon", b"{}", headers={})).status_code == 404


async def test_the_secret_of_one_merchant_opens_nothing_at_another(client: AsyncClient) -> None:
    await listen("easypost")
    await listen(merchant=NIA)
    await sources.add(NIA, "easypost", "nia's own secret")
    assert (await send(client, "easypost", delivered("easypost"), merchant=NIA)).status_code == 401


async def test_what_was_signed_long_ago_is_refused(client: AsyncClient) -> None:
    await parcel(number=NUMBER)
    await listen(*SOURCES)
    long_ago = time.time() - received.OLDEST.total_seconds() - 60
    body = delivered("shippo")
    answers = [await send(client, "shippo", body, headers=signed("shippo", body, at=long_ago))]
    event = messages.easypost(easypost_detail("delivered", AT))
    event["created_at"] = (clock.now() - received.OLDEST - timedelta(minutes=1)).isoformat()
    answers.append(await send(client, "easypost", raw(event)))
    answers.append(
        await send(client, "aftership", raw({**messages.aftership(checkpoint("Delivered", "", AT)), "ts": int(long_ago)}))
    )
    assert [answer.status_code for answer in answers] == [400, 400, 400]
    assert all("too far from now" in answer.json()["detail"] for answer in answers)


async def test_easyposts_newer_signature_also_covers_time_and_path(client: AsyncClient) -> None:
    await parcel(number=NUMBER)
    await listen("easypost")
    body, path = delivered("easypost"), f"/webhooks/easypost/{MO}"

    def headers(at: str, where: str) -> dict[str, str]:
        right = digest(f"{at}POST{where}".encode() + body).hex()
        return {"X-Timestamp": at, "X-Path": where, "X-Hmac-Signature-V2": f"hmac-sha256-hex={right}"}

    now = format_datetime(clock.now())
    assert (await send(client, "easypost", body, headers(now, "/elsewhere"))).status_code == 401
    assert (await send(client, "easypost", body, headers("yesterday", path))).status_code == 401
    old = format_datetime(clock.now() - timedelta(days=9))
    assert (await send(client, "easypost", body, headers(old, path))).status_code == 400
    assert (await send(client, "easypost", body, headers(now, path))).json() == {"result": "taken"}


async def test_shippo_may_show_its_secret_in_the_address(client: AsyncClient) -> None:
    await parcel(number=NUMBER)
    await listen("shippo")
    for token, status in ((SECRET, 200), ("another", 401), ("", 401)):
        answer = await client.post(f"/webhooks/shippo/{MO}", params={"token": token}, content=delivered("shippo"))
        assert answer.status_code == status


async def test_news_of_no_parcel_here_is_counted_and_may_come_again(client: AsyncClient) -> None:
    await listen("easypost")
    body = delivered("easypost")
    for _ in range(2):
        answer = await send(client, "easypost", body)
        assert (answer.status_code, answer.json()) == (200, {"result": "unmatched"})
    (row,) = await sources.everywhere()
    assert (row["unmatched"], row["unmatched_number"]) == (2, NUMBER)
    await parcel(number=NUMBER)
    assert (await send(client, "easypost", body)).json() == {"result": "taken"}


async def test_messages_of_other_kinds_are_received_and_nothing_is_done(client: AsyncClient) -> None:
    await listen("easypost")
    event = b'{"id": "evt_9", "object": "Event", "description": "batch.created", "result": {}}'
    assert (await send(client, "easypost", event)).json() == {"result": "ignored"}


async def test_of_messages_that_come_at_once_one_has_the_effect(client: AsyncClient) -> None:
    await parcel(number=NUMBER)
    await listen("easypost")
    body = delivered("easypost")
    answers = await asyncio.gather(*(send(client, "easypost", body) for _ in range(6)))
    assert sorted(answer.json().get("repeated", False) for answer in answers) == [False] + [True] * 5
    assert len(await db.rows("SELECT id FROM scans")) == 2


async def test_what_is_too_large_is_refused(client: AsyncClient) -> None:
    await listen("easypost")
    answer = await send(client, "easypost", b" " * (1024 * 1024 + 1))
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


async def test_old_messages_are_forgotten(client: AsyncClient) -> None:
    await parcel(number=NUMBER)
    await listen("easypost")
    await send(client, "easypost", delivered("easypost"))
    await received.forget()
    assert len(await db.rows("SELECT id FROM tracking_messages")) == 1
    await db.execute("UPDATE tracking_messages SET received_at = {}", clock.now() - received.KEPT - timedelta(hours=1))
    await received.forget()
    assert await db.rows("SELECT id FROM tracking_messages") == []


async def test_a_source_that_is_removed_is_refused(client: AsyncClient) -> None:
    await parcel(number=NUMBER)
    await listen("easypost")
    await send(client, "easypost", delivered("easypost"))
    await sources.remove(MO, "easypost")
    assert (await send(client, "easypost", delivered("easypost"))).status_code == 401


async def test_the_secret_is_kept_sealed() -> None:
    await sending.listen("easypost")
    (row,) = await db.rows("SELECT sealed_secret FROM tracking_sources")
    assert SECRET not in row["sealed_secret"]
