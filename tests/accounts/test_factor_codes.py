"""Codes of an app (RFC 6238) and recovery codes: each opens once, and only for whom it was made."""

import asyncio
from base64 import b32encode
from datetime import UTC, datetime, timedelta

import pyotp
import pytest
import time_machine

from app import db
from app.accounts import authenticators, recovery_codes
from tests import builders
from tests.builders import BOB

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
# RFC 6238, appendix B: the SHA-1 rows, of which an app of six digits shows the last six.
RFC_KEY = b32encode(b"12345678901234567890").decode()
RFC_CODES = [
    (59, "94287082"), (1111111109, "07081804"), (1111111111, "14050471"), (1234567890, "89005924"),
    (2000000000, "69279037"), (20000000000, "65353130"),
]  # fmt: skip


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


async def set_up(customer: int) -> pyotp.TOTP:
    """Confirmed with the code of the step before, so that this step's is still unused."""
    app = pyotp.TOTP(await authenticators.begin(customer, 1))
    before = datetime.now(UTC) - timedelta(seconds=30)
    assert await authenticators.confirm(customer, 1, app.at(before))
    return app


@pytest.mark.parametrize(("at", "code"), RFC_CODES)
def test_the_vectors_of_the_standard(at: int, code: str) -> None:
    assert authenticators.step_of(RFC_KEY, code[-6:], at) == at // 30


def test_a_clock_may_be_a_step_off_and_not_two() -> None:
    code = pyotp.TOTP(RFC_KEY).at(60_000)
    assert [authenticators.step_of(RFC_KEY, code, 60_000 + skew) is not None for skew in (-60, -30, 0, 30, 60)] == [
        False, True, True, True, False,
    ]  # fmt: skip


async def test_a_code_opens_once_also_when_it_comes_twice_at_once(alice: int) -> None:
    with time_machine.travel(START, tick=False):
        app = await set_up(alice)
        code = app.now()
        assert sorted(await asyncio.gather(*(authenticators.spend(alice, code) for _ in range(5)))) == [False] * 4 + [True]
        assert not await authenticators.spend(alice, code)


async def test_an_older_step_is_worth_nothing_after_a_newer_one(alice: int) -> None:
    with time_machine.travel(START, tick=False):
        app = await set_up(alice)
        assert await authenticators.spend(alice, app.at(START + timedelta(seconds=30)))
        assert not await authenticators.spend(alice, app.at(START))


async def test_until_it_is_confirmed_an_app_opens_nothing(alice: int) -> None:
    with time_machine.travel(START, tick=False):
        app = pyotp.TOTP(await authenticators.begin(alice, 1))
        assert await authenticators.begin(alice, 1) == app.secret, "a page loaded twice shows the same key"
        assert not await authenticators.spend(alice, app.now())
        assert not await authenticators.confirm(alice, 1, "000000" if app.now() != "000000" else "111111")
        assert await authenticators.confirm(alice, 1, f" {app.now()[:3]} {app.now()[3:]} ")
        assert not await authenticators.confirm(alice, 1, app.at(START + timedelta(seconds=30)))


async def test_the_key_is_kept_sealed(alice: int) -> None:
    key = await authenticators.begin(alice, 1)
    (row,) = await db.rows("SELECT sealed_key FROM authenticators")
    assert key not in row["sealed_key"]


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "１２３４５６", "' OR 1", "1" * 10_000])
async def test_what_is_no_code_is_none(alice: int, code: str) -> None:
    await set_up(alice)
    assert not await authenticators.spend(alice, code)
    await recovery_codes.make(alice)
    assert not await recovery_codes.spend(alice, code)


async def test_ten_recovery_codes_each_open_once(alice: int) -> None:
    codes = await recovery_codes.make(alice)
    assert len(set(codes)) == 10
    assert sorted(await asyncio.gather(*(recovery_codes.spend(alice, codes[0]) for _ in range(5)))) == [False] * 4 + [True]
    assert await recovery_codes.left(alice) == 9
    read_aloud = codes[1].upper().replace("-", " ").replace("0", "O").replace("1", "l")
    assert await recovery_codes.spend(alice, read_aloud)


async def test_new_codes_end_the_old_ones_and_nobody_elses_open(alice: int) -> None:
    old = await recovery_codes.make(alice)
    new = await recovery_codes.make(alice)
    bob = await builders.customer(BOB, "Bob")
    assert not await recovery_codes.spend(alice, old[0])
    assert not await recovery_codes.spend(bob, new[0])
    assert await recovery_codes.spend(alice, new[0])
    (row,) = await db.rows("SELECT code_hash FROM recovery_codes WHERE position = 2")
    assert new[1].replace("-", "") not in row["code_hash"]
