"""News by text message: off by default, to confirmed numbers, a few a day."""

import asyncio
from datetime import timedelta

import pytest

from app import clock, db
from app.events.actions import record
from app.mail import gateway
from app.notifications import people, sending, sms, ways
from app.notifications.preferences import DEFAULTS, Choices, change
from app.notifications.sender import ChannelSender
from tests import builders
from tests.mail.gateway_steps import NUMBER, sms_gateway, use_gateway  # noqa: F401
from tests.notifications import letters
from tests.notifications.steps import deliveries, targets, told


@pytest.fixture
async def alice() -> int:
    """She wants deliveries by text, and her number is hers."""
    customer = await builders.customer(phone=NUMBER, phone_confirmed_at=clock.now())
    await change(customer, Choices(DEFAULTS | {("deliveries", "sms")}, one_interruption=False))
    return customer


async def parcel(external_id: str = "1001") -> None:
    await letters.parcel("ready_for_pickup", external_id, way="sms", channel=sms)


async def turn() -> None:
    for due in await sending.claim("sms", 100):
        await sending.send(sms, due)


def test_without_a_gateway_it_is_not_offered(monkeypatch) -> None:
    monkeypatch.setitem(ways.CHANNELS, "sms", sms)
    assert "sms" not in ways.open_ways()


async def test_a_parcel_is_told_in_one_short_text(sms_gateway, alice) -> None:  # noqa: F811
    assert "sms" not in ways.open_ways()
    await parcel()
    await turn()
    ((number, text),) = sms_gateway.got
    assert number == NUMBER
    assert text.startswith("Ready for pick-up: Teapot")
    assert text.endswith("http://localhost:8000/orders/1001#parcel-7")
    assert len(text) <= 160
    assert [row["state"] for row in await deliveries()] == ["sent"]


async def test_a_number_that_nobody_has_confirmed_gets_nothing(sms_gateway, alice) -> None:  # noqa: F811
    await db.execute("UPDATE customers SET phone_confirmed_at = NULL")
    await parcel()
    assert await deliveries() == []


async def test_a_number_that_was_removed_meanwhile_gets_nothing(sms_gateway, alice) -> None:  # noqa: F811
    await parcel()
    await db.execute("UPDATE customers SET phone = '', phone_confirmed_at = NULL")
    await turn()
    assert sms_gateway.got == []
    assert [row["state"] for row in await deliveries()] == ["failed"]


async def test_a_gateway_that_says_no_is_asked_again(sms_gateway, alice) -> None:  # noqa: F811
    sms_gateway.status = 503
    await parcel()
    await turn()
    (row,) = await deliveries()
    assert (row["state"], row["attempts"]) == ("waiting", 1)
    assert "503" in row["last_error"]
    assert NUMBER not in row["last_error"]


async def test_nobody_gets_more_than_a_days_share(sms_gateway, alice) -> None:  # noqa: F811
    for n in range(sms.MOST_A_DAY + 2):
        await parcel(str(n))
        await turn()
    assert len(sms_gateway.got) == len(await deliveries()) == sms.MOST_A_DAY
    await db.execute("UPDATE deliveries SET sent_at = {}, created_at = {}", *[clock.now() - timedelta(hours=25)] * 2)
    await parcel("later")
    await turn()
    assert len(sms_gateway.got) == sms.MOST_A_DAY + 1


async def test_what_had_to_wait_for_a_day_is_not_sent_on_top(sms_gateway, alice) -> None:  # noqa: F811
    for n in range(sms.MOST_A_DAY):
        await parcel(str(n))
    await db.execute("UPDATE deliveries SET created_at = {}", clock.now() - timedelta(hours=25))
    await parcel("today")
    await turn()
    assert len(sms_gateway.got) == sms.MOST_A_DAY
    assert [row["state"] for row in await deliveries()].count("failed") == 1


async def test_another_persons_texts_do_not_count(sms_gateway, alice) -> None:  # noqa: F811
    for n in range(sms.MOST_A_DAY):
        await parcel(str(n))
    bob = await builders.customer(builders.BOB, "Bob", phone=NUMBER, phone_confirmed_at=clock.now())
    assert await targets(sms, (await people.named([bob]))[bob]) == [""]
    assert await targets(sms, (await people.named([alice]))[alice]) == []


@pytest.mark.parametrize("backwards", [False, True])
async def test_a_day_has_no_more_when_much_is_on_its_way_at_once(sms_gateway, alice, backwards) -> None:  # noqa: F811
    """One batch of news, all of it claimed before any of it is out."""
    ways.CHANNELS.clear()
    order = await builders.order("many", placed_at=clock.now())
    await told()
    ways.CHANNELS["sms"] = sms
    for n in range(15):
        about = {"key": str(n), "shipment": n, "carrier": "Colissimo", "tracking_number": f"6A{n:011}"}
        await record("shipment_ready_for_pickup", customer=alice, merchant=order["merchant"], order=order["id"], **about)
    await told()
    claimed = await sending.claim("sms", 100)
    assert len(claimed) == 15
    await asyncio.gather(*(sending.send(sms, due) for due in sorted(claimed, key=lambda due: due.id, reverse=backwards)))
    assert len(sms_gateway.got) == sms.MOST_A_DAY
    assert sorted(row["state"] for row in await deliveries()) == ["failed"] * 9 + ["sent"] * 6


async def test_no_text_waits_for_a_thread_while_its_time_runs() -> None:
    assert ChannelSender(sms, "sms", asyncio.Event()).most < gateway.THREADS
