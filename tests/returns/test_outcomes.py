"""What a settled return is said to have come to: nothing is paid before it is sent, nothing on its way before its parcel is."""

from collections.abc import Mapping
from typing import Any

import pytest
from httpx import AsyncClient

from app import clock, db
from app.i18n import Voice
from app.orders import refund_steps
from app.returns import asking, deciding, kept, money, queue, receiving, sentences, settling, withdrawals
from app.returns.sentences import Sentence
from tests import builders
from tests.returns import bought

DESK = f"/desk/{builders.MO}"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _back(**about: Any) -> tuple[str, Mapping[str, Any]]:
    order = await bought.delivered()
    line = (await bought.line_ids(order))[0]
    code = await asking.ask(order["customer"], bought.asked(line, **about), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    if about.get("kind") != "claim":
        await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    return code, order


async def _said(code: str) -> Sentence:
    return sentences.told((await kept.by_code(code)).it, Voice("en", "UTC"))


async def _refund() -> int:
    return int((await db.rows("SELECT id FROM refunds ORDER BY id DESC"))[0]["id"])


@pytest.mark.parametrize("about", [{}, {"kind": "claim", "wish": "refund"}])
async def test_money_is_approved_then_sent_then_there(about: dict[str, str], mo: AsyncClient) -> None:
    code, order = await _back(**about)
    await settling.refund(order["merchant"], code, by="member:1")
    said = await _said(code)
    assert (said.headline, said.tag, said.tone) == ("Refund approved: €48.00", "Refund approved", "wait")
    assert said.steps == 3
    listed = (await mo.get(f"{DESK}/returns?show=all")).text
    assert "Refund approved" in listed
    await refund_steps.record_reference(await _refund(), "SEPA 1", by="member:1")
    said = await _said(code)
    day = Voice("en", "UTC").weekday(clock.now())
    assert (said.headline, said.tone, said.steps) == (f"Sent on {day}: €48.00", "good", 4)
    assert said.tag in ("Refunded", "Resolved")
    await money.arrived(order["customer"], code, await _refund())
    assert (await _said(code)).headline == "It has arrived: €48.00"


async def test_of_two_parts_the_one_that_is_not_sent_counts() -> None:
    code, order = await _back()
    await settling.refund(order["merchant"], code, amount=1_000, last=False, by="member:1")
    await refund_steps.record_reference(await _refund(), "SEPA 1", by="member:1")
    await settling.refund(order["merchant"], code, by="member:1")
    assert (await _said(code)).headline == "Refund approved: €48.00"


async def test_money_that_failed_is_said_to_have_failed() -> None:
    code, order = await _back()
    await settling.refund(order["merchant"], code, by="member:1")
    await refund_steps.fail(await _refund(), by="member:1", reason="The account is closed")
    said = await _said(code)
    assert (said.headline, said.tag, said.tone) == ("The refund did not go through", "Refund failed", "bad")


async def test_the_law_names_the_day_by_which_it_is_sent() -> None:
    order = await builders.order("5")
    (line,) = await bought.line_ids(order)
    code = await withdrawals.declare(order["customer"], {line: 1}, by="customer:1")
    await settling.refund(order["merchant"], code, by="member:1")
    said = await _said(code)
    assert said.headline.startswith("Refund approved: ")
    assert said.detail.startswith("It is sent by ")


async def test_what_brings_nothing_is_settled_and_nothing_is_said_to_be_paid() -> None:
    order = await builders.order("6", payment="unpaid", payments=[])
    (line,) = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(line, 1, "cancellation"), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await settling.refund(order["merchant"], code, by="member:1")
    assert (await _said(code)).headline == "It is settled"


async def test_the_desk_is_asked_once_more_with_the_amount_and_where_it_goes(mo: AsyncClient) -> None:
    code, _order = await _back()
    here = f"{DESK}/returns/{code}"
    assert f'<a class="button first wide" href="{here}/refund">Pay back €48.00</a>' in (await mo.get(here)).text
    asked = (await mo.get(f"{here}/refund")).text
    assert "Pay back €48.00?" in asked
    assert "<dt>Visa ·· 4242</dt><dd>€48.00</dd>" in asked
    assert await bought.state(code) == "received"
    done = await mo.post(f"{here}/refund", data={"how": "all"})
    assert (done.status_code, done.headers["location"]) == (303, f"{here}#refund-{await _refund()}")
    after = (await mo.get(here)).text
    assert "Approved. Pay it, then note its reference." in after
    assert "Nothing can be paid back here now." in (await mo.get(f"{here}/refund")).text


async def test_a_queue_says_it_too() -> None:
    code, order = await _back()
    await settling.refund(order["merchant"], code, by="member:1")
    (found,) = (await queue.page_of(order["merchant"], queue.Filter(show="all")))[0]
    assert (found.code, queue.card(found, Voice("en")).tag) == (code, "Refund approved")
