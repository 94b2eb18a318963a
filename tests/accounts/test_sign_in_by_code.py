import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote

import pytest
import time_machine

from app import clock, db
from app.accounts import asked_cookie
from tests import builders
from tests.accounts.steps import ask_for_code, enter_code, is_in, mailed_code, mails, sign_in, wrong
from tests.builders import ALICE, BOB

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def alice() -> int:
    return await builders.customer(ALICE)


async def test_alice_gets_in_with_the_code_from_her_mail(laptop, alice):
    answer = await ask_for_code(laptop, "  Alice@Example.com ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code")
    assert "alice" not in answer.headers["location"]
    (mail,) = mails()
    assert mail["To"] == ALICE
    assert (await laptop.get("/sign-in/code")).status_code == 200
    answer = await enter_code(laptop, mailed_code())
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders")
    assert await is_in(laptop)
    (event,) = await db.rows("SELECT kind, customer FROM events")
    assert (event["kind"], event["customer"]) == ("signed_in", alice)


async def test_a_code_may_be_typed_with_a_gap(laptop):
    await ask_for_code(laptop)
    code = mailed_code()
    assert (await enter_code(laptop, f" {code[:3]} {code[3:]} ")).status_code == 303


async def test_the_front_door_leads_to_signing_in_and_then_to_the_orders(laptop):
    assert (await laptop.get("/")).headers["location"] == "/sign-in"
    await sign_in(laptop)
    assert (await laptop.get("/")).headers["location"] == "/orders"
    for path in ("/sign-in", "/sign-in/code", "/sign-in/password"):
        assert (await laptop.get(path)).status_code == 303, path


async def test_a_wrong_code_answers_422_with_the_form_and_without_what_was_typed(laptop):
    await ask_for_code(laptop, next="/orders/7")
    guess = wrong(mailed_code())
    answer = await enter_code(laptop, guess)
    assert answer.status_code == 422
    assert "That is not the code" in answer.text
    assert guess not in answer.text
    assert ALICE in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert not await is_in(laptop)


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "12a456", "١٢٣٤٥٦", "'; --"])
async def test_what_is_no_code_does_not_cost_a_try(laptop, typed):
    await ask_for_code(laptop)
    answer = await enter_code(laptop, typed)
    assert answer.status_code == 422
    assert "six digits" in answer.text
    (row,) = await db.rows("SELECT tries FROM sign_in_codes")
    assert row["tries"] == 0


async def test_after_six_wrong_tries_the_right_code_is_over(laptop):
    await ask_for_code(laptop)
    code = mailed_code()
    for _ in range(6):
        assert (await enter_code(laptop, wrong(code))).status_code == 422
    assert (await enter_code(laptop, code)).status_code == 422
    assert not await is_in(laptop)


async def test_guesses_at_the_same_moment_count_each(laptop):
    await ask_for_code(laptop)
    code = mailed_code()
    answers = await asyncio.gather(*(enter_code(laptop, wrong(code)) for _ in range(12)))
    assert {answer.status_code for answer in answers} == {422}
    (row,) = await db.rows("SELECT tries FROM sign_in_codes")
    assert row["tries"] == 5
    assert (await enter_code(laptop, code)).status_code == 422


async def test_a_code_is_used_once_also_from_the_same_browser(laptops):
    laptop = laptops()
    await ask_for_code(laptop)
    asked = laptop.cookies[asked_cookie.COOKIE]
    assert (await enter_code(laptop, mailed_code())).status_code == 303
    other = laptops()
    other.cookies.set(asked_cookie.COOKIE, asked)
    assert (await enter_code(other, mailed_code())).status_code == 422
    assert not await is_in(other)


async def test_an_old_code_is_over(laptop):
    with time_machine.travel(START, tick=False) as time:
        await ask_for_code(laptop)
        time.shift(timedelta(minutes=10))
        assert (await enter_code(laptop, mailed_code())).status_code == 422


async def test_the_code_page_is_nothing_without_having_asked(laptop):
    assert (await laptop.get("/sign-in/code")).headers["location"] == "/sign-in"
    assert (await enter_code(laptop, "123456")).headers["location"] == "/sign-in"


async def test_a_made_up_or_old_memory_of_having_asked_is_none(laptop):
    await ask_for_code(laptop)
    honest = unquote(laptop.cookies[asked_cookie.COOKIE])
    assert asked_cookie.read(honest, asked_cookie.COOKIE) is not None
    for cookie in (honest.replace(ALICE, BOB), honest[1:], "x", "", "x.{}"):
        assert asked_cookie.read(cookie, asked_cookie.COOKIE) is None, cookie
    with time_machine.travel(clock.now() + timedelta(seconds=asked_cookie.LIFETIME + 1), tick=False):
        assert asked_cookie.read(honest, asked_cookie.COOKIE) is None


async def test_a_stranger_can_neither_use_up_alices_tries_nor_read_her_code(laptops):
    alices, strangers = laptops("192.0.2.1"), laptops("198.51.100.1")
    await ask_for_code(strangers)
    await ask_for_code(alices)
    code = mailed_code()
    for _ in range(10):
        assert (await enter_code(strangers, wrong(code))).status_code == 422
    assert (await enter_code(strangers, code)).status_code == 422, "the code belongs to the browser that asked for it"
    assert (await enter_code(alices, code)).status_code == 303


async def test_asking_too_often_answers_429_with_the_form_and_when_to_come_back(laptop):
    for _ in range(5):
        assert (await ask_for_code(laptop)).status_code == 303
    answer = await ask_for_code(laptop)
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 3601
    assert "too many tries" in answer.text
    assert ALICE in answer.text
    assert len(mails()) == 5
    assert (await enter_code(laptop, mailed_code())).status_code == 303, "the last code is still good"


async def test_trying_codes_too_often_answers_429_whatever_is_tried(laptop):
    await ask_for_code(laptop)
    for _ in range(50):
        assert (await enter_code(laptop, wrong(mailed_code()))).status_code == 422
    answer = await enter_code(laptop, mailed_code())
    assert answer.status_code == 429
    assert 0 < int(answer.headers["retry-after"]) <= 3601
    assert "too many tries" in answer.text


async def test_somebody_elsewhere_asking_too_often_does_not_keep_alice_out(laptops):
    stranger = laptops("198.51.100.1")
    for _ in range(7):
        await ask_for_code(stranger)
    await sign_in(laptops("192.0.2.1"))


@pytest.mark.parametrize("typed", ["", "nobody", "a@b@c", "alice@example.com\r\nBcc: bob@example.com", "é@example.com"])
async def test_what_is_no_address_answers_422_and_keeps_what_was_typed(laptop, typed):
    answer = await ask_for_code(laptop, typed, next="/orders/7")
    assert answer.status_code == 422
    assert "This is not an e-mail address" in answer.text
    assert 'aria-invalid="true"' in answer.text
    assert 'value="/orders/7"' in answer.text
    assert mails() == []


async def test_what_is_typed_is_shown_as_text(laptop):
    answer = await ask_for_code(laptop, '"><script>alert(1)</script>')
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;alert" in answer.text
