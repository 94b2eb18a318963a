"""A declaration of withdrawal that is none can be closed, but never one that is valid against whoever declared it."""

import asyncio
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from app.errors import Invalid, Missing, Refused
from app.ingest.snapshot import Person
from app.returns import asking, deciding, guests, holding, kept, queue, receiving, settling, unfounded, withdrawals
from app.returns.unfounded_reasons import REASONS, Why, fitting
from tests import builders
from tests.builders import ALICE, BOB, NIA
from tests.returns import bought, withdrawn

MO = "member:6"
Order = Mapping[str, Any]


async def _close(order: Order, code: str, reason: str = "forgotten", double: str = "", answer: str = "As you wrote") -> None:
    await unfounded.close(order["merchant"], code, Why(reason, double), answer=answer, by=MO)


async def _valid(order: Order, *quantities: int) -> str:
    """Of the teapots, and the cup."""
    lines = dict(zip(await bought.line_ids(order), quantities, strict=False))
    return await withdrawals.declare(order["customer"], lines, by="customer:1")


async def _guest(**said: str) -> str:
    return await guests.confirm(await withdrawn.guest(**said))


async def _free(order: Order) -> list[int]:
    return [one.free for one in (await holding.left([order["id"]])).values()]


async def _case(name: str) -> tuple[Order, str]:
    """A declaration that is known for something, and the order beside it."""
    if name == "excluded":
        order = await bought.delivered(lines=[builders.line("1", category="sealed-hygiene")], days=60)
        return order, await _guest()
    order = await bought.delivered(days=60 if name == "late" else 3)
    match name:
        case "valid":
            return order, await _valid(order, 1)
        case "in words":
            return order, await _guest(items="one of the teapots")
        case "no order":
            return order, await _guest(email=BOB, contract="the blue one")
    return order, await _guest()


@pytest.mark.parametrize(
    ("name", "possible"),
    [
        ("valid", {"double", "forgotten"}),
        ("in words", {"double", "forgotten"}),
        ("late", {"double", "forgotten", "no_right"}),
        ("no order", {"no_order", "double", "forgotten"}),
    ],
)
async def test_only_what_no_fact_contradicts_can_be_said(name: str, possible: set[str]) -> None:
    order, code = await _case(name)
    assert set(await fitting(await kept.by_code(code))) == possible
    before = await bought.state(code)
    for reason in {*REASONS, "", "not_ours"} - possible:
        with pytest.raises(Invalid) as refused:
            await _close(order, code, reason)
        assert list(refused.value.fields) == ["clause"]
    assert await bought.state(code) == before
    for reason in sorted(possible - {"double"}):
        await _close(order, code, reason)
        assert await bought.state(code) == "unfounded"
        await unfounded.take_back(order["merchant"], code, by=MO)


async def test_what_another_request_had_taken_was_no_loss_of_the_right() -> None:
    """It came in time; that everything was in a return already makes it late to our reckoning, and yet the right was there."""
    order = await bought.delivered()
    for line, count in zip(await bought.line_ids(order), (2, 1), strict=True):
        await deciding.approve(
            order["merchant"], await asking.ask(order["customer"], bought.asked(line, count), by="customer:1"), by=MO
        )
    code = await _guest()
    with pytest.raises(Invalid, match="could be withdrawn from when it was declared"):
        await _close(order, code, "no_right")


async def test_its_items_are_free_again_and_nothing_is_promised_or_waits() -> None:
    order = await bought.delivered()
    code = await _valid(order, 2, 1)
    assert await _free(order) == [0, 0]
    await _close(order, code, answer=" You wrote on Monday. ")
    assert await _free(order) == [2, 1]
    it = (await kept.by_code(code)).it
    assert (it.state, it.waiting_on, it.due_at, it.settled_at, it.refunded) == ("unfounded", "nobody", None, None, 0)
    assert (it.clause, it.answer, it.decided_by) == ("forgotten", "You wrote on Monday.", MO)
    assert (await queue.waiting(order["merchant"]))[0] == 0
    assert (await bought.told(code))[-1] == "withdrawal_unfounded"
    other = await _valid(order, 2, 1)
    assert await bought.state(other) == "goods_due", "it can be declared anew"
    for doing in (
        settling.refund(order["merchant"], code, by=MO),
        receiving.receive(order["merchant"], code, {}, rest="sound", by=MO),
        withdrawals.object_to(order["merchant"], code, text="No", by=MO),
        deciding.approve(order["merchant"], code, by=MO),
        _close(order, code),
    ):
        with pytest.raises(Refused):
            await doing


