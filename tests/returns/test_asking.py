"""Asking for a return, a claim or a cancellation: what is held, what is promised, and what is refused at its field."""

import asyncio

import pytest

from app import db
from app.errors import Invalid, Missing, Refused
from app.returns import asking, deciding, holding, kept, rules
from app.returns.asked import Asked, AskedLine
from app.returns.rule_book import Rules
from tests import builders
from tests.returns import bought


async def _left(order: int) -> list[int]:
    return [it.free for it in (await holding.left([order])).values()]


async def test_a_return_holds_what_it_asks_for_and_promises_its_price() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots), by="customer:1")
    it = await kept.owned_by(order["customer"], code)
    assert (it.it.kind, it.it.state, it.it.waiting_on, it.it.expected) == ("return", "requested", "seller", 4800)
    assert [(line.title, line.quantity, line.held, line.expected) for line in it.lines] == [("Teapot “Brume”", 1, 1, 4800)]
    assert await _left(order["id"]) == [1, 1]
    assert await bought.told(code) == ["return_requested"]
    assert it.it.due_at is not None


async def test_everything_of_an_order_brings_the_delivery_back_once() -> None:
    order = await bought.delivered()
    teapots, cup = await bought.line_ids(order)
    first = await asking.ask(order["customer"], bought.asked(teapots, 2), by="customer:1")
    second = await asking.ask(order["customer"], bought.asked(cup), by="customer:1")
    expected = [(await kept.by_code(code)).it.expected for code in (first, second)]
    assert expected == [9600, 1250]
    await deciding.approve(order["merchant"], first, by="member:1")
    await deciding.approve(order["merchant"], second, by="member:1")
    assert (await kept.by_code(second)).it.expected == 1250 + 490
    await deciding.cancel(order["customer"], second, by="customer:1")
    third = await asking.ask(order["customer"], bought.asked(cup, reason="wrong_size"), by="customer:1")
    assert (await kept.by_code(third)).it.expected == 1740


async def test_a_line_cannot_be_asked_for_twice_and_is_free_again_after_a_refusal() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots, 2), by="customer:1")
    with pytest.raises(Invalid) as refused:
        await asking.ask(order["customer"], bought.asked(teapots, 1), by="customer:1")
    assert refused.value.fields == {f"quantity-{teapots}": "This one is being taken care of already."}
    await deciding.decline(order["merchant"], code, clause="used", answer="Worn", by="member:1")
    assert await _left(order["id"]) == [2, 1]


async def test_the_same_asked_again_at_once_is_the_same() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    both = await asyncio.gather(*(
        asking.ask(order["customer"], bought.asked(teapots, 2), by="customer:1") for _touch in range(2)
    ))  # fmt: skip
    assert both[0] == both[1]
    assert await bought.told(both[0]) == ["return_requested"]


async def test_fifty_ask_for_the_last_two_and_two_get_them() -> None:
    order = await bought.delivered(lines=[builders.line("1", quantity=2), builders.line("2"), builders.line("3")])
    one, *_others = await bought.line_ids(order)
    wanted = [bought.asked(one, 1, note=str(n)) for n in range(50)]
    asking_them = (asking.ask(order["customer"], what, by="customer:1") for what in wanted)
    answers = await asyncio.gather(*asking_them, return_exceptions=True)
    codes = {it for it in answers if isinstance(it, str)}
    assert all(isinstance(it, str | Invalid) for it in answers)
    rows = await db.rows("SELECT SUM(held) AS held, COUNT(*) AS n FROM return_lines WHERE line = {}", one)
    assert (int(rows[0]["held"]), len(codes)) == (2, rows[0]["n"])
    assert await _left(order["id"]) == [0, 1, 1]


async def test_a_strangers_line_does_not_exist() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    bob = await builders.customer(builders.BOB, "Bob")
    for what in (bought.asked(teapots), bought.asked(987_654), bought.asked(2**40)):
        with pytest.raises(Missing):
            await asking.ask(bob, what, by="customer:2")


@pytest.mark.parametrize(
    ("about", "field", "text"),
    [
        ({"quantity": 0}, "quantity", "At least one."),
        ({"quantity": 3}, "quantity", "There are only 2 left to choose."),
        ({"reason": "boredom"}, "reason", "Choose what happened."),
        ({"wish": "gold"}, "wish", "Choose what you would like."),
        ({"wish": "exchange"}, "wanted", "Say what you would like instead."),
        ({"note": "x" * 2_001}, "note", "At most 2000 letters."),
    ],
)
async def test_bad_input_is_refused_at_its_field(about: dict[str, object], field: str, text: str) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    said = {"quantity": 1, "reason": "changed_mind", **about}
    with pytest.raises(Invalid) as refused:
        await asking.ask(order["customer"], Asked("return", [AskedLine(teapots, **said)]), by="customer:1")  # type: ignore[arg-type]
    assert refused.value.fields == {f"{field}-{teapots}": text}
    assert await db.rows("SELECT id FROM returns") == []


