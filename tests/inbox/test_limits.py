"""How much somebody may write in a while; beyond it, it is said at the field, and what was typed is kept."""

from datetime import timedelta

import pytest
import time_machine
from httpx import AsyncClient

from app import clock
from app.inbox import about, limits, posting, starting
from app.inbox.limits import TooMuch
from app.inbox.posting import Said
from tests import builders


async def begun(alice: int, number: str) -> tuple[str, int]:
    order = await builders.order(number)
    said = Said(side="buyer", text="Where is it?", author=alice, name="Alice")
    return await starting.start(alice, await about.order(alice, order["address"]), said), order["merchant"]


async def test_too_much_in_a_while_is_refused_at_the_field_with_what_was_typed(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_MESSAGES", 3)
    alice = await builders.customer()
    client.cookies.update(await builders.session())
    code, _merchant = await begun(alice, "1")
    for n in range(2):
        assert (await client.post(f"/inbox/{code}/messages", data={"text": str(n)})).status_code == 303
    answer = await client.post(f"/inbox/{code}/messages", data={"text": "One too many"})
    assert answer.status_code == 429
    assert 'id="text-error"' in answer.text
    assert "send it in 10 minutes" in answer.text
    assert ">One too many</textarea>" in answer.text
    with time_machine.travel(clock.now() + limits.WITHIN + timedelta(seconds=5)):
        assert (await client.post(f"/inbox/{code}/messages", data={"text": "Later"})).status_code == 303


async def test_threads_that_one_customer_begins_and_what_a_desk_writes_to_one_are_counted(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(limits, "MOST_NEW", 2)
    monkeypatch.setattr(limits, "MOST_TO_ONE", 2)
    alice = await builders.customer()
    code, merchant = await begun(alice, "1")
    await begun(alice, "2")
    with pytest.raises(TooMuch):
        await begun(alice, "3")
    for _ in "12":
        await posting.answer(merchant, code, Said(side="seller", text="Buy!", name="Mo"))
    with pytest.raises(TooMuch) as refused:
        await posting.answer(merchant, code, Said(side="seller", text="Buy!", name="Mo"))
    assert (refused.value.status, list(refused.value.fields)) == (429, ["text"])
    assert 0 < refused.value.retry_after <= 601
    await posting.answer(merchant, code, Said(side="note", text="A note is nobody’s haste", name="Mo"))
