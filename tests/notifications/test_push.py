"""News on its way to browsers: signed, encrypted for each, and what follows from each answer of a push service."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from msgspec.structs import replace
from pytest_httpserver import HTTPServer

from app import clock, db, outgoing
from app.accounts.email_changes import NOWHERE
from app.i18n import Voice
from app.notifications import (
    bounces,
    preferences,
    push,
    push_addresses,
    push_keys,
    push_subscriptions,
    sending,
    unsubscribing,
    ways,
)
from app.notifications.channels import Never, NotNow, Person
from app.notifications.preferences import Choices
from app.settings import settings
from tests import builders
from tests.notifications.push_steps import PushService, claims, due, key_in, subscribed
from tests.notifications.steps import Sink, deliveries, notifications, targets, told

ENGLISH = Voice("en")


@pytest.fixture(autouse=True)
async def loopback(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[None]:
    """The push service of these tests is named, as an operator would."""
    monkeypatch.setattr(push_addresses, "settings", replace(settings, push_hosts=("localhost", "push.example.com")))
    push._signatures.clear()
    yield
    await push.close()


@pytest.fixture
def service(httpserver: HTTPServer) -> PushService:
    return PushService(httpserver)


async def test_a_message_arrives_signed_and_readable_for_that_browser_alone(service: PushService) -> None:
    browser = service.browser()
    row = await subscribed(browser)
    await push.send(due(row, ENGLISH))
    (asked,) = service.asked
    told = browser.opened(asked.get_data())
    shown = told["notification"]
    assert told["web_push"] == 8030
    assert told["app_badge"] == 5
    assert shown["navigate"] == f"{settings.base_url}/orders/A-1#parcel-3"
    assert (shown["tag"], shown["lang"], shown["dir"], shown["silent"]) == ("parcel-3", "en", "ltr", False)
    assert shown["title"]
    assert shown["icon"].startswith(f"{settings.base_url}/static/icons/push.")
    assert asked.headers["Content-Encoding"] == "aes128gcm"
    assert (asked.headers["TTL"], asked.headers["Urgency"]) == ("86400", "high")
    assert len(asked.headers["Topic"]) <= 32
    assert "parcel" not in asked.headers["Topic"]
    assert (await browser.row())["delivered_at"] is not None


async def test_the_token_names_the_push_service_and_ends_within_a_day(service: PushService) -> None:
    row = await subscribed(service.browser())
    await push.send(due(row, ENGLISH))
    (asked,) = service.asked
    said = claims(asked)
    assert said["aud"] == service.url().partition("/push/")[0]
    assert timedelta(hours=5) < datetime.fromtimestamp(said["exp"], UTC) - datetime.now(UTC) < timedelta(hours=24)
    assert said["sub"].startswith("mailto:")
    assert key_in(asked) == push_keys.public_key()


async def test_a_token_serves_for_hours_and_is_made_anew_before_it_ends(service: PushService) -> None:
    row = await subscribed(service.browser())
    with time_machine.travel(row["created_at"], tick=False) as clock:
        for hours in (0, 5, 2):
            clock.shift(timedelta(hours=hours))
            await push.send(due(row, ENGLISH))
    first, second, third = (asked.headers["Authorization"] for asked in service.asked)
    assert first == second != third
    assert claims(service.asked[2])["exp"] > claims(service.asked[0])["exp"]


async def test_each_of_several_browsers_is_a_target_of_its_own(service: PushService) -> None:
    one, other = service.browser("a"), service.browser("b")
    rows = [await subscribed(one), await subscribed(other)]
    person = due(rows[0], ENGLISH).person
    assert await targets(push, person) == [str(row["id"]) for row in rows]
    for row in rows:
        await push.send(due(row, ENGLISH))
    first, second = (asked.get_data() for asked in service.asked)
    assert one.opened(first) == other.opened(second)
    with pytest.raises(Exception, match=r"Decryption|tag|Invalid"):
        one.opened(second)


@pytest.mark.parametrize("status", [403, 404, 410])
async def test_a_dead_browsers_news_goes_by_mail_and_its_owner_is_told(service: PushService, status: int) -> None:
    row = await subscribed(service.browser())
    number = await _kept(row)
    service.statuses = [status]
    with pytest.raises(Never, match="sent by e-mail"):
        await push.send(due(row, ENGLISH, id=number))
    (mail,) = await deliveries()
    assert (mail["channel"], mail["target"], mail["state"], bool(mail["instead"])) == ("email", "", "waiting", True)
    assert await told() == 2  # that it was added, and that it is lost
    lost = (await notifications())[-1]
    assert (lost["kind"], lost["url"]) == ("push_lost", "/account/notifications/devices")


async def test_until_they_know_what_comes_later_goes_by_mail_too(service: PushService) -> None:
    row = await subscribed(service.browser())
    service.statuses = [410]
    for _ in range(2):
        with pytest.raises(Never):
            await push.send(due(row, ENGLISH, id=await _kept(row)))
    assert len(service.asked) == 1
    assert len(await deliveries()) == 2
    assert await targets(push, due(row, ENGLISH).person) == [str(row["id"])]
    events = await db.rows("SELECT kind FROM events WHERE kind = 'push_lost'")
    assert len(events) == 1


async def test_who_has_another_browser_left_is_reached_there(service: PushService) -> None:
    row, other = await subscribed(service.browser("a")), await subscribed(service.browser("b"))
    service.statuses = [410]
    with pytest.raises(Never):
        await push.send(due(row, ENGLISH, id=await _kept(row)))
    assert await targets(push, due(row, ENGLISH).person) == [str(other["id"])]


async def test_of_several_people_each_is_reached_where_they_are(service: PushService) -> None:
    """One in two browsers, one in a browser that has died unbeknown to them, one nowhere."""
    alices = [await subscribed(service.browser("a")), await subscribed(service.browser("b"))]
    bobs = [await subscribed(service.browser("c"), builders.BOB), await subscribed(service.browser("d"), builders.BOB)]
    for hours, row in enumerate(reversed(bobs)):
        at = clock.now() + timedelta(hours=hours)
        await db.execute("UPDATE push_subscriptions SET dead_since = {} WHERE id = {}", at, row["id"])
    nobody = await builders.customer("nobody@example.com", "Nobody")
    found = await push_subscriptions.targets([nobody, bobs[0]["customer"], alices[0]["customer"]])
    assert found == {alices[0]["customer"]: [str(row["id"]) for row in alices], bobs[0]["customer"]: [str(bobs[0]["id"])]}


async def test_a_mail_that_was_wanted_anyway_is_not_doubled(service: PushService) -> None:
    row = await subscribed(service.browser())
    number = await _kept(row)
    await db.insert("deliveries", [{"notification": number, "channel": "email", "message_id": "m", "state": "sent"}])
    service.statuses = [410]
    with pytest.raises(Never):
        await push.send(due(row, ENGLISH, id=number))
    assert [one["state"] for one in await deliveries()] == ["sent"]


@pytest.mark.parametrize("status", [429, 500, 502, 503])
async def test_a_busy_push_service_is_asked_again_when_it_says(service: PushService, status: int) -> None:
    row = await subscribed(service.browser())
    service.statuses, service.headers = [status], {"Retry-After": "120"}
    with pytest.raises(NotNow, match=str(status)) as caught:
        await push.send(due(row, ENGLISH))
    assert caught.value.after == timedelta(seconds=120)
    service.headers = {}
    with pytest.raises(NotNow) as caught:
        await push.send(due(row, ENGLISH))
    assert caught.value.after is None


async def test_a_token_that_is_refused_is_made_anew_and_the_message_tried_again(service: PushService) -> None:
    """401: the clock is wrong, here or there; nothing is lost by it."""
    row = await subscribed(service.browser())
    service.statuses = [401, 201]
    with time_machine.travel(row["created_at"], tick=False) as clock:
        with pytest.raises(NotNow, match="401 said"):
            await push.send(due(row, ENGLISH))
        clock.shift(timedelta(seconds=30))
        await push.send(due(row, ENGLISH))
    first, second = (claims(asked)["exp"] for asked in service.asked)
    assert second > first
    assert (await service.browser().row())["dead_since"] is None


async def test_a_subscription_of_a_key_we_had_before_is_dead_at_mozillas_too(service: PushService) -> None:
    """It answers 401 where RFC 8292 has 403, and says so in words."""
    row = await subscribed(service.browser())
    service.statuses = [401]
    service.text = '{"code":401,"errno":109,"error":"Unauthorized","message":"VAPID public key mismatch"}'
    with pytest.raises(Never, match="sent by e-mail"):
        await push.send(due(row, ENGLISH, id=await _kept(row)))
    assert (await service.browser().row())["dead_since"] is not None


@pytest.mark.parametrize("status", [302, 400])
async def test_a_refusal_is_final_and_says_why(service: PushService, status: int, caplog: pytest.LogCaptureFixture) -> None:
    row = await subscribed(service.browser())
    service.statuses, service.headers = [status], {"Location": service.url("b")}
    with pytest.raises(Never, match=f"{status} said"):
        await push.send(due(row, ENGLISH))
    assert f"localhost refused: {status} said" in caplog.text
    assert len(service.asked) == 1  # a redirect is not followed
    assert await deliveries() == []


async def test_what_is_too_long_is_sent_shorter_once(service: PushService) -> None:
    browser = service.browser()
    row = await subscribed(browser)
    message = replace(push.push_messages.of(due(row, ENGLISH)), body="so many words " * 400)
    service.statuses = [413, 201]
    await push.deliver(row, message)
    long, short = (asked.get_data() for asked in service.asked)
    assert len(short) < 1_200 < len(long) < 3_000
    assert browser.opened(short)["notification"]["body"].endswith(("so…", "many…", "words…"))
    service.statuses = [413]
    with pytest.raises(Never, match="413"):
        await push.deliver(row, message)
    assert len(service.asked) == 4


async def test_no_answer_in_time_is_tried_again(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    row = await subscribed(service.browser())
    service.server.stop()  # type: ignore[no-untyped-call]
    try:
        with pytest.raises(NotNow):
            await push.send(due(row, ENGLISH))
    finally:
        service.server.start()  # type: ignore[no-untyped-call]


async def test_who_has_signed_out_there_gets_nothing_there(service: PushService) -> None:
    row = await subscribed(service.browser())
    await db.execute("DELETE FROM sessions WHERE id = {}", row["session"])
    await builders.session(builders.ALICE)  # on SQLite it gets the number of the one that is gone
    assert await targets(push, due(row, ENGLISH).person) == []
    with pytest.raises(Never, match="signed out"):
        await push.send(due(row, ENGLISH))
    assert service.asked == []


async def test_an_address_that_is_no_longer_allowed_is_not_called(
    service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = await subscribed(service.browser())
    monkeypatch.setattr(push_addresses, "settings", replace(settings, push_hosts=("push.example.com",)))
    with pytest.raises(Never, match=r"COMPTOIR_PUSH_HOSTS.*; sent by e-mail"):
        await push.send(due(row, ENGLISH, id=await _kept(row)))
    assert service.asked == []
    assert [one["channel"] for one in await deliveries()] == ["email"]
    assert (await service.browser().row())["dead_since"] is not None


@pytest.mark.parametrize("address", ["127.0.0.1", "10.0.0.5", "169.254.169.254", "::1", "::ffff:10.0.0.5", "fe80::1"])
async def test_a_name_that_leads_inside_by_now_is_not_connected_to(
    service: PushService, monkeypatch: pytest.MonkeyPatch, address: str
) -> None:
    """DNS rebinding: what is connected to is the address that was looked at."""
    row = dict(await subscribed(service.browser())) | {"endpoint": "https://push.example.com/x"}

    async def inside(*_args: Any, **_more: Any) -> list[dict[str, Any]]:
        return [{"hostname": "push.example.com", "host": address, "port": 443, "family": 2, "proto": 6, "flags": 0}]

    monkeypatch.setattr(outgoing.ThreadedResolver, "resolve", inside)
    with pytest.raises(NotNow, match="no public address"):
        await push.deliver(row, push.push_messages.of(due(row, ENGLISH)))


async def test_it_is_one_of_the_ways_and_ends_with_the_process(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "CHANNELS", {"push": push})
    await push.send(due(await subscribed(service.browser()), ENGLISH))
    session = push._session
    assert session is not None
    await ways.close()
    assert session.closed
    assert push._session is None


async def test_many_at_once_share_their_connections(service: PushService) -> None:
    row = await subscribed(service.browser())
    await asyncio.gather(*(push.send(due(row, ENGLISH)) for _ in range(30)))
    assert len(service.asked) == 30
    assert len({asked.get_data() for asked in service.asked}) == 30  # never the same salt


async def test_who_is_nobody_has_no_targets() -> None:
    person = Person(id=1, email="", name="", phone="", phrase="", unread=0, voice=ENGLISH)
    assert await targets(push, person) == []


async def _kept(row: db.Row) -> int:
    """A notification in the table, as the worker makes it."""
    count = len(await notifications())
    kept = {"customer": row["customer"], "event": 1_000 + count, "topic": "deliveries", "kind": "shipment_delivered"}
    return int((await db.insert("notifications", [kept], "id"))[0]["id"])


async def test_the_mail_in_its_place_goes_although_no_mails_are_wanted(
    service: PushService, monkeypatch: pytest.MonkeyPatch
) -> None:
    """From the event on, by the worker's own turns."""
    mail = Sink()
    monkeypatch.setattr(ways, "CHANNELS", {"push": push, "email": mail})
    row = await subscribed(service.browser())
    await preferences.change(row["customer"], Choices(preferences.EVERY - {("orders", "email")}), offered=preferences.WAYS)
    order = await builders.order("A-1")
    assert order["customer"] == row["customer"]
    await told()
    service.statuses = [410]
    sent = await sending.claim("push", 10)
    assert len(sent) == 1
    for due_now in sent:
        await sending.send(push, due_now)
    assert [(one["channel"], one["state"]) for one in await deliveries()] == [("push", "failed"), ("email", "waiting")]
    for due_now in await sending.claim("email", 10):
        await sending.send(mail, due_now)
    assert [one.news.kind for one in mail.got] == ["order_placed"]


