"""Before money is given back: a desk hears what was never paid, what is not charged yet, and what has not come back."""

import pytest
from httpx import AsyncClient

from app.returns import asking, deciding
from tests import builders
from tests.builders import ALICE
from tests.returns import bought
from tests.returns.asking_steps import said

RETURNS = f"/desk/{builders.MO}/returns"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


@pytest.mark.parametrize(
    ("payment", "words"),
    [("unpaid", "Nothing has been paid yet."), ("authorised", "Charge that much less in your shop"), ("paid", "")],
)
async def test_before_a_cancellation_is_settled_the_desk_hears_that_nothing_was_paid(
    mo: AsyncClient, payment: str, words: str
) -> None:
    order = await builders.order(payment=payment)
    line, *_ = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(line, kind="cancellation"), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    text = said((await mo.get(f"{RETURNS}/{code}/refund")).text)
    assert words in text
    assert bool(words) == ("Nothing has been" in text)


async def test_before_a_return_is_paid_the_desk_hears_that_nothing_has_arrived(mo: AsyncClient) -> None:
    order = await bought.delivered()
    line, *_ = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(line), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    assert "Nothing has arrived yet." in said((await mo.get(f"{RETURNS}/{code}/refund")).text)


async def test_the_way_out_of_cancelling_does_not_read_as_cancelling(client: AsyncClient) -> None:
    order = await builders.order()
    client.cookies.update(await builders.session(ALICE))
    text = said((await client.get(f"/orders/{order['address']}/returns/new?kind=cancellation")).text)
    assert "Continue Keep everything" in text


@pytest.mark.parametrize("payment", ["unpaid", "authorised", "paid"])
async def test_who_has_paid_nothing_is_not_promised_its_price(alice: AsyncClient, payment: str) -> None:
    order = await bought.delivered(payment=payment)
    line, *_ = await bought.line_ids(order)
    note, expected = "Nothing has been paid for it yet", payment != "paid"
    chosen = {"line": str(line), f"quantity-{line}": "1"}
    second = await alice.post(f"/orders/{order['address']}/withdrawal", data=chosen)
    assert ("€48.00" in second.text, note in second.text) == (True, expected)
    form = {"kind": "return", "line": str(line), f"quantity-{line}": "1", f"reason-{line}": "changed_mind"}
    asked = await alice.post(f"/orders/{order['address']}/returns/new", data=form)
    assert ("€48.00" in asked.text, note in asked.text) == (True, expected)
    code = await asking.ask(order["customer"], bought.asked(line), by="customer:1")
    assert (note in (await alice.get(f"/returns/{code}")).text) is expected
