"""Messages to merchants' systems: signed, whole, tried again, given up visibly; an endpoint that never answers is left."""

import asyncio
import json
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from pytest_httpserver import HTTPServer
from standardwebhooks import Webhook
from werkzeug import Request, Response

from app import clock, db
from app.events import unnoticed
from app.mail import letters
from app.outgoing import Session
from app.webhooks import actions, sending
from tests import builders
from tests.accounts.steps import mails, text_of
from tests.builders import MO, NIA
from tests.webhooks.steps import SECRET, deliveries, endpoint, happens, make_due, send_due

HOOK = "/hook"


def answering(server: HTTPServer, *statuses: int, **headers: str) -> list[Request]:
    """Answers so one after the other, the last for ever; what was asked is collected."""
    asked: list[Request] = []

    def answer(request: Request) -> Response:
        request.get_data()
        asked.append(request)
        return Response("said", status=statuses[min(len(asked), len(statuses)) - 1], headers=headers)

    server.expect_request(HOOK).respond_with_handler(answer)
    return asked


async def test_an_event_arrives_signed_with_the_whole_order(httpserver: HTTPServer, session: Session) -> None:
    asked = answering(httpserver, 204)
    await endpoint(httpserver.url_for(HOOK))
    order = await builders.order("A-1")
    event = await happens("shipment_delivered", order["id"], tracking_number="1Z", shipment=7)
    assert await send_due(session) == 1
    told = Webhook(SECRET).verify(asked[0].get_data(), dict(asked[0].headers))
    assert (told["type"], told["data"]["id"]) == ("shipment_delivered", event)
    assert told["data"]["about"] == {"tracking_number": "1Z"}
    assert (told["data"]["order"]["external_id"], told["data"]["order"]["merchant"]) == ("A-1", MO)
    assert asked[0].headers["Content-Type"] == "application/json"
    (row,) = await deliveries()
    assert (row["state"], row["attempts"], row["last_status"]) == ("sent", 1, 204)
    assert await send_due(session) == 0


async def test_a_failed_message_is_tried_again_under_the_same_id_with_growing_waits(
    httpserver: HTTPServer, session: Session
) -> None:
    asked = answering(httpserver, 500, 302, 200)
    await endpoint(httpserver.url_for(HOOK))
    await happens("order_placed")
    begun = clock.now()
    await send_due(session)
    (row,) = await deliveries()
    assert (row["state"], row["last_status"], row["last_error"]) == ("waiting", 500, "said")
    assert timedelta(seconds=4) < row["next_try_at"] - begun < timedelta(seconds=60)
    assert await send_due(session) == 0, "it is not due"
    await make_due()
    await send_due(session)
    (row,) = await deliveries()
    assert timedelta(seconds=239) < row["next_try_at"] - begun
    await make_due()
    await send_due(session)
    assert len({request.headers["webhook-id"] for request in asked}) == 1
    assert [(row["state"], row["attempts"]) for row in await deliveries()] == [("sent", 3)]
    assert (await db.rows("SELECT failing_since FROM webhook_endpoints"))[0]["failing_since"] is None


async def test_after_days_it_is_given_up_and_after_a_week_the_endpoint_is_switched_off_and_its_owners_told(
    httpserver: HTTPServer, session: Session
) -> None:
    answering(httpserver, 503)
    await endpoint(httpserver.url_for(HOOK))
    with time_machine.travel(datetime(2026, 11, 2, 8, tzinfo=UTC), tick=False) as clocks:
        await happens("order_placed")
        for wait in sending.WAITS:
            assert await send_due(session) == 1
            clocks.shift(wait * 1.2)
        await send_due(session)
        assert [(row["state"], row["attempts"]) for row in await deliveries()] == [("failed", len(sending.WAITS) + 1)]
        clocks.shift(sending.GIVES_UP_AFTER)
        await happens("order_updated")
        await send_due(session)
        (row,) = await db.rows("SELECT disabled_by, disabled_at FROM webhook_endpoints")
        assert (row["disabled_by"], row["disabled_at"]) == ("failing", clock.now())
        await happens("order_cancelled")
        clocks.shift(timedelta(days=1))
        assert await send_due(session) == 0
        await letters.post()
    (mail,) = mails()
    assert mail["Subject"] == "Nothing gets through to an address of Atelier Mo any more: it is called no longer."
    assert httpserver.url_for(HOOK) in text_of(mail)
    assert ("By " in text_of(mail), "run the shop" in mail.as_string()) == (False, False), "nobody did it"


