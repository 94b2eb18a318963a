"""What goes out: claimed once, tried again with growing waits, given up in the end, held back by night and by choice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine

from app import clock, db
from app.events.actions import record
from app.i18n import Voice
from app.notifications import preferences, sending
from app.notifications.channels import Never, NotNow
from app.notifications.preferences import DEFAULTS, Choices
from tests import builders
from tests.notifications.steps import Sink, deliveries, sent, told


async def refunded(**columns: Any) -> int:
    """Alice hears of a refund; her id."""
    customer = await builders.customer(**columns)
    await record("refund_succeeded", customer=customer, order=5, amount=100, currency="EUR")
    await told()
    return customer


async def only() -> dict[str, Any]:
    (one,) = await deliveries()
    return one


async def again() -> None:
    await db.execute("UPDATE deliveries SET next_try_at = {}", clock.now() - timedelta(seconds=1))


async def test_a_failure_is_kept_and_tried_again_later_with_the_same_message_id(mail: Sink) -> None:
    await refunded()
    first = await only()
    mail.fault = RuntimeError("the wire is cut")
    await sent("email", mail)
    after = await only()
    assert (after["state"], after["attempts"], after["message_id"]) == ("waiting", 1, first["message_id"])
    assert "RuntimeError: the wire is cut" in after["last_error"]
    assert after["next_try_at"] > clock.now() + timedelta(seconds=20)
    assert await sent("email", mail) == 0
    mail.fault = None
    await again()
    await sent("email", mail)
    assert mail.got[0].message_id == first["message_id"]
    assert mail.got[0].attempts == 2
    assert (await only())["last_error"] == ""


async def test_the_other_side_may_say_when(mail: Sink) -> None:
    await refunded()
    mail.fault = NotNow("429", after=timedelta(hours=9))
    await sent("email", mail)
    assert (await only())["next_try_at"] > clock.now() + timedelta(hours=8, minutes=59)
    assert (await only())["last_error"] == "429"


async def test_what_cannot_be_is_given_up_at_once_and_the_rest_after_some_days(mail: Sink) -> None:
    await refunded()
    mail.fault = Never("no such mailbox")
    await sent("email", mail)
    assert ((await only())["state"], (await only())["last_error"]) == ("failed", "no such mailbox")
    await db.execute("UPDATE deliveries SET state = 'waiting', attempts = 0, next_try_at = {}", clock.now())
    mail.fault = NotNow("busy")
    for _ in range(sending.MOST_ATTEMPTS):
        assert (await only())["state"] == "waiting"
        await again()
        await sent("email", mail)
    assert ((await only())["state"], (await only())["attempts"]) == ("failed", sending.MOST_ATTEMPTS)


def test_the_waits_grow_to_six_hours_and_last_for_days() -> None:
    waits = [sending.wait_after(n) for n in range(1, sending.MOST_ATTEMPTS)]
    assert timedelta(seconds=24) <= waits[0] <= timedelta(seconds=36)
    assert max(waits) <= timedelta(hours=6 * 1.2)
    assert timedelta(days=2) < sum(waits, timedelta()) < timedelta(days=5)


async def test_a_claim_of_a_dead_process_comes_up_again(mail: Sink) -> None:
    await refunded()
    (due,) = await sending.claim("email", 10)
    assert await sending.claim("email", 10) == []  # nobody else has it meanwhile
    await again()
    (twice,) = await sending.claim("email", 10)
    assert (twice.message_id, twice.attempts) == (due.message_id, 2)
    await sending.send(mail, twice)
    mail.fault = NotNow("late")  # the first was not dead, only slow: what it says now is old
    await sending.send(mail, due)
    assert (await only())["state"] == "sent"


async def test_what_is_no_longer_wanted_is_dropped(mail: Sink) -> None:
    customer = await refunded()
    assert await preferences.stop(customer, "returns_and_refunds", "email")
    assert not await preferences.stop(customer, "returns_and_refunds", "email")
    await sent("email", mail)
    assert mail.got == []
    assert (await only())["state"] == "dropped"


NIGHT = datetime(2026, 11, 27, 22, 30, tzinfo=UTC)  # half past eleven in Paris


async def test_push_waits_for_the_end_of_the_quiet_hours_and_mail_does_not(push: Sink) -> None:
    customer = await builders.customer(time_zone="Europe/Paris")
    await preferences.change(customer, Choices(DEFAULTS, quiet_from="22:00", quiet_until="07:00"))
    with time_machine.travel(NIGHT, tick=False):
        await record("shipment_attempt_failed", customer=customer, order=5)
        await told()
        assert (await only())["next_try_at"] == datetime(2026, 11, 28, 6, 0, tzinfo=UTC)
        await db.execute("UPDATE deliveries SET next_try_at = {}", clock.now())  # one from before the choice
        assert await sent("push", push) == 0
        waits = await only()
        assert (waits["next_try_at"], waits["attempts"]) == (datetime(2026, 11, 28, 6, 0, tzinfo=UTC), 0)
    with time_machine.travel(NIGHT + timedelta(hours=8)):
        assert await sent("push", push) == 1


@pytest.mark.parametrize(
    ("begin", "end", "at", "ends"),
    [
        ("22:00", "07:00", "21:59", None), ("22:00", "07:00", "22:00", "07:00+1"), ("22:00", "07:00", "06:59", "07:00"),
        ("22:00", "07:00", "07:00", None), ("13:00", "15:00", "14:00", "15:00"), ("13:00", "15:00", "15:00", None),
        ("", "", "03:00", None),
    ],
)  # fmt: skip
def test_quiet_hours_end_by_the_persons_own_clock(begin: str, end: str, at: str, ends: str | None) -> None:
    voice = Voice("en", "Asia/Tokyo")
    moment = datetime.fromisoformat(f"2026-11-27T{at}:00+09:00").astimezone(UTC)
    found = Choices(quiet_from=begin, quiet_until=end).quiet_ends(moment, voice)
    if ends is None:
        assert found is None
        return
    day = 28 if ends.endswith("+1") else 27
    assert found == datetime.fromisoformat(f"2026-11-{day}T{ends.removesuffix('+1')}:00+09:00")


def test_quiet_hours_over_a_change_of_clocks_end_at_the_hour_that_was_said() -> None:
    """25 October 2026: three o'clock is two again in Paris."""
    found = Choices(quiet_from="22:00", quiet_until="07:00").quiet_ends(
        datetime(2026, 10, 24, 21, 0, tzinfo=UTC), Voice("fr", "Europe/Paris")
    )
    assert found == datetime(2026, 10, 25, 6, 0, tzinfo=UTC)


@pytest.mark.parametrize(("at", "ends"), [("00:10", "00:30"), ("01:10", "01:30")])
def test_quiet_hours_that_end_in_the_hour_that_comes_twice_end_after_now(at: str, ends: str) -> None:
    """Paris, 25 October 2026: 02:10 is 00:10 and again 01:10 in UTC. An end in the past would be put off for ever."""
    found = Choices(quiet_from="22:00", quiet_until="02:30").quiet_ends(
        datetime.fromisoformat(f"2026-10-25T{at}:00+00:00"), Voice("fr", "Europe/Paris")
    )
    assert found == datetime.fromisoformat(f"2026-10-25T{ends}:00+00:00")
