"""All factors taken away at the shell: told at once, stopped by “this wasn't me”, done after a day, and done once."""

import asyncio
import json
import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from httpx import AsyncClient

from app import db
from app.accounts import devices, factor_resets, recovery_codes
from app.errors import Missing, Refused
from app.mail import letters
from tests import builders
from tests.accounts.factor_steps import half_in, with_app, with_passkey
from tests.accounts.steps import ask_for_code, enter_code, is_in, mailed_code, mails, sign_in, text_of
from tests.builders import ALICE, BOB

# The clocks of Paris go back that night, at 01:00 UTC.
START = datetime(2026, 10, 24, 12, tzinfo=UTC)
DAY = timedelta(hours=24)


@pytest.fixture
async def alice() -> int:
    """With a passkey, an app and recovery codes."""
    customer = await builders.customer(time_zone="Europe/Paris")
    await with_passkey(customer)
    await with_app(customer)
    return customer


async def factors_of(customer: int) -> int:
    tables = ("passkeys", "authenticators", "recovery_codes")
    counts = [
        (await db.rows(f"SELECT count(*) AS many FROM {name} WHERE customer = {{}}", customer))[0]["many"] for name in tables
    ]
    return sum(counts)


async def kinds() -> list[str]:
    return [row["kind"] for row in await db.rows("SELECT kind FROM events WHERE kind LIKE 'factor%' ORDER BY id")]


async def test_it_is_told_at_once_and_done_after_twenty_four_hours_whatever_the_clocks_do(laptop: AsyncClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        customer = await builders.customer(time_zone="Europe/Paris")
        await with_passkey(customer)
        assert await factor_resets.ask(customer, reason="phone in the lake") == START + DAY
        await letters.post()
        (mail,) = [mail for mail in mails() if "asked the shop to remove" in text_of(mail)]
        assert "It will be done on 25 October 2026, 13:00" in " ".join(text_of(mail).split()), "as their clock will show it"
        before = await factors_of(customer)
        clock.shift(DAY - timedelta(seconds=1))
        await factor_resets.carry_out()
        assert await factors_of(customer) == before == 11
        clock.shift(timedelta(seconds=1))
        await factor_resets.carry_out()
        assert await factors_of(customer) == 0
        assert await kinds() == ["factor_reset_asked", "factors_reset"]
        await letters.post()
        assert len([mail for mail in mails() if "Everybody was signed out." in text_of(mail)]) == 1


async def test_everything_that_stood_for_a_factor_is_gone_and_everybody_is_out(laptops, alice: int) -> None:
    inside, trusted = laptops(), laptops()
    inside.cookies.update(await builders.session(ALICE, factor=True))
    trusted.cookies[devices.cookie_name()] = "mine"
    await devices.remember(alice, "mine", "tests", trusted=True)
    await half_in(laptops())
    bob = await builders.customer(BOB, "Bob")
    await with_passkey(bob)
    await factor_resets.ask(alice, reason="all lost", at_once=True)
    assert not await is_in(inside)
    assert await db.rows("SELECT id FROM sign_ins") == []
    assert await factors_of(alice) == 0
    assert await recovery_codes.left(bob) == 10, "nobody else's"
    assert await db.rows("SELECT id FROM devices WHERE trusted_until IS NOT NULL") == []
    await sign_in(trusted)
    assert await is_in(trusted), "a mailed code is enough now"
    event = (await db.rows("SELECT data FROM events WHERE kind = 'factors_reset'"))[0]
    assert json.loads(event["data"]).items() >= {"by": "operator", "reason": "all lost"}.items()


async def test_this_wasnt_me_stops_it(laptop: AsyncClient, alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await factor_resets.ask(alice, reason="a voice on the telephone")
        await letters.post()
        path = re.search(r"http://localhost:8000(/not-me/\S+)", text_of(mails()[-1]))
        assert path
        assert (await laptop.get(path[1])).status_code == 200
        assert await factor_resets.pending(alice), "looking stops nothing"
        assert (await laptop.post(path[1])).status_code == 200
        assert await factor_resets.pending(alice) is None
        clock.shift(DAY * 2)
        await factor_resets.carry_out()
        assert await factors_of(alice) > 0
        assert await kinds() == ["factor_reset_asked", "factor_reset_stopped"]
        await ask_for_code(laptop)
        assert (await enter_code(laptop, mailed_code())).headers["location"] == "/sign-in/second-factor", (
            "it is still asked for"
        )


async def test_two_processes_that_look_at_once_do_it_once(alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await factor_resets.ask(alice, reason="lost")
        clock.shift(DAY)
        await asyncio.gather(*(factor_resets.carry_out() for _ in range(4)))
    assert await kinds() == ["factor_reset_asked", "factors_reset"]
    assert len(await db.rows("SELECT id FROM letters WHERE kind = 'alarm'")) == 4, "two factors added, one asked, one done"


async def test_stopped_and_carried_out_at_once_is_one_of_both(alice: int, laptop: AsyncClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await factor_resets.ask(alice, reason="lost")
        await letters.post()
        path = re.search(r"http://localhost:8000(/not-me/\S+)", text_of(mails()[-1]))
        assert path
        clock.shift(DAY)
        answer, _done = await asyncio.gather(laptop.post(path[1]), factor_resets.carry_out())
        assert answer.status_code == 200
        done = "factors_reset" in await kinds()
        assert done is ("factor_reset_stopped" not in await kinds())
        assert (await factors_of(alice) == 0) is done


async def test_the_shell_stops_it_once_and_asks_anew(alice: int) -> None:
    await factor_resets.ask(alice, reason="lost")
    with pytest.raises(Refused):
        await factor_resets.ask(alice, reason="again")
    with pytest.raises(Refused):
        await factor_resets.ask(alice, reason="again", at_once=True)
    await factor_resets.stop(alice)
    with pytest.raises(Missing):
        await factor_resets.stop(alice)
    await factor_resets.ask(alice, reason="lost after all")


async def test_who_has_no_factor_has_none_to_lose() -> None:
    bob = await builders.customer(BOB, "Bob")
    with pytest.raises(Refused):
        await factor_resets.ask(bob, reason="lost")
    assert await kinds() == []


async def test_a_new_passkey_after_it_stays(alice: int) -> None:
    with time_machine.travel(START, tick=False) as clock:
        await factor_resets.ask(alice, reason="lost", at_once=True)
        await with_passkey(alice)
        clock.shift(DAY * 3)
        await factor_resets.carry_out()
    assert await factors_of(alice) == 11


def test_serving_carries_it_out() -> None:
    from app.worker import CHORES

    assert factor_resets.carry_out in CHORES
