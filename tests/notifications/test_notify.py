"""Events become news: one notification for whom it concerns, one delivery for each way and target they want it on."""

from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from app.events.actions import record, record_all, row
from app.notifications import actions, preferences
from app.notifications.preferences import DEFAULTS, Choices
from tests import builders
from tests.notifications.steps import Sink, deliveries, notifications, sent, told, unread


async def parcel(kind: str = "out_for_delivery", **about: Any) -> int:
    """News of a parcel of Alice's; her id."""
    order = await builders.order(placed_at=clock.now())
    await told()
    data = {"key": "1", "shipment": 7, "carrier": "DHL", "tracking_number": "X1", **about}
    await record(f"shipment_{kind}", customer=order["customer"], merchant=order["merchant"], order=order["id"], **data)
    return int(order["customer"])


async def test_an_order_is_told_once_in_the_app_and_by_mail_and_raises_the_revision(mail: Sink) -> None:
    order = await builders.order(placed_at=clock.now())
    before = await db.one("SELECT revision, unread FROM customers")
    assert await told() == 2  # placed and paid: one piece of news
    assert await told() == 0
    (one,) = await notifications()
    assert (one["kind"], one["topic"], one["url"]) == ("order_placed", "orders", f"/orders/{order['address']}")
    assert [(it["channel"], it["state"]) for it in await deliveries()] == [("email", "waiting")]
    after = await db.one("SELECT revision, unread FROM customers")
    assert before
    assert after
    assert after["unread"] == 1
    assert after["revision"] > before["revision"]
    assert await sent("email", mail) == 1
    assert await sent("email", mail) == 0
    assert mail.got[0].person.email == builders.ALICE
    assert [(it["state"], it["attempts"]) for it in await deliveries()] == [("sent", 1)]


async def test_the_past_is_put_into_the_list_once_as_it_was_told_and_sent_nowhere(mail: Sink) -> None:
    now, day = clock.now(), timedelta(days=1)
    customer = await builders.customer()
    silent = await builders.customer(builders.BOB, "Bob")
    await preferences.change(silent, Choices(on=frozenset()))
    for who in (customer, silent):
        past = [row("order_placed", customer=who, at=now - days * day, history=True) for days in (1, 3, 9)]
        await record_all([*past, row("order_placed", customer=who, at=now)])
    for _ in range(2):
        await actions.recall(now - 5 * day, now - 2 * day)
        assert [(it["customer"], it["at"], it["created_at"], it["read_at"]) for it in await notifications()] == [
            (customer, now - 3 * day, now - 3 * day, now - 3 * day), (customer, now - day, now - day, None),
        ]  # fmt: skip
        assert (await unread(customer), await unread(silent), await deliveries()) == (1, 0, [])


async def test_history_tells_nobody(mail: Sink) -> None:
    customer = await builders.customer()
    await record_all([row("order_placed", customer=customer, history=True)])
    assert await told() == 0
    assert await notifications() == []


@pytest.mark.parametrize("late", [False, True], ids=["said late", "a worker that comes late"])
async def test_what_happened_long_ago_is_told_in_the_app_alone(mail: Sink, late: bool) -> None:
    customer = await builders.customer()
    await record("refund_succeeded", customer=customer, order=5, at=clock.now() - timedelta(days=31))
    if late:
        await db.execute("UPDATE events SET recorded_at = at")
    await told()
    assert len(await notifications()) == 1
    assert await deliveries() == []


async def test_each_target_of_a_way_gets_a_delivery_of_its_own(push: Sink) -> None:
    push.places = ["1", "2"]
    await parcel("ready_for_pickup")
    await told()
    found = await deliveries()
    assert [it["target"] for it in found if it["channel"] == "push"][-2:] == ["1", "2"]
    assert len({it["message_id"] for it in found}) == len(found)


async def test_a_way_is_asked_once_for_all_whom_it_is_to_reach(mail: Sink) -> None:
    alice, bob, nobody = [await builders.customer(f"{name}@example.com", name) for name in ("alice", "bob", "nobody")]
    await preferences.change(nobody, Choices(DEFAULTS - {("returns_and_refunds", "email")}))
    await told()
    mail.asked.clear()
    for customer in (alice, bob, alice, nobody):
        await record("refund_succeeded", customer=customer, order=5)
    assert await told() == 4
    assert mail.asked == [{alice, bob}]
    assert await sent("email", mail) == 3
    assert sorted(due.person.id for due in mail.got) == sorted([alice, alice, bob])


