"""What cannot be exchanged: asked once more before it becomes money, and told with what is still to be done."""

import pytest
from httpx import AsyncClient

from app.returns import asking, deciding, kept, receiving
from tests import builders
from tests.notifications.steps import said_of
from tests.returns import asking_steps, bought

RETURNS = f"/desk/{builders.MO}/returns"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _wished(*, came: bool = False) -> str:
    order = await bought.delivered()
    asked = bought.asked((await bought.line_ids(order))[0], wish="exchange", wanted="39")
    code = await asking.ask(order["customer"], asked, by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    if came:
        await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    return code


async def test_one_touch_asks_first_and_says_what_happens(mo: AsyncClient) -> None:
    code = await _wished()
    here = f"{RETURNS}/{code}"
    screen = (await mo.get(here)).text
    assert f'<a class="button wide" href="{here}/money">' in screen
    said = asking_steps.said((await mo.get(f"{here}/money")).text)
    for text in ("Pay back €48.00 in place of the exchange?", "Wished in exchange: “39”", "It still has to come back"):
        assert text in said
    assert (await kept.by_code(code)).lines[0].wish == "exchange"
    answer = await mo.post(f"{here}/money", data={"text": "39 is sold out."})
    assert (answer.status_code, answer.headers["location"]) == (303, here)
    assert (await kept.by_code(code)).lines[0].wish == "refund"
    assert "There is nothing to exchange here." in (await mo.get(f"{here}/money")).text
    assert (await mo.post(f"{here}/money", data={})).status_code == 409


async def test_the_wished_size_is_no_amount(mo: AsyncClient) -> None:
    code = await _wished(came=True)
    await mo.post(f"{RETURNS}/{code}/money", data={})
    said = asking_steps.said((await mo.get(f"{RETURNS}/{code}")).text)
    assert "Money back: 39" not in said
    assert "The exchange was not to be had: “39”" in said


async def test_the_customer_is_told_why_and_that_it_still_has_to_come_back(mo: AsyncClient) -> None:
    code = await _wished()
    await mo.post(f"{RETURNS}/{code}/money", data={"text": "39 is sold out."})
    it = await kept.by_code(code)
    assert it.it.send_by
    body = (await said_of("return_paid_instead")).body
    assert "It still has to come back: send it by" in body
    assert "The seller says: “39 is sold out.”" in body


async def test_words_that_cannot_be_kept_are_refused_where_they_were_typed(mo: AsyncClient) -> None:
    code = await _wished()
    answer = await mo.post(f"{RETURNS}/{code}/money", data={"text": "x" * 5_000})
    assert (answer.status_code, 'id="text-error"' in answer.text) == (422, True)
