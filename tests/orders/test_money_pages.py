"""The ledger of an order on its page: what was paid, each refund with its way, and nothing of anybody else's."""

from httpx import AsyncClient

from app import db
from app.i18n import Voice
from app.orders import refund_steps
from app.payments import ledger
from app.returns import asking, deciding, receiving, replacing, settling
from tests import builders
from tests.payments.steps import MO_STAFF, ask, paid
from tests.returns import bought


async def test_each_refund_goes_its_way_until_its_customer_has_it(alice: AsyncClient) -> None:
    order = await paid()
    here = f"/orders/{order['address']}/money"
    text = (await alice.get(here)).text
    assert ("€52.90" in text, "Nothing was given back." in text) == (True, True)
    (number,) = await ask(order["id"], 1250)
    text = (await alice.get(here)).text
    assert ("Asked for: the seller decides" in text, "€12.50" in text) == (True, True)
    assert (await alice.post(f"{here}/refunds/{number}/arrival")).status_code == 409
    await refund_steps.approve(number, by=MO_STAFF)
    await refund_steps.record_reference(number, "SEPA 77-1", by=MO_STAFF)
    text = (await alice.get(here)).text
    assert ("SEPA 77-1" in text, "Expected by" in text) == (True, True)
    assert f'action="{here}/refunds/{number}/arrival"' in text
    for _twice in range(2):
        answer = await alice.post(f"{here}/refunds/{number}/arrival")
        assert (answer.status_code, answer.headers["location"]) == (303, here)
    text = (await alice.get(here)).text
    assert f'action="{here}/refunds/{number}/arrival"' not in text
    assert f'<a href="{here}">Each refund, step by step</a>' in (await alice.get(f"/orders/{order['address']}")).text


async def test_nobody_elses_money_is_shown_or_confirmed(alice: AsyncClient) -> None:
    order = await paid()
    (number,) = await ask(order["id"], 1250, approved=True)
    await refund_steps.record_reference(number, "R", by=MO_STAFF)
    other = await paid("1002")
    wrong = f"/orders/{other['address']}/money/refunds/{number}/arrival"
    assert (await alice.post(wrong)).status_code == 404
    here = f"/orders/{order['address']}/money"
    alice.cookies.update(await builders.session(builders.BOB))
    assert [(await alice.get(here)).status_code, (await alice.post(f"{here}/refunds/{number}/arrival")).status_code] == [
        404,
        404,
    ]


async def test_what_the_first_order_paid_for_an_exchange_stands_in_both_ledgers(alice: AsyncClient) -> None:
    order = await bought.delivered()
    line = (await bought.line_ids(order))[0]
    what = bought.asked(line, reason="wrong_size", wish="exchange", wanted="Small")
    first = await asking.ask(order["customer"], what, by="customer:1")
    await receiving.receive(order["merchant"], first, {}, rest="sound", by="member:1")
    made = await replacing.exchange(order["merchant"], first, await bought.same_again(first), by="member:1")
    (row,) = await db.rows("SELECT address FROM orders WHERE id = {}", made)
    (new,) = await db.rows('SELECT id FROM order_lines WHERE "order" = {}', made)
    code = await asking.ask(order["customer"], bought.asked(new["id"], kind="cancellation"), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await settling.refund(order["merchant"], code, by="member:1")
    for number, address in ((order["id"], order["address"]), (made, row["address"])):
        assert (await ledger.of_order(number, Voice("en"))).given == "€48.00"
        text = (await alice.get(f"/orders/{address}/money")).text
        assert f'<a href="/returns/{code}">What it is for: {code}</a>' in text
    assert "Paid with what came back" in text


async def test_what_the_first_order_gave_for_an_exchange_is_confirmed_on_either_page(alice: AsyncClient) -> None:
    order = await bought.delivered()
    what = bought.asked((await bought.line_ids(order))[0], reason="wrong_size", wish="exchange", wanted="Small")
    first = await asking.ask(order["customer"], what, by="customer:1")
    await receiving.receive(order["merchant"], first, {}, rest="sound", by="member:1")
    made = await replacing.exchange(order["merchant"], first, await bought.same_again(first), by="member:1")
    (row,) = await db.rows("SELECT address FROM orders WHERE id = {}", made)
    (new,) = await db.rows('SELECT id FROM order_lines WHERE "order" = {}', made)
    code = await asking.ask(order["customer"], bought.asked(new["id"], kind="cancellation"), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    await settling.refund(order["merchant"], code, by="member:1")
    (refund,) = await db.rows("SELECT id FROM refunds")
    await refund_steps.record_reference(refund["id"], "SEPA 1", by=MO_STAFF)
    here = f"/orders/{row['address']}/money"
    button = f'action="{here}/refunds/{refund["id"]}/arrival"'
    assert button in (await alice.get(here)).text
    assert (await alice.post(f"{here}/refunds/{refund['id']}/arrival")).status_code == 303
    assert button not in (await alice.get(here)).text
