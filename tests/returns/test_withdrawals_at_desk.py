"""Withdrawals at a desk: what stands against one is seen and said, and nobody can decline it; and what programs and phones
hear of them."""

from collections.abc import Mapping
from typing import Any

import pytest
from httpx import AsyncClient

from app import clock, db
from app.errors import Invalid, Missing, Refused
from app.events.unnoticed import Heard
from app.i18n import Voice
from app.notifications import about, wording
from app.notifications.channels import News
from app.returns import deciding, guests, kept, matching, suggesting, withdrawals
from app.webhooks import kinds as told_to_programs
from tests import builders
from tests.builders import ALICE, BOB
from tests.returns import bought, withdrawn

RETURNS = f"/desk/{builders.MO}/returns"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _late() -> tuple[str, Mapping[str, Any]]:
    order = await bought.delivered(days=60)
    return await guests.confirm(await withdrawn.guest()), order


async def test_the_desk_sees_that_it_came_after_the_period_and_is_not_told_to_pay(mo: AsyncClient) -> None:
    code, _order = await _late()
    text = (await mo.get(f"{RETURNS}/{code}")).text
    assert "After the period, or for goods that cannot be withdrawn" in text
    assert "Pay it back" not in text
    assert code in (await mo.get(RETURNS)).text


async def test_words_that_fit_no_order_are_there_for_whoever_looks_for_it(mo: AsyncClient) -> None:
    await builders.merchant()
    code = await guests.confirm(await withdrawn.guest(BOB, "the blue teapot of <November>"))
    text = (await mo.get(f"{RETURNS}/{code}")).text
    assert "the blue teapot of &lt;November&gt;" in text
    assert "No order of this address fits" in text


async def test_what_stands_against_it_is_said_to_the_customer_and_declines_nothing(mo: AsyncClient) -> None:
    code, order = await _late()
    refused = await mo.post(f"{RETURNS}/{code}/objection", data={"objection": " "})
    assert (refused.status_code, 'id="objection-error"' in refused.text) == (422, True)
    law = "It came on 1 September: the 14 days of Art. 9 were over."
    assert (await mo.post(f"{RETURNS}/{code}/objection", data={"objection": law})).status_code == 303
    it = await kept.owned_by(order["customer"], code)
    assert (it.it.state, it.it.waiting_on, it.it.due_at) == ("acknowledged", "nobody", None)
    assert (await bought.told(code))[-1] == "withdrawal_objected"
    mo.cookies.update(await builders.session(ALICE))
    assert law in (await mo.get(f"/returns/{code}")).text


async def test_where_something_is_due_an_objection_leaves_it_due() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await withdrawals.declare(order["customer"], {teapots: 1}, by="customer:1")
    before = (await kept.by_code(code)).it
    await withdrawals.object_to(order["merchant"], code, text="It was used.", by="member:1")
    after = (await kept.by_code(code)).it
    assert (after.state, after.waiting_on, after.due_at) == (before.state, before.waiting_on, before.due_at)
    with pytest.raises(Refused):
        await deciding.decline(order["merchant"], code, clause="used", answer="", by="member:1")
    with pytest.raises(Missing):
        await withdrawals.object_to(order["merchant"] + 1, code, text="Not mine.", by="member:2")
    with pytest.raises(Invalid):
        await withdrawals.object_to(order["merchant"], code, text="x" * 2_001, by="member:1")


@pytest.mark.parametrize(("items", "decision"), [("", ""), ("the chipped one", "look")])
async def test_goods_that_are_to_come_are_waited_for(items: str, decision: str) -> None:
    await bought.delivered()
    it = await kept.by_code(await guests.confirm(await withdrawn.guest(items=items)))
    found = suggesting.suggested(it, Voice("en", "UTC"))
    assert found.decision == decision
    assert ("only the customer's words say" in " ".join(found.why)) == bool(items)


@pytest.mark.parametrize(
    ("kind", "locale", "title"),
    [
        ("withdrawal_acknowledged", "en", "Withdrawal acknowledged: Teapot"),
        ("withdrawal_goods_awaited", "fr", "À renvoyer : Teapot"),
        ("withdrawal_objected", "fr", "À propos de votre rétractation : Teapot"),
    ],
)
async def test_news_of_it_opens_its_own_page(kind: str, locale: str, title: str) -> None:
    order = await bought.delivered()
    data = {"code": "R-7K3F9QXM", "amount": 4800, "currency": "EUR", "text": "It was used."}
    event = Heard(
        id=1, kind=kind, customer=order["customer"], merchant=order["merchant"], order=order["id"], at=clock.now(), data=data
    )  # fmt: skip
    known = (await about.about([event]))[1]
    assert known.url == "/returns/R-7K3F9QXM"
    news = News(
        id=1, topic="returns_and_refunds", kind=kind, order=order["id"], url=known.url, at=clock.now(),
        data=data | {"of": known.of},
    )  # fmt: skip
    assert wording.said(news, Voice(locale, "UTC")).title.replace("\u00a0", " ").startswith(title)


async def test_programs_hear_of_withdrawals_and_of_nothing_that_nobody_confirmed() -> None:
    assert told_to_programs.group_of("withdrawal_acknowledged") == "returns"
    await bought.delivered()
    await withdrawn.guest()
    (event,) = await db.rows("SELECT merchant, customer FROM events WHERE kind = 'withdrawal_declared'")
    assert (event["merchant"], event["customer"]) == (None, None)


async def test_what_has_no_items_yet_is_not_said_to_have_none(client: AsyncClient, mo: AsyncClient) -> None:
    """In the queue, and in the list of who is signed in as its sender; the address on its page has its name."""
    order = await bought.delivered()
    token = await withdrawn.guest(contract="the blue teapot")
    code = await guests.confirm(token)
    row = (await mo.get(f"{RETURNS}?show=all")).text.partition(f"{RETURNS}/{code}")[2].partition("</li>")[0]
    assert "the blue teapot" in row
    assert "0 item" not in row
    assert "· ·" not in " ".join(row.split())
    await matching.attach(order["merchant"], code, order["id"], by="member:1")
    await db.execute("UPDATE merchants SET address = {} WHERE id = {}", "1 quai", order["merchant"])
    page = (await client.get(f"/withdrawal/{token}")).text
    assert page.index("<h3>Where it goes</h3>") < page.index('<address class="address">')
    client.cookies.update(await builders.session(ALICE))
    said = {"name": "Alice", "email": ALICE, "contract": "a red cup", "step": "confirm"}
    assert (await client.post("/withdrawal", data=said)).status_code == 303
    page = (await client.get("/returns")).text
    assert "a red cup" in page
    assert "0 items" not in page
