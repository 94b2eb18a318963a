import pytest
from argon2 import PasswordHasher

from app import db
from app.accounts import passwords
from tests import builders
from tests.accounts.steps import PASSWORD, ask_for_code, enter_code, enter_password, is_in, mailed_code
from tests.builders import ALICE, BOB


@pytest.fixture(autouse=True)
async def alice() -> int:
    await builders.customer(BOB, "Bob")
    return await builders.customer(ALICE, password_hash=passwords.HASHER.hash(PASSWORD))


async def test_alice_gets_in_with_her_password(laptop):
    assert (await laptop.get("/sign-in/password")).status_code == 200
    answer = await enter_password(laptop, email=" ALICE@example.com")
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders")
    assert await is_in(laptop)


async def test_a_wrong_password_answers_422_and_keeps_the_address_only(laptop):
    answer = await enter_password(laptop, "a wrong password")
    assert answer.status_code == 422
    assert ALICE in answer.text
    assert "a wrong password" not in answer.text
    assert not await is_in(laptop)


async def test_no_account_no_password_and_a_wrong_one_are_answered_alike(laptops):
    texts = []
    for email in (ALICE, BOB, "nobody@example.com"):
        answer = await enter_password(laptops(), "a wrong password", email)
        assert answer.status_code == 422
        texts.append(answer.text.replace(email, "…"))
    assert texts[0] == texts[1] == texts[2]


@pytest.mark.usefixtures("true_hashes")
async def test_no_account_no_password_and_a_wrong_one_cost_the_same_work(laptops, statements, monkeypatch):
    """Counted, not timed: the same statements, and one verification of the same cost each."""
    verify = passwords._verify

    def watched(kept, password):
        statements.append(kept.rsplit("$", 2)[0])
        return verify(kept, password)

    monkeypatch.setattr(passwords, "_verify", watched)
    work = []
    for email in (ALICE, BOB, "nobody@example.com"):
        await enter_password(laptops(), "a wrong password", email)
        work.append(statements.copy())
        statements.clear()
    assert sum(line.startswith("$argon2id$") for line in work[0]) == 1
    assert work[0] == work[1] == work[2]


async def test_an_empty_password_lets_nobody_in(laptop):
    for email in (ALICE, BOB, "nobody@example.com"):
        assert (await enter_password(laptop, "", email)).status_code == 422


async def test_an_overlong_password_is_just_wrong(laptop):
    assert (await enter_password(laptop, "x" * 20_000)).status_code == 422


async def test_too_many_tries_answer_429_and_the_mailed_code_still_lets_alice_in(laptops):
    for n in range(4):
        assert (await enter_password(laptops(f"198.51.100.{n}"), "a guess")).status_code == 422
    alices = laptops("192.0.2.1")
    refused = await enter_password(alices)
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 901
    assert ALICE in refused.text
    assert PASSWORD not in refused.text
    assert not await is_in(alices)
    await ask_for_code(alices)
    assert (await enter_code(alices, mailed_code())).status_code == 303
    assert await is_in(alices)


async def test_an_address_without_an_account_is_throttled_alike(laptops):
    answers = []
    for email in (ALICE, "nobody@example.com"):
        for n in range(10):
            await enter_password(laptops(f"198.51.100.{n}"), "a guess", email)
        answers.append((await enter_password(laptops("192.0.2.9"), "a guess", email)).status_code)
    assert answers == [429, 429]


async def test_a_hash_of_yesterdays_parameters_is_made_anew_at_sign_in(laptop, alice):
    cheap = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
    await db.execute("UPDATE customers SET password_hash = {} WHERE id = {}", cheap, alice)
    await enter_password(laptop, "a wrong password")
    assert await _kept(alice) == cheap
    await enter_password(laptop)
    kept = await _kept(alice)
    assert kept != cheap
    assert not passwords.outdated(kept)
    assert await passwords.matches(kept, PASSWORD)


async def _kept(customer: int) -> str:
    row = await db.one("SELECT password_hash FROM customers WHERE id = {}", customer)
    return row["password_hash"]


async def test_the_address_typed_for_a_code_comes_along_to_the_password(laptop):
    answer = await laptop.post("/sign-in/password", data={"email": ALICE, "only_email": "yes", "next": "/orders/1001"})
    assert answer.status_code == 200
    assert f'value="{ALICE}"' in answer.text
    assert 'name="next" value="/orders/1001"' in answer.text
    assert "aria-invalid" not in answer.text
    assert not await is_in(laptop)


async def test_the_address_typed_for_a_password_comes_along_to_the_code(laptop):
    answer = await laptop.post("/sign-in", data={"email": ALICE, "password": PASSWORD, "time_zone": "Europe/Paris"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/code")
