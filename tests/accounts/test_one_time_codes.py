import asyncio
import re
from datetime import UTC, datetime, timedelta

import time_machine

from app import db
from app.accounts import one_time_codes
from tests.accounts.steps import wrong
from tests.builders import ALICE, BOB


async def test_a_code_opens_once():
    code_id, code = await one_time_codes.issue(ALICE)
    assert re.fullmatch(r"\d{6}", code)
    assert await one_time_codes.spend(ALICE, code, code_id) is True
    assert await one_time_codes.spend(ALICE, code, code_id) is False


async def test_the_table_does_not_hold_the_code():
    _, code = await one_time_codes.issue(ALICE)
    (row,) = await db.rows("SELECT * FROM sign_in_codes")
    assert code not in str({**row, "id": 0, "created_at": "", "expires_at": ""})


async def test_the_same_digits_for_two_addresses_are_kept_as_two_hashes(monkeypatch):
    monkeypatch.setattr("secrets.randbelow", lambda _most: 42)
    made = [await one_time_codes.issue(email) for email in (ALICE, BOB)]
    assert [code for _, code in made] == ["000042", "000042"]
    hashes = {row["code_hash"] for row in await db.rows("SELECT code_hash FROM sign_in_codes")}
    assert len(hashes) == 2


async def test_a_code_is_good_for_its_address_only():
    code_id, code = await one_time_codes.issue(ALICE)
    assert await one_time_codes.spend(BOB, code, code_id) is False
    assert await one_time_codes.spend(ALICE, code, code_id) is True


async def test_a_code_is_good_only_where_it_was_asked_for():
    code_id, code = await one_time_codes.issue(ALICE)
    for _ in range(20):
        assert await one_time_codes.spend(ALICE, code, code_id + 1) is False
    assert await one_time_codes.spend(ALICE, code, code_id) is True, "a stranger used up the tries"


async def test_the_right_code_comes_too_late_after_five_wrong_ones():
    code_id, code = await one_time_codes.issue(ALICE)
    for _ in range(5):
        assert await one_time_codes.spend(ALICE, wrong(code), code_id) is False
    assert await one_time_codes.spend(ALICE, code, code_id) is False


async def test_the_fifth_try_may_be_the_right_one():
    code_id, code = await one_time_codes.issue(ALICE)
    for _ in range(4):
        await one_time_codes.spend(ALICE, wrong(code), code_id)
    assert await one_time_codes.spend(ALICE, code, code_id) is True


async def test_guesses_sent_at_the_same_moment_are_not_more_than_five():
    code_id, code = await one_time_codes.issue(ALICE)
    await asyncio.gather(*(one_time_codes.spend(ALICE, wrong(code), code_id) for _ in range(30)))
    (row,) = await db.rows("SELECT tries FROM sign_in_codes")
    assert row["tries"] == 5


async def test_the_right_code_sent_many_times_at_once_opens_once():
    code_id, code = await one_time_codes.issue(ALICE)
    opened = await asyncio.gather(*(one_time_codes.spend(ALICE, code, code_id) for _ in range(5)))
    assert sorted(opened) == [False, False, False, False, True]


async def test_a_code_is_good_for_ten_minutes():
    start = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        first_id, first = await one_time_codes.issue(ALICE)
        other_id, other = await one_time_codes.issue(BOB)
        clock.move_to(start + timedelta(minutes=9, seconds=59))
        assert await one_time_codes.spend(ALICE, first, first_id) is True
        clock.move_to(start + timedelta(minutes=10))
        assert await one_time_codes.spend(BOB, other, other_id) is False


async def test_codes_asked_for_from_elsewhere_take_nothing_away(monkeypatch):
    digits = iter(range(100))
    monkeypatch.setattr("secrets.randbelow", lambda _most: next(digits))
    made = await asyncio.gather(*(one_time_codes.issue(ALICE) for _ in range(8)))
    for code_id, code in made:
        other = next(digits_of for other_id, digits_of in made if other_id != code_id)
        assert await one_time_codes.spend(ALICE, other, code_id) is False, "a code counts only where it was asked for"
        assert await one_time_codes.spend(ALICE, code, code_id) is True


async def test_the_id_of_a_code_is_not_given_out_again_while_a_browser_may_remember_it():
    start = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        given = []
        for minutes in (0, 11, 30, 59):
            clock.move_to(start + timedelta(minutes=minutes))
            given.append((await one_time_codes.issue(BOB))[0])
        assert len(set(given)) == 4


async def test_old_codes_are_not_kept():
    start = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
    with time_machine.travel(start, tick=False) as clock:
        await one_time_codes.issue(ALICE)
        clock.shift(timedelta(hours=3))
        await one_time_codes.issue(BOB)
    assert [row["email"] for row in await db.rows("SELECT email FROM sign_in_codes")] == [BOB]


async def test_a_code_for_one_purpose_is_none_for_the_other():
    code_id, code = await one_time_codes.issue(ALICE, "proof code")
    assert await one_time_codes.spend(ALICE, code, code_id) is False
    assert await one_time_codes.spend(ALICE, code, code_id, "proof code") is True
    code_id, code = await one_time_codes.issue(ALICE)
    assert await one_time_codes.spend(ALICE, code, code_id, "proof code") is False
    assert await one_time_codes.spend(ALICE, code, code_id) is True
