import asyncio
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app import db
from app.accounts import throttle
from app.accounts.throttle import Limit
from app.errors import Refused
from tests.builders import ALICE, BOB

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
THREE = Limit("three", 3, timedelta(minutes=10))


async def tried(limit: Limit, key: str = ALICE) -> int:
    """0 when it may go on, else the seconds to wait."""
    try:
        await throttle.count(limit, key)
    except Refused as refused:
        return refused.retry_after
    return 0


@pytest.mark.parametrize(
    ("host", "network"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:aaaa::1", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:bbbb::2", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::1", "2001:db8:1:3::/64"),
        ("::1", "::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
        ("testclient", "testclient"),
    ],
)
def test_a_network_is_an_ipv4_address_or_half_an_ipv6_one(host, network):
    assert throttle.network(host) == network


async def test_the_window_slides_and_the_wait_is_exact():
    with time_machine.travel(START, tick=False) as clock:
        for minute in (0, 2, 4):
            clock.move_to(START + timedelta(minutes=minute))
            assert await tried(THREE) == 0
        clock.move_to(START + timedelta(minutes=5))
        wait = await tried(THREE)
        assert 300 <= wait <= 301  # the try of minute 0 leaves the window at minute 10
        clock.shift(wait - 2)
        assert await tried(THREE) > 0
        clock.shift(2)
        assert await tried(THREE) == 0
        assert await tried(THREE) > 0, "one place was free, not three"


async def test_refused_tries_do_not_prolong_the_wait():
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(3):
            await tried(THREE)
        for _ in range(50):
            clock.shift(10)
            assert await tried(THREE) > 0
        clock.move_to(START + timedelta(minutes=10, seconds=1))
        assert await tried(THREE) == 0


async def test_keys_and_kinds_are_counted_apart():
    other_kind = Limit("other", 3, timedelta(minutes=10))
    for _ in range(3):
        await tried(THREE, ALICE)
    assert await tried(THREE, ALICE) > 0
    assert await tried(THREE, BOB) == 0
    assert await tried(other_kind, ALICE) == 0


async def test_of_many_tries_at_once_no_more_than_allowed_go_on():
    waits = await asyncio.gather(*(tried(THREE) for _ in range(25)))
    assert waits.count(0) <= 3
    (row,) = await db.rows("SELECT count(*) AS n FROM sign_in_attempts")
    assert row["n"] == waits.count(0), "what was refused is not kept"


async def test_neither_addresses_nor_networks_are_stored():
    await throttle.code_asked(ALICE, "192.0.2.7")
    kept = str([dict(row) for row in await db.rows("SELECT kind, key_hash FROM sign_in_attempts")])
    assert "alice" not in kept
    assert "192.0.2" not in kept


async def test_old_rows_are_forgotten_as_it_goes():
    with time_machine.travel(START, tick=False) as clock:
        for guest in range(30):
            await tried(THREE, f"guest{guest}@example.com")
        clock.shift(timedelta(hours=1, seconds=1))
        for _ in range(2):
            await tried(THREE, BOB)
    (row,) = await db.rows("SELECT count(*) AS n FROM sign_in_attempts")
    assert row["n"] == 2


async def test_five_codes_an_hour_for_an_address_from_one_network_and_fifteen_from_everywhere():
    for network in ("192.0.2.1", "192.0.2.2", "192.0.2.3"):
        for _ in range(5):
            await throttle.code_asked(ALICE, network)
        with pytest.raises(Refused):
            await throttle.code_asked(ALICE, network)
    with pytest.raises(Refused):
        await throttle.code_asked(ALICE, "192.0.2.4")
    await throttle.code_asked(BOB, "192.0.2.4")


async def test_thirty_codes_an_hour_from_one_network_for_whatever_addresses():
    for guest in range(30):
        await throttle.code_asked(f"guest{guest}@example.com", "2001:db8::/64")
    with pytest.raises(Refused):
        await throttle.code_asked("one-more@example.com", "2001:db8::/64")
    await throttle.code_asked("one-more@example.com", "2001:db9::/64")


async def test_fifty_codes_may_be_tried_from_one_network_in_an_hour():
    for _ in range(50):
        await throttle.code_tried("192.0.2.1")
    with pytest.raises(Refused):
        await throttle.code_tried("192.0.2.1")


async def test_after_four_passwords_each_waits_twice_as_long():
    with time_machine.travel(START, tick=False) as clock:
        for n in range(4):
            await throttle.password_tried(ALICE, f"192.0.2.{n}")
        for wait in (2, 4, 8, 16):
            with pytest.raises(Refused) as caught:
                await throttle.password_tried(ALICE, "192.0.2.99")
            assert caught.value.retry_after == wait + 1
            clock.shift(timedelta(seconds=wait))
            await throttle.password_tried(ALICE, "192.0.2.99")


async def test_a_strangers_tries_do_not_keep_out_a_browser_that_the_owner_is_known_on():
    with time_machine.travel(START, tick=False):
        for n in range(4):
            await throttle.password_tried(ALICE, f"192.0.2.{n}")
        with pytest.raises(Refused):
            await throttle.password_tried(ALICE, "198.51.100.1")
        await throttle.password_tried(ALICE, "198.51.100.1", device="hers")
        for _ in range(3):
            await throttle.password_tried(ALICE, "198.51.100.1", device="hers")
        with pytest.raises(Refused):
            await throttle.password_tried(ALICE, "198.51.100.1", device="hers")


async def test_ten_passwords_for_one_address_and_fifty_from_one_network_in_a_quarter_of_an_hour():
    with time_machine.travel(START, tick=False) as clock:
        for n in range(10):
            clock.shift(timedelta(seconds=0 if n < 4 else 2 ** (n - 3)))
            await throttle.password_tried(ALICE, f"192.0.2.{n}")
        with pytest.raises(Refused) as caught:
            await throttle.password_tried(ALICE, "192.0.2.99")
        assert caught.value.retry_after <= 15 * 60 + 1
        for n in range(50):
            await throttle.password_tried(f"guest{n}@example.com", "198.51.100.1")
        with pytest.raises(Refused):
            await throttle.password_tried(BOB, "198.51.100.1")
        clock.shift(timedelta(minutes=15, seconds=1))
        await throttle.password_tried(ALICE, "198.51.100.1")