async def test_it_needs_words_for_whoever_declared_it_and_a_merchant_of_its_own() -> None:
    order = await bought.delivered()
    code = await _valid(order, 1)
    for answer in (" ", "x" * 2_001):
        with pytest.raises(Invalid) as refused:
            await _close(order, code, answer=answer)
        assert list(refused.value.fields) == ["answer"]
    with pytest.raises(Missing):
        await unfounded.close(await builders.merchant(NIA), code, Why("forgotten"), answer="x", by=MO)
    asked = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[0]), by="customer:1")
    with pytest.raises(Refused):
        await _close(order, asked)


@pytest.mark.parametrize("gone", ["sent", "paid back", "handed over"])
async def test_what_something_has_come_of_stays_in_force(gone: str) -> None:
    order = await bought.delivered()
    code = await _valid(order, 2)
    match gone:
        case "sent":
            await withdrawals.sent_back(order["customer"], code, carrier="", number="9R", by="customer:1")
        case "paid back":
            await settling.refund(order["merchant"], code, amount=100, last=False, by=MO)
        case _:
            await db.execute("UPDATE returns SET came_at = {} WHERE code = {}", clock.now(), code)
    before = await bought.state(code)
    with pytest.raises(Refused):
        await _close(order, code)
    assert await bought.state(code) == before


async def test_a_double_is_one_of_a_declaration_of_theirs_that_covers_it() -> None:
    order = await bought.delivered()
    first, second = await _valid(order, 1), await _valid(order, 1, 1)
    with pytest.raises(Invalid) as refused:
        await _close(order, second, "double", first)
    assert "not about all" in refused.value.fields["double"], "the cup is in the second one alone"
    await _close(order, first, "double", f" {second.lower()} ")
    assert (await bought.state(first), await bought.state(second)) == ("unfounded", "goods_due")
    assert await _free(order) == [1, 0]
    with pytest.raises(Invalid):
        await _close(order, second, "double", first)  # which has no effect itself
    with pytest.raises(Invalid):
        await _close(order, second, "double", second)


async def test_the_code_of_another_person_is_the_code_of_nobody() -> None:
    order = await bought.delivered()
    code, unknown = await _valid(order, 1), await _guest(email=ALICE, contract="the blue one")
    foreign = await bought.delivered("2002", customer=Person(email=BOB))
    theirs = await _valid(foreign, 1)
    elsewhere = await bought.delivered("3003", merchant=NIA)
    at_nia = await _valid(elsewhere, 1)
    asked = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[1]), by="customer:1")
    said = set()
    for other in (theirs, at_nia, asked, unknown, "R-00000000", "", "nothing of the kind"):
        with pytest.raises(Invalid) as refused:
            await _close(order, code, "double", other)
        said.add(refused.value.fields["double"])
    assert len(said) == 1
    with pytest.raises(Invalid):
        await _close(order, unknown, "double", theirs)
    await _close(order, unknown, "double", code)  # of no order, but of the same person


