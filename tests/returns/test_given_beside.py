"""What the shop has paid back of an order by itself is seen where a return is decided: nothing is given twice unmeant."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from app import clock, db
from app.errors import Invalid
from app.ingest.snapshot import LineQuantity, Refund
from app.orders import refund_steps
from app.returns import asking, deciding, given_beside, kept, receiving, replacing, settling
from tests import builders
from tests.merchants.counter import program
from tests.returns import bought
from tests.returns.asking_steps import said

DESK = f"/desk/{builders.MO}/returns"
WARNING = "€48.00 were paid back of this order already, and may have been for the same."
TEAPOT = [LineQuantity(line="1", quantity=1)]


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _asked(kind: str = "return", **about: Any) -> tuple[str, Mapping[str, Any]]:
    order = await bought.delivered()
    line = (await bought.line_ids(order))[0]
    return await asking.ask(order["customer"], bought.asked(line, kind=kind, **about), by="customer:1"), order


async def _there(amount: int = 4_800, **about: Any) -> None:
    """The shop's own system reports it, without a word about returns."""
    said = {"id": "w1", "at": clock.now(), "reason": "Sorry!", "lines": TEAPOT} | about
    await bought.delivered(refunds=[Refund(amount=amount, **said)], note="Refunded there")


async def _back(**about: Any) -> tuple[str, Mapping[str, Any]]:
    code, order = await _asked(**about)
    await receiving.receive(order["merchant"], code, {}, rest="sound", by="member:1")
    return code, order


async def _given(order: Mapping[str, Any]) -> list[int]:
    found = await db.rows("SELECT amount FROM refunds WHERE \"order\" = {} AND state <> 'failed' ORDER BY id", order["id"])
    return [row["amount"] for row in found]


@pytest.mark.parametrize("state", ["succeeded", "pending"])
async def test_the_desk_sees_it_and_gives_it_again_only_where_that_is_meant(mo: AsyncClient, state: str) -> None:
    code, order = await _back()
    await _there(state=state)
    here = f"{DESK}/{code}"
    for path in (here, f"{here}/refund"):
        text = said((await mo.get(path)).text)
        for part in ("Paid back already, of the same order €48.00", "By the shop’s own system · ", "Order 1001",
                     "For: 1 × Teapot “Brume”", "Reference: w1", "Sorry!"):  # fmt: skip
            assert part in text, (path, part)
    assert WARNING in said((await mo.get(f"{here}/refund")).text)
    for data in ({"how": "all"}, {"amount": "10.00", "more": "yes"}):
        answer = await mo.post(f"{here}/refund", data=data)
        assert (answer.status_code, "Say that you mean to give it all the same." in answer.text) == (422, True)
        assert answer.text.count('id="again-error"') == 1
        assert data.get("amount", "") in answer.text
    assert await _given(order) == [4_800]
    assert (await mo.post(f"{here}/refund", data={"how": "all", "again": "yes"})).status_code == 303
    assert await _given(order) == [4_800, 4_800]


async def test_an_exchange_is_sent_only_where_it_is_meant(mo: AsyncClient) -> None:
    code, _order = await _back(reason="wrong_size", wish="exchange", wanted="The small one")
    await _there(lines=[])
    here, (line,) = f"{DESK}/{code}/exchange", (await kept.by_code(code)).lines
    page = said((await mo.get(here)).text)
    assert WARNING in page
    assert "For what, nobody has said" in page
    n = f"-{line.id}"
    form = {f"title{n}": "Small one", f"variant{n}": "", f"sku{n}": "", f"quantity{n}": "1", f"price{n}": "48.00"}
    refused = await mo.post(here, data=form)
    assert (refused.status_code, 'id="again-error"' in refused.text, "Small one" in refused.text) == (422, True, True)
    assert (await kept.by_code(code)).it.exchange is None
    assert (await mo.post(here, data=form | {"again": "yes"})).status_code == 303
    assert (await kept.by_code(code)).it.exchange is not None


async def test_a_claim_that_the_shop_has_paid_for_is_not_made_good_by_mistake(mo: AsyncClient) -> None:
    code, order = await _asked("claim")
    await deciding.approve(order["merchant"], code, by="member:1")
    await _there()
    refused = await mo.post(f"{DESK}/{code}/repair")
    assert (refused.status_code, 'id="again-error"' in refused.text) == (422, True)
    with pytest.raises(Invalid) as unmeant:
        await replacing.exchange(order["merchant"], code, await bought.same_again(code), by="member:1")
    assert list(unmeant.value.fields) == ["again"]
    assert await bought.state(code) == "approved"
    assert (await mo.post(f"{DESK}/{code}/repair", data={"again": "yes"})).status_code == 303


async def test_never_more_than_was_paid_whatever_is_meant() -> None:
    code, order = await _back()
    await _there(order["total"] - 1_000)
    with pytest.raises(Invalid) as refused:
        await settling.refund(order["merchant"], code, amount=4_800, again=True, by="member:1")
    assert list(refused.value.fields) == ["amount"]
    assert await settling.refund(order["merchant"], code, again=True, by="member:1") == 1_000