async def test_of_a_parcel_only_what_needs_them_or_is_there_disturbs(push: Sink) -> None:
    customer = await parcel("in_transit")
    first = len(await deliveries())  # of the order itself
    await told()
    assert len(await deliveries()) == first
    await record("shipment_attempt_failed", customer=customer, order=1)
    await record("shipment_delivered", customer=customer, order=1)
    await record("shipment_out_for_delivery", customer=customer, order=1)
    await told()
    assert len(await deliveries()) == first + 2
    await preferences.change(customer, Choices(one_interruption=False))
    await record("shipment_out_for_delivery", customer=customer, order=1)
    await told()
    assert len(await deliveries()) == first + 3


async def test_a_silenced_topic_is_told_nowhere(mail: Sink) -> None:
    customer = await parcel("delivered")
    silent = Choices(frozenset(pair for pair in DEFAULTS if pair[0] != "deliveries"))
    await preferences.change(customer, silent)
    seen = len(await notifications())
    await told()
    assert len(await notifications()) == seen
    assert await db.rows("SELECT 1 FROM events WHERE noticed_at IS NULL") == []


async def test_mail_alone_is_not_shown_and_counts_as_read(mail: Sink) -> None:
    customer = await parcel("delivered")
    await preferences.change(customer, Choices(DEFAULTS - {("deliveries", "app")}))
    before = await unread(customer)
    await told()
    assert await unread(customer) == before
    assert not (await notifications())[-1]["shown"]
    assert (await deliveries())[-1]["state"] == "waiting"


async def test_security_is_told_in_the_app_and_left_to_its_letters_elsewhere(mail: Sink) -> None:
    customer = await builders.customer()
    await record("passkey_added", customer=customer)
    await record("signed_in", customer=customer, new_device=False)
    await record("sign_in_failed", customer=customer)
    await told()
    assert [it["kind"] for it in await notifications()] == ["passkey_added"]
    assert await deliveries() == []


@pytest.mark.parametrize("text", ["{", "[]", "null", '{"shipment": "x", "of": 3, "estimated_to": 9, "reason": []}', "\ud7ff"])
async def test_data_that_cannot_be_read_is_told_all_the_same(mail: Sink, text: str) -> None:
    customer = await parcel("delivered")
    await db.execute("UPDATE events SET data = {} WHERE kind = 'shipment_delivered'", text)
    await told()
    assert (await notifications())[-1]["kind"] == "shipment_delivered"
    assert await unread(customer) == 2


async def test_one_that_cannot_be_told_does_not_hold_up_the_others(mail: Sink, monkeypatch: pytest.MonkeyPatch) -> None:
    customer = await builders.customer()
    for kind in ("refund_succeeded", "order_cancelled", "refund_succeeded"):
        await record(kind, customer=customer, order=5)
    real = actions.notify

    async def broken(events: Any) -> int:
        if any(event.kind == "order_cancelled" for event in events):
            raise ZeroDivisionError("what a programmer overlooked")
        return await real(events)

    monkeypatch.setattr(actions, "notify", broken)
    await told()
    assert [it["kind"] for it in await notifications()] == ["refund_succeeded"] * 2
    (fault,) = await db.rows("SELECT * FROM event_faults")
    assert "ZeroDivisionError" in fault["last_error"]
    monkeypatch.setattr(actions, "notify", real)
    await db.execute("UPDATE event_faults SET next_try_at = {}", clock.now())
    await told()
    assert [it["kind"] for it in await notifications()][-1] == "order_cancelled"
    assert await db.rows("SELECT * FROM event_faults") == []


async def test_read_counts_down_once_and_a_strangers_does_not_exist(mail: Sink) -> None:
    customer = await parcel("delivered")
    await told()
    one = (await notifications())[-1]
    assert await unread(customer) == 2
    assert (await actions.read(customer, one["id"])).endswith("#parcel-7")
    await actions.read(customer, one["id"])
    assert await unread(customer) == 1
    bob = await builders.customer(builders.BOB, "Bob")
    with pytest.raises(actions.Missing):
        await actions.read(bob, one["id"])
    assert await actions.read_all(customer) == 1
    assert await actions.read_all(customer) == 0
    assert await unread(customer) == 0