async def test_who_stops_such_mails_gets_none_any_more(service: PushService, monkeypatch: pytest.MonkeyPatch) -> None:
    """RFC 8058: one POST, and it is done, although mails of this topic were off already; what waits is not sent either."""
    mail = Sink()
    monkeypatch.setattr(ways, "CHANNELS", {"push": push, "email": mail})
    row = await subscribed(service.browser())
    customer = row["customer"]
    await preferences.change(customer, Choices(preferences.EVERY - {("orders", "email")}), offered=preferences.WAYS)
    service.statuses = [410]
    await builders.order("A-1")
    await told()
    for due_now in await sending.claim("push", 10):
        await sending.send(push, due_now)
    address = unsubscribing.address(customer, builders.ALICE, "orders", "email")
    await unsubscribing.stop(address.rpartition("/")[2])
    assert await targets(push, due(row, ENGLISH).person) == []
    await builders.order("A-2")
    await told()
    assert [one["channel"] for one in await deliveries() if one["state"] == "waiting"] == []
    assert [due_now.news.kind for due_now in await sending.claim("email", 10)] == []


@pytest.mark.parametrize("closed", [True, False])
async def test_no_mail_takes_its_place_where_there_is_no_mailbox(service: PushService, closed: bool) -> None:
    row = await subscribed(service.browser())
    about = due(row, ENGLISH, id=await _kept(row))
    if closed:
        await bounces.mark(row["customer"], builders.ALICE, "550 no such user")
    else:
        about = replace(about, person=replace(about.person, email=f"1{NOWHERE}"))
    service.statuses = [410]
    with pytest.raises(push.Gone, match=r"^410 said$"):
        await push.send(about)
    assert await deliveries() == []


