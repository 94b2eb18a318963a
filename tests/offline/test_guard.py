"""Who may be told a pack just now, and how long it may take."""

from types import SimpleNamespace
from typing import Any

import pytest
from httpx import AsyncClient

from app.errors import Refused
from app.offline import guard, pages
from app.offline.squeezing import Squeezing
from app.web.limits import Buckets
from tests.offline.phone import Phone
from tests.offline.steps import order


@pytest.fixture(autouse=True)
def nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(guard, "_open", {})
    monkeypatch.setattr(guard, "buckets", Buckets(rate=1, burst=60))


@pytest.fixture
def phone(alice: AsyncClient) -> Phone:
    return Phone(alice)


def somebody(customer: int, session: int) -> Any:
    return SimpleNamespace(id=customer, session_id=session)


def test_one_customer_leaves_room_for_the_others() -> None:
    for session in range(guard.OF_ONE):
        guard.begin(somebody(1, session))
    with pytest.raises(Refused, match="Another pack is on its way"):
        guard.begin(somebody(1, 99))
    guard.begin(somebody(2, 100))
    guard.end(somebody(1, 0))
    guard.begin(somebody(1, 99))


def test_no_more_than_so_many_are_told_at_once() -> None:
    for customer in range(guard.AT_ONCE):
        guard.begin(somebody(customer, customer))
    with pytest.raises(Refused):
        guard.begin(somebody(99, 99))


async def test_an_answer_that_takes_too_long_is_cut_off(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    await order(1, 1)
    await phone.ask()
    monkeypatch.setattr(guard, "LONGEST", 0.0)
    with pytest.raises(AssertionError):  # httpx's word for an answer without an end
        await phone.asked()
    assert not guard._open


async def test_only_what_is_little_is_looked_at_closely(phone: Phone, monkeypatch: pytest.MonkeyPatch) -> None:
    """The close look at many orders would hold everybody else up."""
    closely: list[int] = []
    monkeypatch.setattr(Squeezing, "little", lambda _self: closely.append(1))
    monkeypatch.setattr(pages, "FEW", range(3))
    for n in range(4):
        await order(n, n)
    await phone.ask()
    assert not closely, "all of it is not little"
    for n in range(4, 6):
        await order(n, n)
    await phone.ask()
    assert closely == [1]
    for n in range(6, 9):
        await order(n, n)
    await phone.ask()
    assert closely == [1]
