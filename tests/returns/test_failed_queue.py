"""A refund that has failed brings its return back among what waits at the desk, with what is to be done."""

import pytest
from httpx import AsyncClient

from app import db
from app.orders import refund_steps, refunding
from app.returns import asking, deciding, receiving, settling
from tests import builders
from tests.returns import asking_steps, bought

RETURNS = f"/desk/{builders.MO}/returns"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _failed() -> tuple[str, int]:
    order = await bought.delivered()
    code = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[0]), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    await settling.refund(order["merchant"], code, by="member:1")
    (row,) = await db.rows("SELECT id FROM refunds")
    await refund_steps.fail(row["id"], by="member:1", reason="The account is closed")
    return code, row["id"]


async def test_it_waits_above_all_others_until_it_is_sent_again(mo: AsyncClient) -> None:
    code, refund = await _failed()
    order = await bought.delivered("1002")
    other = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[0]), by="customer:1")
    text = (await mo.get(RETURNS)).text
    assert text.index(f"{RETURNS}/{code}") < text.index(f"{RETURNS}/{other}")
    said = asking_steps.said(text)
    assert "1 refund has failed" in said
    assert "Refund failed" in said
    assert code not in (await mo.get(f"{RETURNS}?kind=claim")).text
    assert (await mo.get(f"{RETURNS}?show=all")).text.count(f'href="{RETURNS}/{code}"') == 1
    await refunding.again(refund, by="member:1")
    assert code not in (await mo.get(RETURNS)).text


async def test_its_own_screen_says_what_is_to_be_done(mo: AsyncClient) -> None:
    code, _refund = await _failed()
    said = asking_steps.said((await mo.get(f"{RETURNS}/{code}")).text)
    assert "Its refund has failed: try it again, or pay it by hand" in said
    assert "Nothing to decide now" not in said


async def test_of_another_shop_nothing_waits(client: AsyncClient) -> None:
    code, _refund = await _failed()
    await builders.member("nia@example.com", builders.NIA, "manager")
    client.cookies.update(await builders.session("nia@example.com", factor=True))
    assert code not in (await client.get(f"/desk/{builders.NIA}/returns")).text


async def test_a_cancellation_that_is_agreed_to_waits_for_its_money_on_both_sides(mo: AsyncClient) -> None:
    order = await builders.order("1003")
    asked = bought.asked((await bought.line_ids(order))[0], kind="cancellation")
    code = await asking.ask(order["customer"], asked, by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    said = asking_steps.said((await mo.get(f"{RETURNS}/{code}")).text)
    assert "Nothing was sent: pay back what was paid" in said
    mo.cookies.clear()
    mo.cookies.update(await builders.session(builders.ALICE))
    said = asking_steps.said((await mo.get(f"/returns/{code}")).text)
    assert "Atelier Mo cancels it Approved Your money is due by" in said
    assert "Answer by" not in said
