"""Whatever words come with a return or a refund are kept, or refused at their field; and only an offered way is a way."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import pytest

from app import clock
from app.errors import Invalid
from app.orders import refund_steps, refunding
from app.payments import giving, manual
from app.payments.giving import Given
from app.returns import asking, deciding, kept, quotes, receiving, repairing, rules, settling, withdrawals
from app.returns.rule_book import Rules
from app.returns.settling import Deduction
from tests.builders import ALICE
from tests.returns import bought

NUL = "It does not fit\0"
BY = "member:1"
Verb = Callable[[int, int, str, int], Awaitable[Any]]  # merchant, customer, code, the return line's id


async def _code(order: Mapping[str, Any], kind: str = "return", **about: Any) -> str:
    teapots, _cup = await bought.line_ids(order)
    return await asking.ask(order["customer"], bought.asked(teapots, 1, kind, **about), by="customer:1")


@pytest.mark.parametrize("part", ["note", "line's note", "wanted"])
async def test_words_of_who_asks(part: str) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    what = {
        "note": bought.asked(teapots, note=NUL),
        "line's note": bought.asked(teapots, reason="other"),
        "wanted": bought.asked(teapots, wish="exchange", wanted=NUL),
    }[part]
    if part == "line's note":
        (line,) = what.lines
        what = type(what)(what.kind, [type(line)(line.line, 1, "other", note=NUL)])
    field = {"note": "note", "line's note": f"note-{teapots}", "wanted": f"wanted-{teapots}"}[part]
    with pytest.raises(Invalid) as refused:
        await asking.ask(order["customer"], what, by="customer:1")
    assert refused.value.fields == {field: "There is a sign in it that cannot be kept."}


VERBS: dict[str, tuple[str, Verb]] = {
    "approve": ("answer", lambda m, c, code, line: deciding.approve(m, code, by=BY, answer=NUL)),
    "decline": ("answer", lambda m, c, code, line: deciding.decline(m, code, clause="used", answer=NUL, by=BY)),
    "ask_back": ("question", lambda m, c, code, line: deciding.ask_back(m, code, question=NUL, by=BY)),
    "uphold": ("answer", lambda m, c, code, line: deciding.uphold(m, code, answer=NUL, by=BY)),
    "object_to": ("text", lambda m, c, code, line: deciding.object_to(c, code, text=NUL, by=BY)),
    "reply": ("text", lambda m, c, code, line: deciding.reply(c, code, text=NUL, by=BY)),
    "receive": ("note", lambda m, c, code, line: receiving.receive(m, code, {}, rest="sound", note=NUL, by=BY)),
    "repaired": ("note", lambda m, c, code, line: repairing.repaired(m, code, note=NUL, by=BY)),
    "withdrawal": ("objection", lambda m, c, code, line: withdrawals.object_to(m, code, text=NUL, by=BY)),
}


@pytest.mark.parametrize("name", VERBS)
async def test_words_of_who_decides(name: str) -> None:
    order = await bought.delivered()
    code = await _code(order)
    field, verb = VERBS[name]
    (line,) = (await kept.by_code(code)).lines
    with pytest.raises(Invalid) as refused:
        await verb(order["merchant"], order["customer"], code, line.id)
    assert set(refused.value.fields) == {field}
    assert await bought.state(code) == "requested"


async def test_words_of_who_pays() -> None:
    order = await bought.delivered()
    code = await _code(order)
    await receiving.receive(order["merchant"], code, {}, rest="sound", by=BY)
    (line,) = (await kept.by_code(code)).lines
    kept_back = {line.id: Deduction(100, NUL)}
    with pytest.raises(Invalid) as refused:
        await settling.refund(order["merchant"], code, by=BY, deductions=kept_back)
    assert set(refused.value.fields) == {f"deduction-{line.id}"}
    (number,) = await refunding.request(order["id"], refunding.Wanted(amount=100), by=BY)
    with pytest.raises(Invalid) as refused:
        await refund_steps.fail(number, by=BY, reason=NUL)
    assert set(refused.value.fields) == {"why"}
    with pytest.raises(Invalid) as refused:
        manual.checked("SEPA\0", None, clock.now())
    assert set(refused.value.fields) == {"reference"}
    with pytest.raises(Invalid) as refused:
        await giving.give(order["merchant"], Given(email=ALICE, currency="EUR", amount=1, reason=NUL, key="k"), by=BY)
    assert set(refused.value.fields) == {"reason"}


async def test_only_a_way_that_the_shop_offers_is_one() -> None:
    order = await bought.delivered()
    await rules.save(order["merchant"], Rules(ways=("label", "own_carrier")), by=None)
    teapots, cup = await bought.line_ids(order)
    for what in (bought.asked(teapots, way="pick_up"), bought.asked(teapots, kind="claim", way="label")):
        for verb in (quotes.quote(order["customer"], what), asking.ask(order["customer"], what, by="customer:1")):
            with pytest.raises(Invalid) as refused:
                await verb
            assert refused.value.fields == {"way": "The shop does not offer this way."}
    assert await asking.ask(order["customer"], bought.asked(teapots, way="label"), by="customer:1")
    assert await asking.ask(order["customer"], bought.asked(cup), by="customer:1")