async def test_a_visit_and_the_news_of_a_death_wait_for_each_other(service: PushService) -> None:
    """Both take the customer first, then the browser: no deadlock on PostgreSQL, whoever comes first."""
    browser = service.browser()
    row = await subscribed(browser)
    given = push_addresses.read(browser.json)
    async with builders.signed_in(row["customer"]) as viewer:
        await push_subscriptions.renew(viewer, given)
        for _ in range(10):
            await db.execute("UPDATE push_subscriptions SET dead_since = NULL WHERE id = {}", row["id"])
            visits = [push_subscriptions.renew(viewer, given) for _ in range(4)]
            await asyncio.gather(*visits[:2], push_subscriptions.died(row), *visits[2:])
    assert (await browser.row())["dead_since"] is not None


async def test_as_many_as_go_at_once_have_a_connection_each() -> None:
    """To one push service, which answers when it has seen all of them."""
    waiting, all_there = set[asyncio.StreamWriter](), asyncio.Event()

    async def answer(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        waiting.add(writer)
        if len(waiting) == push.AT_ONCE:
            all_there.set()
        await all_there.wait()
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server, outgoing.session() as session:
        url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"
        answers = await asyncio.gather(*(outgoing.post(session, url, b"", {}) for _ in range(push.AT_ONCE)))
    assert {one.status for one in answers} == {201}


async def test_the_wait_for_a_free_connection_is_no_fault_of_the_other_side() -> None:
    async with outgoing.session() as session:
        assert (session.timeout.connect, session.timeout.sock_connect) == (None, 5)
