"""Who knows the password and guesses at the second factor keeps its owner out nowhere that the owner is known."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from httpx import AsyncClient

from app import db
from app.accounts import passwords, throttle
from app.errors import Refused
from tests import builders
from tests.accounts.conftest import Laptops
from tests.accounts.factor_steps import FACTOR, with_app
from tests.accounts.steps import PASSWORD, enter_password, is_in

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
async def alice() -> int:
    return await builders.customer(password_hash=passwords.HASHER.hash(PASSWORD))


async def guess(laptop: AsyncClient, most: int) -> int:
    """How many of so many guesses at once were looked at."""
    statuses = [(await laptop.post(FACTOR, data={"code": "000000"})).status_code for _ in range(most)]
    assert set(statuses) <= {422, 429}
    return statuses.count(422)


async def enter_with(laptop: AsyncClient, code: str) -> int:
    assert (await enter_password(laptop)).status_code == 303
    return (await laptop.post(FACTOR, data={"code": code})).status_code


async def test_guesses_elsewhere_do_not_keep_out_a_known_browser(laptops: Laptops, alice: int) -> None:
    with time_machine.travel(START, tick=False):
        _app, codes = await with_app(alice)
        owner, thief, other = laptops(), laptops("198.51.100.9"), laptops("198.51.100.10")
        assert await enter_with(owner, codes[0]) == 303
        await owner.post("/sign-out")
        await enter_password(thief)
        assert await guess(thief, 8) == 4
        assert await enter_with(other, codes[1]) == 429, "where nobody is known they are counted together"
        assert await enter_with(owner, codes[2]) == 303
        assert await is_in(owner)


async def test_a_cookie_that_is_nobodys_is_no_known_browser(laptops: Laptops, alice: int) -> None:
    with time_machine.travel(START, tick=False):
        await with_app(alice)
        thief = laptops("198.51.100.9")
        await enter_password(thief)
        looked_at = 0
        for n in range(8):
            thief.cookies.set("device", f"made up {n}")
            looked_at += await guess(thief, 1)
        assert looked_at == 4


async def test_a_known_browser_guesses_no_more_often(laptops: Laptops, alice: int) -> None:
    with time_machine.travel(START, tick=False):
        _app, codes = await with_app(alice)
        owner = laptops()
        assert await enter_with(owner, codes[0]) == 303
        await owner.post("/sign-out")
        await enter_password(owner)
        assert await guess(owner, 8) == 4


async def test_what_was_right_is_not_counted(laptops: Laptops, alice: int) -> None:
    with time_machine.travel(START, tick=False):
        _app, codes = await with_app(alice)
        for code in codes[:7]:
            assert await enter_with(laptops(), code) == 303
            await db.execute("DELETE FROM sign_in_attempts WHERE kind LIKE 'passwords%'")  # of those also right ones count
        kept = await db.rows("SELECT kind FROM sign_in_attempts WHERE kind LIKE 'factors%'")
        assert kept == []


async def test_proofs_are_counted_apart_from_the_door_and_by_session(laptops: Laptops, alice: int) -> None:
    with time_machine.travel(START, tick=False):
        owner, other = laptops(), laptops("198.51.100.9")
        for laptop in (owner, other):
            laptop.cookies.update(await builders.session(proved=False))
        answers = [(await other.post("/account/proof", data={"proof_password": "wrong"})).status_code for _ in range(8)]
        assert (answers.count(422), answers.count(429)) == (4, 4)
        await throttle.factor_tried(alice, "192.0.2.1")
        assert (await owner.post("/account/proof", data={"proof_password": PASSWORD})).status_code == 303
        kept = await db.rows("SELECT id FROM sign_in_attempts WHERE kind = 'proofs_session'")
        assert len(kept) == 4, "the right one is taken back"


async def test_after_the_wait_a_guess_is_looked_at_again(alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        for _ in range(4):
            await throttle.proof_tried(alice, 1, "192.0.2.1")
        with pytest.raises(Refused):
            await throttle.proof_tried(alice, 1, "192.0.2.1")
        clock.shift(timedelta(seconds=3))
        tries = await throttle.proof_tried(alice, 1, "192.0.2.1")
        await throttle.take_back(tries)
        await throttle.proof_tried(alice, 1, "192.0.2.1")