async def test_an_endpoint_that_has_just_answered_is_not_switched_off_for_a_week_of_failure(
    httpserver: HTTPServer, session: Session
) -> None:
    """Its other message was on its way already, from a time when nothing had got through."""
    answering(httpserver, 200, 500)
    await endpoint(httpserver.url_for(HOOK))
    with time_machine.travel(datetime(2026, 11, 10, 8, tzinfo=UTC), tick=False):
        await db.execute("UPDATE webhook_endpoints SET failing_since = {}", clock.now() - timedelta(days=8))
        for kind in ("order_placed", "order_updated"):
            await happens(kind)
        (first,) = await sending.claim(20, {})
        (second,) = await sending.claim(20, {})
        await sending.send(session, first)
        await sending.send(session, second)
        (row,) = await db.rows("SELECT failing_since, disabled_at FROM webhook_endpoints")
        assert (row["failing_since"], row["disabled_at"]) == (clock.now(), None)


async def test_who_says_gone_is_called_no_more(httpserver: HTTPServer, session: Session) -> None:
    answering(httpserver, 410)
    await endpoint(httpserver.url_for(HOOK))
    await happens("order_placed")
    await send_due(session)
    (row,) = await db.rows("SELECT disabled_by FROM webhook_endpoints")
    assert row["disabled_by"] == "gone"


async def test_who_asks_to_wait_is_waited_for(httpserver: HTTPServer, session: Session) -> None:
    answering(httpserver, 429, **{"Retry-After": "3600"})
    await endpoint(httpserver.url_for(HOOK))
    await happens("order_placed")
    begun = clock.now()
    await send_due(session)
    assert (await deliveries())[0]["next_try_at"] - begun >= timedelta(hours=1)


async def test_what_has_failed_together_does_not_come_back_together(httpserver: HTTPServer, session: Session) -> None:
    answering(httpserver, 500)
    await endpoint(httpserver.url_for(HOOK))
    with time_machine.travel(datetime(2026, 11, 2, 8, tzinfo=UTC), tick=False):
        for _ in range(10):
            await happens("order_updated")
        assert await send_due(session) == 10
        waits = [row["next_try_at"] - clock.now() for row in await deliveries()]
        assert len(set(waits)) > 1
        assert all(sending.WAITS[0] * 0.8 <= wait <= sending.WAITS[0] * 1.2 for wait in waits)


async def test_two_processes_send_one_message_once(httpserver: HTTPServer, session: Session) -> None:
    asked = answering(httpserver, 200)
    await endpoint(httpserver.url_for(HOOK))
    for _ in range(10):
        await happens("order_updated")
    sent = await asyncio.gather(*(send_due(session) for _ in range(4)))
    assert (sum(sent), len(asked)) == (10, 10)


async def test_a_few_of_each_endpoint_are_sent_the_first_of_each_first() -> None:
    many, failing, off, late = [await endpoint(f"https://{name}.example/") for name in ("many", "failing", "off", "late")]
    for _ in range(12):
        await happens("order_updated")
    at = clock.now() - timedelta(hours=1)
    await db.execute("UPDATE webhook_deliveries SET next_try_at = {}", at)
    for number, wait in ((failing, -1), (late, 1)):
        await db.execute(
            "UPDATE webhook_deliveries SET next_try_at = {} WHERE endpoint = {}", at + timedelta(minutes=wait), number
        )
    await db.execute("UPDATE webhook_endpoints SET failing_since = {} WHERE id = {}", at, failing)
    await db.execute("UPDATE webhook_endpoints SET disabled_at = {} WHERE id = {}", at, off)
    told = await sending.claim(20, {})
    assert [due["endpoint"] for due in told] == [failing, many, late, *[many, late] * 9][:20]
    assert [due["id"] for due in told[1::2]] == sorted(due["id"] for due in told[1::2])
    assert told[0]["url"] == "https://failing.example/"


async def test_what_is_due_is_found_without_reading_all_that_waits() -> None:
    if not db.ON_SQLITE:
        pytest.skip("PostgreSQL plans by the size of the table: with a few rows it reads them all")
    for sql, args in ((sending.WAITING, (clock.now(), 20)), (sending.DUE, (1, clock.now(), 10))):
        plan = [row["detail"] for row in await db.rows(f"EXPLAIN QUERY PLAN {sql}", *args)]
        read = [line for line in plan if "SEARCH" in line or "SCAN" in line]
        assert all("webhook_deliveries_of_endpoint" in line for line in read if line != "SCAN e"), plan
        assert sql is sending.WAITING or not any("TEMP" in line for line in plan), plan


