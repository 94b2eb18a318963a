"""What a customer was told, on its page; what they want to be told, on theirs."""

import re
from datetime import timedelta

import pytest
from httpx import AsyncClient

from app import clock, db
from app.events.actions import record
from app.i18n import Voice
from app.notifications import forgetting, preferences
from app.notifications.channels import News
from app.notifications.kinds import KINDS, TOPICS
from app.notifications.lists import PAGE
from app.notifications.wording import said, why
from tests import builders
from tests.notifications.steps import Sink, notifications, sent, told, unread

HOME = {"Origin": "http://counter.example", "Sec-Fetch-Site": "same-origin"}


async def news(*kinds: str) -> int:
    """Of Alice; her id."""
    customer = await builders.customer()
    for kind in kinds:
        await record(kind, customer=customer, order=None if kind == "passkey_added" else 5, amount=4800, currency="EUR")
    await told()
    return customer


async def test_the_newest_is_first_marked_unread_and_opening_it_reads_it(alice: AsyncClient) -> None:
    customer = await news("refund_succeeded", "shipment_attempt_failed")
    shown = (await alice.get("/notifications")).text
    assert shown.index("Not delivered") < shown.index("€48.00 refunded")
    assert shown.count("<i>Unread</i>") == 2
    assert "Needs you" in shown
    first = (await notifications())[0]["id"]
    answer = await alice.post(f"/notifications/{first}/reading", headers=HOME)
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders")
    assert (await alice.get("/notifications")).text.count("<i>Unread</i>") == 1
    assert await unread(customer) == 1


async def test_reading_the_page_changes_nothing(alice: AsyncClient) -> None:
    customer = await news("refund_succeeded")
    await alice.get("/notifications")
    assert await unread(customer) == 1


async def test_what_has_gone_out_since_is_said_though_the_revision_is_the_same(alice: AsyncClient, mail: Sink) -> None:
    await news("refund_succeeded")
    known = {"If-None-Match": (await alice.get("/orders")).headers["etag"]}
    before = await alice.get("/notifications", headers=known)
    assert (before.status_code, "etag" in before.headers, "Also sent by" in before.text) == (200, False, False)
    assert await sent("email", mail) == 1
    assert (await alice.get("/orders", headers=known)).status_code == 304
    assert "Also sent by" in (await alice.get("/notifications", headers=known)).text


async def test_all_that_the_page_knew_are_marked_and_what_came_since_is_still_news(alice: AsyncClient) -> None:
    customer = await news("refund_succeeded")
    shown = re.search(r'name="until" value="(\d+)"', (await alice.get("/notifications?topic=messages&unread=yes")).text)
    assert shown is None, "nothing of that kind"
    shown = re.search(r'name="until" value="(\d+)"', (await alice.get("/notifications")).text)
    assert shown
    await news("shipment_attempt_failed")
    await alice.post("/notifications/reading", data={"until": shown[1]}, headers=HOME)
    assert await unread(customer) == 1
    await alice.post("/notifications/reading", data={"until": "9" * 40}, headers=HOME)
    assert await unread(customer) == 0


async def test_all_are_marked_and_it_is_said(alice: AsyncClient) -> None:
    customer = await news("refund_succeeded", "order_cancelled")
    answer = await alice.post("/notifications/reading", headers=HOME)
    assert answer.headers["location"] == "/notifications"
    shown = (await alice.get("/notifications")).text
    assert "2 marked as read." in shown
    assert "Mark all as read" not in shown
    assert await unread(customer) == 0


async def test_filters_by_topic_and_unread_and_nonsense_shows_all(alice: AsyncClient) -> None:
    await news("refund_succeeded", "order_cancelled", "passkey_added")
    assert "refunded" not in (await alice.get("/notifications?topic=security")).text
    assert "Passkey added" in (await alice.get("/notifications?topic=security")).text
    await alice.post("/notifications/reading", headers=HOME)
    assert "There is no notification like this" in (await alice.get("/notifications?unread=yes")).text
    for query in ("topic=x", "before=x", "before=0_2026-01-01", "before=99999999999_2026-01-01", "before=5_x"):
        assert (await alice.get(f"/notifications?{query}")).text.count('id="notification-') == 3, query


async def test_older_ones_come_a_page_at_a_time_each_once(alice: AsyncClient) -> None:
    await news(*["refund_succeeded"] * (PAGE + 2))
    first = (await alice.get("/notifications")).text
    assert first.count('id="notification-') == PAGE
    older = first.split('id="older"><a class="button" href="')[1].split('"')[0].replace("&amp;", "&")
    part = await alice.get(older, headers={"HX-Request": "true", "HX-Request-Type": "partial"})
    assert part.text.count('id="notification-') == 2
    assert "<h2>" not in part.text  # the same day goes on
    assert "Back to the newest" in (await alice.get(older)).text


async def test_a_new_customer_finds_a_quiet_page(alice: AsyncClient) -> None:
    assert "All quiet" in (await alice.get("/notifications")).text


