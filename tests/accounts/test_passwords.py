import asyncio
import threading
import time

import pytest
from argon2 import PasswordHasher
from argon2.low_level import Type

from app.accounts import passwords
from app.errors import Invalid
from tests.builders import ALICE

pytestmark = pytest.mark.usefixtures("true_hashes")


async def test_a_password_fits_its_hash_and_no_other():
    kept = await passwords.hashed("a lamp, a teapot")
    assert kept.startswith("$argon2id$")
    assert "teapot" not in kept
    assert await passwords.matches(kept, "a lamp, a teapot") is True
    assert await passwords.matches(kept, "a lamp, a teapoT") is False
    assert await passwords.matches(kept, "") is False


async def test_the_same_word_typed_on_another_keyboard_fits():
    one, other = "cafe\u0301 au lait, \ufb01ne", "café au lait, fine"
    assert await passwords.matches(await passwords.hashed(one), other) is True
    assert await passwords.matches(await passwords.hashed(other), one) is True


async def test_without_a_hash_the_answer_is_no_after_the_same_work(monkeypatch):
    seen: list[str] = []
    verify = passwords.HASHER.verify

    class Watching:
        def verify(self, kept: str, password: str) -> bool:
            seen.append(kept.rsplit("$", 2)[0])
            return verify(kept, password)

    kept = await passwords.hashed("a lamp, a teapot")
    monkeypatch.setattr(passwords, "HASHER", Watching())
    assert await passwords.matches(kept, "not this one") is False
    assert await passwords.matches("", "not this one") is False
    assert await passwords.matches(kept, "x" * 5000) is False
    assert len(seen) == 3
    assert seen[0] == seen[1] == seen[2], "the dummy must cost what a real one costs"


async def test_a_damaged_hash_lets_nobody_in():
    assert await passwords.matches("$argon2id$nonsense", "a lamp, a teapot") is False


def test_a_hash_of_other_parameters_is_outdated():
    cheap = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1, type=Type.ID)
    assert passwords.outdated(cheap.hash("a lamp, a teapot")) is True
    assert passwords.outdated(passwords.HASHER.hash("a lamp, a teapot")) is False


async def test_no_more_than_two_are_at_work_and_the_loop_goes_on(monkeypatch):
    at_work: set[int] = set()
    most, lock, threads = 0, threading.Lock(), set()

    class Slow:
        def hash(self, password: str) -> str:
            nonlocal most
            with lock:
                at_work.add(threading.get_ident())
                threads.add(threading.current_thread())
                most = max(most, len(at_work))
            time.sleep(0.02)  # stands for the work
            with lock:
                at_work.discard(threading.get_ident())
            return password

    monkeypatch.setattr(passwords, "HASHER", Slow())
    await asyncio.gather(*(passwords.hashed(f"password {n}") for n in range(8)))
    assert most == 2
    assert threading.main_thread() not in threads


@pytest.mark.parametrize(
    "refused",
    ["", "short", "123456789", "x" * 201, "Alice@Example.com", " alice@example.com "],
    ids=["empty", "short", "nine", "long", "the address", "the address in blanks"],
)
def test_a_password_that_is_too_short_too_long_or_the_address_is_refused(refused):
    with pytest.raises(Invalid) as caught:
        passwords.check_new(refused, ALICE)
    assert list(caught.value.fields) == ["new_password"]


@pytest.mark.parametrize("taken", ["0123456789", "x" * 200, "ключ от дома", "  ten blanks  "])
def test_ten_to_two_hundred_characters_of_any_kind_are_taken(taken):
    assert passwords.check_new(taken, ALICE) == taken