async def test_what_was_all_paid_back_there_ends_without_a_question() -> None:
    code, order = await _back()
    await _there(order["total"], lines=[])
    assert await settling.refund(order["merchant"], code, by="member:1") == 0
    assert await bought.state(code) == "refunded"


async def test_what_the_shop_gave_for_something_else_is_shown_and_asks_nothing(mo: AsyncClient) -> None:
    code, order = await _back()
    await _there(1_250, lines=[LineQuantity(line="2", quantity=1)])
    text = said((await mo.get(f"{DESK}/{code}/refund")).text)
    assert ("For: 1 × Cup" in text, "may have been for the same" in text) == (True, False)
    assert await settling.refund(order["merchant"], code, by="member:1") == 4_800


@pytest.mark.parametrize(("quantity", "asks"), [(1, False), (2, True)])
async def test_one_of_two_that_was_paid_back_before_is_not_the_one_that_is_asked_for_later(quantity: int, asks: bool) -> None:
    """Unless more are gone than there were: the shop says later that it had been both."""
    order = await bought.delivered()
    before = clock.now() - timedelta(days=1)
    await _there(at=before)
    code = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[0]), by="customer:1")
    await _there(4_800 * quantity, at=before, lines=[LineQuantity(line="1", quantity=quantity)])
    assert bool(await given_beside.warning(await kept.by_code(code))) == asks


async def test_what_was_given_for_another_return_is_named_with_it_and_asks_nothing(mo: AsyncClient) -> None:
    first, order = await _back()
    await settling.refund(order["merchant"], first, by="member:1")
    line = (await bought.line_ids(order))[0]
    second = await asking.ask(order["customer"], bought.asked(line), by="customer:1")
    text = (await mo.get(f"{DESK}/{second}")).text
    assert f'<a href="{DESK}/{first}">For {first}</a>' in text
    assert await given_beside.warning(await kept.by_code(second)) == ""
    assert "Paid back already" not in (await mo.get(f"{DESK}/{first}")).text


async def test_the_desk_says_that_it_was_for_this_return_which_is_settled_by_it(mo: AsyncClient) -> None:
    code, order = await _back()
    await _there(lines=[])
    here = f"{DESK}/{code}"
    assert "It was for this request" in (await mo.get(here)).text
    assert (await mo.post(f"{here}/given", data={"refund": "w2"})).status_code == 409
    assert (await mo.post(f"{here}/given", data={"refund": "w1"})).status_code == 303
    assert (await bought.state(code), (await kept.by_code(code)).it.refunded) == ("refunded", 4_800)
    assert (await mo.post(f"{here}/given", data={"refund": "w1"})).status_code == 409
    assert await _given(order) == [4_800]
    assert "Paid back already" not in (await mo.get(here)).text
    mo.cookies.update(await builders.session(builders.ALICE))
    assert "Reported by the shop" in (await mo.get(f"/returns/{code}")).text


async def test_a_refund_that_failed_is_tried_again_only_where_it_is_meant(mo: AsyncClient) -> None:
    code, order = await _back()
    await settling.refund(order["merchant"], code, by="member:1")
    (row,) = await db.rows("SELECT id FROM refunds")
    await refund_steps.fail(row["id"], by="member:1", reason="No such account")
    await _there(lines=[])
    here = f"/desk/{builders.MO}/refunds/{row['id']}/retry"
    for back in ("", code):
        refused = await mo.post(here, data={"back": back})
        assert (refused.status_code, f'id="again-{row["id"]}-error"' in refused.text) == (422, True)
    assert await _given(order) == [4_800]
    assert (await mo.post(here, data={"back": code, f"again-{row['id']}": "yes"})).status_code == 303
    assert await _given(order) == [4_800, 4_800]


async def test_a_program_reads_it_and_says_in_a_field_that_it_is_meant() -> None:
    code, _order = await _back()
    await _there()
    here = f"/api/v1/returns/{code}"
    async with await program(builders.MO) as client:
        (beside,) = (await client.get(here)).json()["beside"]
        assert beside == {
            "id": "w1", "order": "1001", "amount": 4_800, "state": "succeeded", "at": beside["at"], "lines": {"1": 1},
            "again": True,
        }  # fmt: skip
        refused = await client.post(f"{here}/refund", json={})
        assert (refused.status_code, [one["pointer"] for one in refused.json()["errors"]]) == (422, ["/again"])
        assert (await client.post(f"{here}/refund", json={"again": True})).json()["state"] == "refunded"


async def test_its_customer_reads_nothing_of_warnings(alice: AsyncClient) -> None:
    code, _order = await _back()
    await _there()
    text = said((await alice.get(f"/returns/{code}")).text)
    for words in ("Paid back already", "may have been for the same", "all the same"):
        assert words not in text