async def test_an_objection_puts_it_in_force_again_and_it_is_looked_at_until_a_named_day() -> None:
    order = await bought.delivered()
    code = await _valid(order, 2, 1)
    before = (await kept.by_code(code)).it
    await _close(order, code)
    with pytest.raises(Missing):
        await unfounded.dispute(order["customer"] + 1, code, text="", by="customer:2")
    await unfounded.dispute(order["customer"], code, text="I never wrote that", by=f"customer:{order['customer']}")
    it = (await kept.by_code(code)).it
    assert (it.state, it.waiting_on, it.clause, it.answer) == ("goods_due", "seller", "", "")
    assert (it.refund_by, it.expected) == (before.refund_by, before.expected), "the days run from the declaration"
    assert (it.due_at or clock.now()) > clock.now()
    assert (it.send_by or clock.now()) > clock.now() + timedelta(days=13)
    assert await _free(order) == [0, 0]
    assert (await bought.told(code))[-2:] == ["withdrawal_disputed", "withdrawal_goods_awaited"]
    with pytest.raises(Invalid) as refused:
        await _close(order, code)
    assert "objected" in refused.value.fields["clause"]
    await unfounded.take_back(order["merchant"], code, by=MO)
    it = (await kept.by_code(code)).it
    assert (it.state, it.waiting_on, it.due_at, it.objected_at) == ("goods_due", "buyer", it.send_by, None)
    assert (await bought.told(code))[-1] == "withdrawal_resumed"
    with pytest.raises(Refused):
        await unfounded.take_back(order["merchant"], code, by=MO)


async def test_it_is_objected_to_once() -> None:
    order, code = await _case("late")
    await _close(order, code, "no_right")
    await unfounded.dispute(order["customer"], code, text="", by="customer:1")
    it = (await kept.by_code(code)).it
    assert (it.state, it.waiting_on) == ("acknowledged", "seller")
    assert [line.held for line in (await kept.by_code(code)).lines] == [0, 0], "nothing is held for what came too late"
    await _close(order, code, "no_right")
    with pytest.raises(Refused):
        await unfounded.dispute(order["customer"], code, text="", by="customer:1")


async def test_what_is_in_another_return_by_now_cannot_be_in_force_again() -> None:
    order = await bought.delivered()
    code = await _valid(order, 2)
    await _close(order, code)
    other = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[0], 1), by="customer:1")
    for doing in (
        unfounded.dispute(order["customer"], code, text="", by="customer:1"),
        unfounded.take_back(order["merchant"], code, by=MO),
    ):
        with pytest.raises(Refused, match="in another return by now"):
            await doing
    assert await bought.state(code) == "unfounded"
    await deciding.cancel(order["customer"], other, by="customer:1")
    await unfounded.take_back(order["merchant"], code, by=MO)
    assert await bought.state(code) == "goods_due"


async def test_what_was_never_sent_is_cancelled_by_the_withdrawal_and_that_is_not_undone() -> None:
    order = await bought.delivered()
    code = await _valid(order, 2)
    await db.execute("UPDATE return_lines SET held = 0 WHERE of_return = {}", (await kept.by_code(code)).it.id)
    assert await fitting(await kept.by_code(code)) == []
    with pytest.raises(Refused):
        await _close(order, code)


async def test_of_two_at_the_desk_at_once_one_closes_it() -> None:
    order = await bought.delivered()
    code = await _valid(order, 2)
    found = await asyncio.gather(*(_close(order, code) for _ in range(3)), return_exceptions=True)
    assert sorted(str(type(one).__name__) for one in found) == ["NoneType", "Refused", "Refused"]
    assert (await bought.told(code)).count("withdrawal_unfounded") == 1


async def test_of_two_that_are_each_to_be_a_double_of_the_other_one_stays() -> None:
    order = await bought.delivered()
    one, two = await _guest(email=BOB, contract="the blue one"), await _guest(email=BOB, contract="my blue teapot")
    await asyncio.gather(
        _close(order, one, "double", two), _close(order, two, "double", one), return_exceptions=True
    )  # fmt: skip
    assert sorted([await bought.state(one), await bought.state(two)]) == ["acknowledged", "unfounded"]


async def test_an_objection_and_a_taking_back_at_once_put_it_in_force_once() -> None:
    order = await bought.delivered()
    code = await _valid(order, 2)
    await _close(order, code)
    await asyncio.gather(
        unfounded.dispute(order["customer"], code, text="", by="customer:1"),
        unfounded.take_back(order["merchant"], code, by=MO),
        return_exceptions=True,
    )
    assert await bought.state(code) == "goods_due"
    assert await _free(order) == [0, 1]
    assert (await bought.told(code)).count("withdrawal_goods_awaited") == 2, "once when it was declared, once again"