async def test_what_the_rules_close_is_said_with_the_rule() -> None:
    order = await bought.delivered(days=20)
    teapots, _cup = await bought.line_ids(order)
    with pytest.raises(Invalid) as refused:
        await asking.ask(order["customer"], bought.asked(teapots), by="customer:1")
    assert refused.value.fields == {f"reason-{teapots}": "The time for it is over."}
    claim = await asking.ask(order["customer"], bought.asked(teapots, kind="claim"), by="customer:1")
    assert await bought.state(claim) == "open"


async def test_several_orders_of_one_seller_go_together_and_of_two_they_do_not() -> None:
    first, second = await bought.delivered("1"), await bought.delivered("2")
    other = await bought.delivered("3", merchant=builders.NIA)
    lines = [(await bought.line_ids(it))[0] for it in (first, second, other)]
    both = Asked("return", [AskedLine(line, 1, "changed_mind") for line in lines[:2]])
    code = await asking.ask(first["customer"], both, by="customer:1")
    assert len({line.order for line in (await kept.by_code(code)).lines}) == 2
    with pytest.raises(Invalid) as refused:
        await asking.ask(first["customer"], Asked("return", [AskedLine(it, 1, "other") for it in lines]), by="customer:1")
    assert list(refused.value.fields) == ["form"]


async def test_what_the_merchant_has_agreed_to_beforehand_is_approved_at_once() -> None:
    order = await bought.delivered()
    theirs = Rules(auto_below={"EUR": 2_000}, auto_reasons=("wrong_size",), ways=("drop_off", "own_carrier"))
    await rules.save(order["merchant"], theirs, by=None)
    teapots, cup = await bought.line_ids(order)
    small = await asking.ask(order["customer"], bought.asked(cup, reason="wrong_size"), by="customer:1")
    assert await bought.state(small) == "approved"
    assert await bought.told(small) == ["return_requested", "return_approved"]
    large = await asking.ask(order["customer"], bought.asked(teapots, reason="wrong_size"), by="customer:1")
    assert await bought.state(large) == "requested"
    other = await bought.delivered("1002")
    (_teapots, cup) = await bought.line_ids(other)
    dropped = await asking.ask(other["customer"], bought.asked(cup, reason="wrong_size", way="drop_off"), by="customer:1")
    assert await bought.told(dropped) == ["return_requested", "return_approved", "return_label_issued"]


async def test_what_is_not_sent_yet_can_be_cancelled_and_what_is_cannot() -> None:
    order = await builders.order("9")
    (line,) = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(line, kind="cancellation"), by="customer:1")
    assert await bought.state(code) == "requested"
    came = await bought.delivered()
    with pytest.raises(Invalid) as refused:
        await asking.ask(came["customer"], bought.asked((await bought.line_ids(came))[0], kind="cancellation"), by="customer:1")
    assert list(refused.value.fields.values()) == ["It has been sent already."]


async def test_a_refusal_is_objected_to_once_and_looked_at_again() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    customer, merchant = order["customer"], order["merchant"]
    code = await asking.ask(customer, bought.asked(teapots, 2), by="customer:1")
    await deciding.decline(merchant, code, clause="used", answer="", by="member:1")
    await deciding.object_to(customer, code, text="It is as it came.", by="customer:1")
    assert (await kept.owned_by(customer, code)).it.waiting_on == "seller"
    with pytest.raises(Refused):
        await deciding.object_to(customer, code, text="Again", by="customer:1")
    await deciding.approve(merchant, code, by="member:1")
    assert (await bought.state(code), await _left(order["id"])) == ("approved", [0, 1])
    assert await bought.told(code) == ["return_requested", "return_declined", "return_objected", "return_approved"]


async def test_nothing_is_approved_again_that_is_in_another_return_by_now() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    customer, merchant = order["customer"], order["merchant"]
    code = await asking.ask(customer, bought.asked(teapots, 2), by="customer:1")
    await deciding.decline(merchant, code, clause="used", answer="", by="member:1")
    await deciding.object_to(customer, code, text="", by="customer:1")
    await asking.ask(customer, bought.asked(teapots, 1), by="customer:1")
    with pytest.raises(Refused):
        await deciding.approve(merchant, code, by="member:1")
    assert await bought.state(code) == "declined"


async def test_a_question_back_waits_for_the_customer_and_their_answer_for_the_desk() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    customer, merchant = order["customer"], order["merchant"]
    code = await asking.ask(customer, bought.asked(teapots), by="customer:1")
    with pytest.raises(Refused):
        await deciding.reply(customer, code, text="Hello", by="customer:1")
    await deciding.ask_back(merchant, code, question="Which one?", by="member:1")
    assert (await kept.owned_by(customer, code)).it.waiting_on == "buyer"
    await deciding.reply(customer, code, text="The blue one", by="customer:1")
    assert (await kept.owned_by(customer, code)).it.waiting_on == "seller"


async def test_of_a_yes_and_a_no_at_once_one_counts() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots), by="customer:1")
    yes = deciding.approve(order["merchant"], code, by="member:1")
    no = deciding.decline(order["merchant"], code, clause="used", answer="", by="member:2")
    away = deciding.cancel(order["customer"], code, by="customer:1")
    answers = await asyncio.gather(yes, no, away, return_exceptions=True)
    done = [it for it in answers if it is None]
    assert all(it is None or isinstance(it, Refused) for it in answers)
    assert len(done) == len(await bought.told(code)) - 1  # an approved one may still be taken back