async def test_it_says_on_which_other_ways_it_was_sent(alice: AsyncClient, mail: Sink) -> None:
    await news("refund_succeeded")
    await sent("email", mail)
    assert "Also sent by e-mail." in (await alice.get("/notifications")).text
    choices = (await alice.get("/account/notifications")).text
    assert f"1 this month, last on {Voice('en').day(clock.now())} by e-mail." in choices


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_words_with_and_without_what_it_is_about(kind: str, locale: str) -> None:
    full = {
        "of": {"number": "A-1", "shop": "Mo", "title": "Teapot", "more": 2, "total": 4800, "currency": "EUR"}, "amount": 100,
        "currency": "EUR", "reason": "consignee_not_home", "place": "Relais", "signed_by": "A", "quantity": 1, "title": "Cup",
        "estimated_from": "2026-11-24T13:00:00+00:00", "estimated_to": "2026-11-24T15:00:00+00:00",
    }  # fmt: skip
    hostile = {"of": [], "amount": "x", "currency": 3, "reason": {}, "estimated_to": "soon", "by": [], "quantity": True}
    for data in (full, {}, hostile):
        one = News(id=1, topic=KINDS[kind].topic, kind=kind, order=1, url="/", data=data, at=clock.now())
        words = said(one, Voice(locale, "Europe/Paris"))
        assert words.title
        assert words.action
        assert "%(" not in words.title + words.body


@pytest.mark.parametrize("locale", ["en", "fr"])
def test_every_topic_has_a_reason(locale: str) -> None:
    assert all(why(topic, Voice(locale)) for topic in TOPICS)


async def test_choices_are_kept_and_what_the_form_did_not_show_stays(alice: AsyncClient, mail: Sink) -> None:
    customer = await builders.customer()
    form = {
        "on": ["orders.app", "deliveries.email", "offers.app"],
        "quiet": "yes",
        "quiet_from": "21:30",
        "quiet_until": "08:00",
    }
    answer = await alice.post("/account/notifications", data=form, headers=HOME)
    assert answer.status_code == 303
    chosen = await preferences.one(customer)
    kept = {
        ("orders", "app"),
        ("deliveries", "email"),
        ("messages", "app"),
        ("offers", "app"),
        ("desk", "app"),
        ("desk", "email"),
    }
    assert {pair for pair in chosen.on if pair[1] in ("app", "email") and pair[0] != "security"} == kept
    assert {("security", "app"), ("security", "email"), ("orders", "push")} <= chosen.on
    assert (chosen.quiet_from, chosen.quiet_until, chosen.one_interruption) == ("21:30", "08:00", False)
    shown = (await alice.get("/account/notifications")).text
    assert 'value="deliveries.email" checked' in shown
    assert 'value="orders.email" checked' not in shown
    assert 'value="21:30"' in shown
    assert "Choice of notifications changed" in (await alice.get("/account/activity")).text


@pytest.mark.parametrize("hours", [("25:00", "08:00"), ("", ""), ("22:00", ""), ("08:00", "08:00"), ("'", "x")])
async def test_hours_that_are_none_are_refused_in_place(alice: AsyncClient, hours: tuple[str, str]) -> None:
    form = {"on": "orders.app", "quiet": "yes", "quiet_from": hours[0], "quiet_until": hours[1]}
    answer = await alice.post("/account/notifications", data=form, headers=HOME)
    assert answer.status_code == 422
    assert 'id="quiet_from-error"' in answer.text
    assert await db.rows("SELECT 1 FROM notice_settings") == []


async def test_security_cannot_be_stopped_and_nonsense_neither() -> None:
    customer = await builders.customer()
    for topic, way in (("security", "email"), ("security", "app"), ("weather", "email"), ("orders", "pigeon")):
        with pytest.raises(preferences.Invalid):
            await preferences.stop(customer, topic, way)


async def test_old_ones_are_forgotten_and_the_count_stays_right(mail: Sink) -> None:
    customer = await news("refund_succeeded", "order_cancelled", "refund_succeeded")
    first = (await notifications())[0]["id"]
    old = clock.now() - forgetting.KEPT - timedelta(days=1)
    await db.execute("UPDATE notifications SET created_at = {} WHERE id = {}", old, first)
    assert await forgetting.bite() == 1
    assert len(await notifications()) == 2
    assert await unread(customer) == 2
    assert len(await db.rows("SELECT 1 FROM deliveries")) == 2


@pytest.mark.parametrize(
    ("zone", "shown"),
    [("Europe/Paris", "By the clock of France – Paris."), ("", "Your time zone is not known: these hours are in UTC.")],
)
async def test_quiet_hours_say_whose_they_are(alice: AsyncClient, zone: str, shown: str) -> None:
    await db.execute("UPDATE customers SET time_zone = {}", zone)
    text = (await alice.get("/account/notifications")).text
    assert (shown in text, 'href="/account/profile#zone"' in text) == (True, True)
