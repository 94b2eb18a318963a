"""A declaration that matched no order is attached to one by hand: found by number or address, confirmed, with who did it."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from httpx import AsyncClient

from app import db
from app.errors import Missing, Refused
from app.i18n import Voice
from app.returns import guests, happened, kept, matching, settling, suggesting, withdrawals
from tests import builders
from tests.builders import ALICE, BOB, MO, NIA
from tests.returns import bought, right, withdrawn

RETURNS = f"/desk/{MO}/returns"
ELSEWHERE = "alice.at.work@example.com"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _unknown(email: str = ELSEWHERE, **said: str) -> str:
    return await guests.confirm(await withdrawn.guest(email, **said))


async def test_it_is_looked_for_confirmed_and_attached(mo: AsyncClient) -> None:
    order = await bought.delivered("A-1001", number="A-1001")
    code = await _unknown(contract="a-1001 or so", items="the cup")
    assert f'href="{RETURNS}/{code}/order"' in (await mo.get(f"{RETURNS}/{code}")).text
    page = (await mo.get(f"{RETURNS}/{code}/order")).text
    assert "a-1001 or so" in page
    assert "No order of this shop has this number or address." in page, "its own address was looked for"
    link = f"{RETURNS}/{code}/order?order={order['id']}"
    for text in ("a-1001", "#A-1001", f" {ALICE.upper()} "):
        assert link in (await mo.get(f"{RETURNS}/{code}/order", params={"q": text})).text, text
    second = (await mo.get(link)).text
    assert "Attach this order" in second
    assert "It was declared from another address" in second
    assert (await kept.by_code(code)).it.order is None, "looking changes nothing"
    answer = await mo.post(f"{RETURNS}/{code}/order", data={"order": str(order["id"]), "meant": "yes"})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{RETURNS}/{code}")
    it = await kept.owned_by(order["customer"], code)
    assert (it.it.order, it.it.state, it.it.waiting_on, it.it.expected) == (order["id"], "goods_due", "seller", 1250)
    assert [(line.title, line.quantity, line.held) for line in it.lines] == [("Cup", 1, 1)]
    assert (it.it.email, it.it.contract) == (ELSEWHERE, "a-1001 or so"), "what was declared stays as it was"
    after = (await mo.get(f"{RETURNS}/{code}")).text
    assert "Its order was found by hand" in after
    assert f'href="{RETURNS}/{code}/order"' not in after
    assert (await mo.get(f"{RETURNS}/{code}/order")).status_code == 404
    await right.everything(order["id"])


@pytest.mark.parametrize(("language", "column", "differs", "tick"), [
    ("en", "As it was declared", "differs", "I have compared them: this order is meant"),
    ("fr", "Tel que déclaré", "diffère", "J’ai comparé\N{NO-BREAK SPACE}: c’est bien cette commande"),
])  # fmt: skip
async def test_what_differs_is_seen_side_by_side_and_has_to_be_meant(
    mo: AsyncClient, language: str, column: str, differs: str, tick: str
) -> None:
    order = await bought.delivered()
    code, here = await _unknown(contract="order 1002", name="Zoé Petit"), {"Accept-Language": language}
    url, form = f"{RETURNS}/{code}/order", {"order": str(order["id"])}
    second = (await mo.get(f"{url}?order={order['id']}", headers=here)).text
    for text in (column, tick, "<td>order 1002</td><td>1001</td>", f"<td>Zoé Petit</td><td>{order['customer_name']}</td>"):
        assert text in second, text
    assert f"<td>{ELSEWHERE}</td><td>{ALICE}</td>" in second
    assert second.count(f"<small>{differs}</small>") == 2 + bool(order["customer_name"])
    refused = await mo.post(url, data=form, headers=here)
    assert (refused.status_code, 'id="meant-error"' in refused.text, tick in refused.text) == (422, True, True)
    assert (await kept.by_code(code)).it.order is None, "nothing is attached that was not meant"
    assert (await mo.post(url, data=form | {"meant": "yes"}, headers=here)).status_code == 303
    assert (await kept.by_code(code)).it.order == order["id"]


async def test_what_agrees_needs_no_second_look(mo: AsyncClient) -> None:
    code = await _unknown(ALICE, contract="order #1001", name="MARTIN Alice")
    order = await bought.delivered()
    assert 'name="meant"' not in (await mo.get(f"{RETURNS}/{code}/order?order={order['id']}")).text
    assert (await mo.post(f"{RETURNS}/{code}/order", data={"order": str(order["id"])})).status_code == 303


async def test_the_days_run_from_when_it_was_declared_and_its_history_stays_whole() -> None:
    order = await bought.delivered()
    code = await _unknown()
    before = (await kept.by_code(code)).it
    await withdrawals.object_to(order["merchant"], code, text="We cannot find it.", by="member:1")
    await matching.attach(order["merchant"], code, order["id"], by="member:7")
    it = await kept.by_code(code)
    assert it.it.refund_by == before.refund_by
    # What was told stays as it was told: events are only ever added.
    known = 'SELECT "order", customer FROM events WHERE kind IN ({}, {}) ORDER BY id'
    told_before = await db.rows(known, "withdrawal_acknowledged", "withdrawal_objected")
    assert [(row["order"], row["customer"]) for row in told_before] == [(None, None)] * 2
    told = await right.events_of(code)
    assert [kind for kind, _data in told] == [
        "withdrawal_acknowledged", "withdrawal_objected", "withdrawal_attached", "withdrawal_goods_awaited",
    ]  # fmt: skip
    assert [data["by"] for kind, data in told if kind == "withdrawal_attached"] == ["member:7"]
    moments = await happened.told(it, Voice("en", "UTC"), desk=True)
    assert ("Its order was found by hand", "1001") in [(one.text, one.detail) for one in moments]
    assert suggesting.suggested(it, Voice("en", "UTC")).text == ""
    assert await settling.refund(order["merchant"], code, by="member:7") == it.it.expected
    await right.everything(order["id"])


async def test_the_history_of_one_without_an_order_is_there_at_the_desk(mo: AsyncClient) -> None:
    await bought.delivered()
    code, other = await _unknown(), await _unknown(BOB, contract="another one")
    moments = await happened.told(await kept.by_code(code), Voice("en", "UTC"), desk=True)
    assert [one.text for one in moments] == ["Withdrawal acknowledged"]
    assert code != other


async def test_after_the_period_it_is_shown_as_late_and_nothing_is_promised() -> None:
    order = await bought.delivered(days=60)
    code = await _unknown()
    await matching.attach(order["merchant"], code, order["id"], by="member:7")
    it = await kept.by_code(code)
    assert (it.it.state, it.it.expected, it.it.refund_by, it.it.waiting_on) == ("acknowledged", 0, None, "seller")
    assert it.it.due_at is not None
    assert [line.held for line in it.lines] == [0, 0]
    await right.everything(order["id"])


async def test_what_another_return_holds_is_not_taken_twice() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    await withdrawals.declare(order["customer"], {teapots: 2}, by="customer:1")
    code = await _unknown()
    await matching.attach(order["merchant"], code, order["id"], by="member:7")
    assert [(line.title, line.held) for line in (await kept.by_code(code)).lines] == [("Cup", 1)]
    await right.everything(order["id"])


async def test_another_merchants_order_and_declaration_do_not_exist(mo: AsyncClient) -> None:
    own = await bought.delivered()
    theirs = await bought.delivered("7", merchant=NIA, number="N-7")
    code = await _unknown(seller=MO)
    for path in (f"order?order={theirs['id']}", "order?order=0", "order?order=x", f"order?order={2**70}", "order?order=²"):
        assert (await mo.get(f"{RETURNS}/{code}/{path}")).status_code == 404, path
    for text in (str(theirs["id"]), " ", "-1", "99999999", "1\0"):
        assert (await mo.post(f"{RETURNS}/{code}/order", data={"order": text})).status_code == 404, text
    for text in ("N-7", "%", "_", "' OR 1=1", "\0", "@", "x" * 5_000):
        assert "?order=" not in (await mo.get(f"{RETURNS}/{code}/order", params={"q": text})).text, text
    with pytest.raises(Missing):
        await matching.attach(theirs["merchant"], code, theirs["id"], by="member:9")
    assert (await kept.by_code(code)).it.order is None
    assert await matching.found(own["merchant"], "1001")


async def test_only_a_withdrawal_without_an_order_and_only_once(mo: AsyncClient) -> None:
    order = await bought.delivered()
    another = await bought.delivered("1002")
    code = await _unknown()
    both = await asyncio.gather(*(
        matching.attach(order["merchant"], code, one["id"], by="member:7") for one in (order, another)
    ), return_exceptions=True)  # fmt: skip
    assert sorted(type(one).__name__ for one in both) == ["NoneType", "Refused"]
    with pytest.raises(Refused):
        await matching.attach(order["merchant"], code, order["id"], by="member:7")
    answer = await mo.post(f"{RETURNS}/{code}/order", data={"order": str(order["id"])})
    assert (answer.status_code, "it has gone on meanwhile" in answer.text) == (409, True)
    held = await db.rows("SELECT COALESCE(SUM(held), 0) AS held FROM return_lines")
    assert held[0]["held"] == 3
    assert len([kind for kind in await bought.told(code) if kind == "withdrawal_attached"]) == 1


async def test_who_declared_it_signed_in_with_another_address_is_told_nothing_of_the_order(client: AsyncClient) -> None:
    """It goes to whoever owns the order; the paper that was mailed stays."""
    order: Mapping[str, Any] = await bought.delivered()
    await builders.customer(BOB)
    code = await _unknown(BOB, contract="something of Alice's")
    await matching.attach(order["merchant"], code, order["id"], by="member:7")
    client.cookies.update(await builders.session(BOB))
    assert (await client.get(f"/returns/{code}")).status_code == 404
    client.cookies.update(await builders.session(ALICE))
    assert (await client.get(f"/returns/{code}")).status_code == 200