async def test_an_attempt_that_takes_long_is_made_once(httpserver: HTTPServer, session: Session) -> None:
    asked = answering(httpserver, 200)
    await endpoint(httpserver.url_for(HOOK))
    with time_machine.travel(datetime(2026, 11, 2, 8, tzinfo=UTC), tick=False) as clocks:
        await happens("order_placed")
        (mine,) = await sending.claim(20, {})
        clocks.shift(timedelta(seconds=15))
        assert await sending.claim(20, {}) == [], "somebody is at it"
        await sending.send(session, mine)
    assert [(row["state"], row["attempts"]) for row in await deliveries()] == [("sent", 1)]
    assert len(asked) == 1


@pytest.mark.parametrize("late", [409, 410])
async def test_what_has_arrived_is_not_undone_by_an_attempt_that_was_given_up_for_dead(
    httpserver: HTTPServer, session: Session, late: int
) -> None:
    answering(httpserver, 200, late)
    await endpoint(httpserver.url_for(HOOK))
    await happens("order_placed")
    (first,) = await sending.claim(20, {})
    await make_due()
    (second,) = await sending.claim(20, {})
    await sending.send(session, second)
    await sending.send(session, first)
    (row,) = await deliveries()
    assert (row["state"], row["attempts"], row["last_status"], row["sent_at"] is None) == ("sent", 2, 200, False)
    (asked,) = await db.rows("SELECT failing_since, disabled_at FROM webhook_endpoints")
    assert (asked["failing_since"], asked["disabled_at"]) == (None, None)


async def test_only_what_an_endpoint_wants_and_only_its_own_merchants(session: Session) -> None:
    await endpoint("https://a.example/", "parcels refunds")
    await endpoint("https://b.example/", merchant=NIA)
    for kind in ("order_placed", "shipment_delivered", "refund_succeeded", "api_key_made", "member_added"):
        await happens(kind)
    await happens("order_placed", merchant=None)
    await happens("order_placed", merchant=NIA)
    found = await db.rows(
        "SELECT e.url, d.kind FROM webhook_deliveries d JOIN webhook_endpoints e ON e.id = d.endpoint ORDER BY d.id"
    )
    assert [(row["url"], row["kind"]) for row in found] == [
        ("https://a.example/", "shipment_delivered"), ("https://a.example/", "refund_succeeded"),
        ("https://b.example/", "order_placed"),
    ]  # fmt: skip


async def test_an_event_is_written_down_for_an_endpoint_once() -> None:
    await endpoint("https://a.example/")
    event = await happens("order_placed")
    await db.execute("UPDATE events SET noticed_at = NULL WHERE id = {}", event)
    with pytest.raises(Exception, match=r"(?i)unique"):
        await actions.announce(await unnoticed.claim_one(event))
    assert len(await deliveries()) == 1


async def test_an_order_that_is_gone_is_told_as_none(httpserver: HTTPServer, session: Session) -> None:
    asked = answering(httpserver, 200)
    await endpoint(httpserver.url_for(HOOK))
    await happens("order_updated", 10**6)
    await send_due(session)
    assert json.loads(asked[0].get_data())["data"]["order"] is None


async def test_the_log_is_forgotten_after_a_month() -> None:
    await endpoint("https://a.example/")
    await happens("order_placed")
    await db.execute("UPDATE webhook_deliveries SET state = 'sent', created_at = {}", clock.now() - timedelta(days=31))
    await happens("order_placed")
    assert await sending.forget(100) == 1
    assert len(await deliveries()) == 1


async def test_what_waits_for_an_endpoint_that_stayed_off_is_forgotten_too() -> None:
    await endpoint("https://a.example/")
    await happens("order_placed")
    month = clock.now() - timedelta(days=31)
    await db.execute("UPDATE webhook_deliveries SET created_at = {}", month)
    assert await sending.forget(100) == 0  # sent again by hand: its time is yet to come, or has just come
    await db.execute("UPDATE webhook_deliveries SET next_try_at = {}", month)
    assert await sending.forget(100) == 1


async def test_the_log_names_the_host_alone(httpserver: HTTPServer, session: Session, caplog: pytest.LogCaptureFixture) -> None:
    """What follows it is often a secret."""
    asked = answering(httpserver, 500)
    await endpoint(httpserver.url_for(HOOK) + "?token=hidden")
    await happens("order_placed")
    with caplog.at_level("INFO", "app"):
        await send_due(session)
    assert len(asked) == 1
    (line,) = [record.getMessage() for record in caplog.records if record.name.startswith("app.")]
    assert line.endswith("to localhost: 500")
