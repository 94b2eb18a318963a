"""A claim that nobody has decided can be taken back, and never blocks a withdrawal: it gives way, and both sides say so. What
was agreed to stays, and is named."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from httpx import AsyncClient
from msgspec.structs import replace

from app import clock, db
from app.errors import Invalid, Refused
from app.i18n import Voice
from app.ingest import actions as ingest
from app.ingest import kept as kept_orders
from app.ingest.snapshot import LineQuantity, Refund
from app.returns import asking, choices, deciding, guests, happened, holding, kept, source_refunds, withdrawals, worth
from app.returns.asked import Asked, AskedLine
from tests import builders
from tests.builders import ALICE
from tests.returns import asking_steps as steps
from tests.returns import bought, right, withdrawn

EN = Voice("en", "UTC")


async def _claimed(order: Mapping[str, Any], *quantities: int, wish: str = "refund") -> str:
    """A claim about so many of each line."""
    lines = await bought.line_ids(order)
    asked = [AskedLine(line, n, "damaged", wish) for line, n in zip(lines, quantities, strict=False) if n]
    return await asking.ask(order["customer"], Asked("claim", asked), by="customer:1")


async def _withdrawn(order: Mapping[str, Any], *quantities: int) -> str:
    lines = await bought.line_ids(order)
    return await withdrawals.declare(order["customer"], dict(zip(lines, quantities, strict=False)), by="customer:1")


async def _details(code: str) -> list[tuple[str, str]]:
    return [(it.text, it.detail) for it in await happened.told(await kept.by_code(code), EN)]


async def test_a_claim_is_taken_back_until_it_is_decided(alice: AsyncClient) -> None:
    order = await bought.delivered()
    code = await _claimed(order, 2)
    assert "Withdraw the request" in (await alice.get(f"/returns/{code}")).text
    assert (await alice.post(f"/returns/{code}/cancellation")).status_code == 303
    assert await bought.state(code) == "cancelled"
    page = steps.said((await alice.get(f"/returns/{code}")).text)
    assert "Claim withdrawn" in page
    assert "Withdraw the request" not in page
    await _claimed(order, 2)  # all of it is there again
    await right.everything(order["id"])


async def test_nobody_takes_back_what_was_decided(alice: AsyncClient) -> None:
    order = await bought.delivered()
    code = await _claimed(order, 1)
    await deciding.approve(order["merchant"], code, by="member:1")
    assert "Withdraw the request" not in (await alice.get(f"/returns/{code}")).text
    assert (await alice.post(f"/returns/{code}/cancellation")).status_code == 409
    with pytest.raises(Refused):
        await deciding.cancel(order["customer"], code, by="customer:1")
    assert await bought.state(code) == "approved"


async def test_a_withdrawal_takes_the_place_of_an_open_claim_and_both_say_so(alice: AsyncClient) -> None:
    order = await bought.delivered()
    lines = await bought.line_ids(order)
    claim = await _claimed(order, 2, 1)
    asked = steps.said((await alice.get(f"/orders/{order['address']}/what-happened?line={lines[0]}")).text)
    assert "withdraw from contract here" in asked
    form = (await alice.get(f"/orders/{order['address']}/withdrawal")).text
    assert form.count(f'href="/returns/{claim}"') == 2
    assert "takes the place of a claim that nobody has decided yet" in steps.said(form)
    said = {"line": [str(line) for line in lines], f"quantity-{lines[0]}": "2", "step": "confirm"}
    code = steps.code(await alice.post(f"/orders/{order['address']}/withdrawal", data=said))
    it = await kept.by_code(code)
    assert (it.it.expected, [line.held for line in it.lines]) == (order["total"], [2, 1])
    assert await bought.state(claim) == "cancelled"
    assert ("Claim withdrawn", f"Its items are in withdrawal {code} now") in await _details(claim)
    assert ("It takes the place of a claim that nobody had decided", claim) in await _details(code)
    assert f'href="/returns/{code}"' in (await alice.get(f"/returns/{claim}")).text
    await right.everything(order["id"])


async def test_only_what_is_needed_gives_way_and_to_the_cent(alice: AsyncClient) -> None:
    """Five at 1.01 altogether: no share is a whole number of cents."""
    order = await bought.delivered(lines=[builders.line("1", quantity=5, unit_price=101, total=101)], shipping=0)
    first, second = await _claimed(order, 2), await _claimed(order, 1)
    code = await _withdrawn(order, 3)
    quantities = [[line.quantity for line in (await kept.by_code(it)).lines] for it in (first, second, code)]
    assert quantities == [[1], [1], [3]]
    assert (await bought.told(first))[-1] == "claim_reduced"
    assert (await bought.told(second))[-1] == "claim_opened"
    everything = [(await kept.by_code(it)).it.expected for it in (first, second, code)]
    assert sum(everything) == 101, everything
    (left,) = (await holding.left([order["id"]])).values()
    assert (left.free, left.withdrawable, left.over) == (0, 2, 0)
    await right.everything(order["id"])


async def test_a_claim_keeps_the_items_that_were_not_withdrawn_from(alice: AsyncClient) -> None:
    order = await bought.delivered()
    claim = await _claimed(order, 2, 1)
    before = (await kept.by_code(claim)).it
    code = await _withdrawn(order, 0, 1)
    it = await kept.by_code(claim)
    assert (it.it.state, [(line.title, line.quantity, line.held) for line in it.lines]) == ("open", [("Teapot “Brume”", 2, 2)])
    assert (it.it.item_count, it.it.titles) == (2, "Teapot “Brume”")
    assert ("Some of it was withdrawn from", f"Its items are in withdrawal {code} now") in await _details(claim)
    promised = sum(one.total for one in worth.promises(it.it.grounds))
    assert promised + (await kept.by_code(code)).it.expected == before.expected == order["total"]
    await right.everything(order["id"])


async def test_what_is_free_is_withdrawn_from_first() -> None:
    order = await bought.delivered()
    claim = await _claimed(order, 1)
    await _withdrawn(order, 1, 1)
    assert await bought.told(claim) == ["claim_opened"]
    await right.everything(order["id"])


async def test_a_claim_that_was_agreed_to_stays_and_is_named(alice: AsyncClient) -> None:
    order = await bought.delivered()
    lines = await bought.line_ids(order)
    claim = await _claimed(order, 2)
    await deciding.approve(order["merchant"], claim, by="member:1")
    page = (await alice.get(f"/orders/{order['address']}/withdrawal")).text
    assert f'<a href="/returns/{claim}">Claim under way: {claim}</a>' in page
    assert [one.most for one in (await choices.of_order(order["customer"], order["address"], EN)).lines] == [0, 1]
    with pytest.raises(Invalid):
        await _withdrawn(order, 2)
    happened_page = (await alice.get(f"/orders/{order['address']}/what-happened?line={lines[0]}")).text
    assert "All of it has been asked for already" in happened_page
    assert f'<a href="/returns/{claim}">Claim under way: {claim}</a>' in happened_page
    await right.everything(order["id"])


async def test_a_guests_declaration_is_not_blocked_either() -> None:
    order = await bought.delivered()
    claim = await _claimed(order, 2, 1)
    code = await guests.confirm(await withdrawn.guest(ALICE))
    assert [line.quantity for line in (await kept.by_code(code)).lines] == [2, 1]
    assert await bought.state(claim) == "cancelled"
    await right.everything(order["id"])


async def test_of_a_decision_and_a_withdrawal_at_once_the_first_counts() -> None:
    order = await bought.delivered()
    claim = await _claimed(order, 2)
    await asyncio.gather(
        deciding.approve(order["merchant"], claim, by="member:1"), _withdrawn(order, 2), return_exceptions=True
    )  # fmt: skip
    held = await db.rows("SELECT COALESCE(SUM(held), 0) AS n FROM return_lines")
    assert held[0]["n"] == 2
    assert await bought.state(claim) in ("approved", "cancelled")
    await right.everything(order["id"])


async def test_an_objection_whose_items_are_elsewhere_says_where(client: AsyncClient, alice: AsyncClient) -> None:
    order = await bought.delivered()
    claim = await _claimed(order, 2)
    await deciding.decline(order["merchant"], claim, clause="no_defect", answer="", by="member:1")
    await deciding.object_to(order["customer"], claim, text="It is broken", by="customer:1")
    line = (await bought.line_ids(order))[0]
    asked = await alice.get(f"/orders/{order['address']}/what-happened?line={line}")
    assert f"Your objection is being looked at: {claim}" in steps.said(asked.text)
    code = await _withdrawn(order, 2)
    assert f'href="/returns/{code}"' in (await alice.get(f"/returns/{claim}")).text
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    desk = f"/desk/{builders.MO}/returns"
    page = (await client.get(f"{desk}/{claim}")).text
    assert "Its items are not there any more" in page
    assert f'href="{desk}/{code}"' in page
    assert f'action="{desk}/{claim}/approval"' not in page
    assert f'action="{desk}/{claim}/upholding"' in page
    assert (await client.post(f"{desk}/{claim}/upholding", data={"answer": f"See {code}"})).status_code == 303
    await right.everything(order["id"])


async def test_an_objection_whose_items_came_free_again_can_be_agreed_to(client: AsyncClient) -> None:
    order = await bought.delivered()
    claim = await _claimed(order, 2)
    await deciding.decline(order["merchant"], claim, clause="no_defect", answer="", by="member:1")
    await deciding.object_to(order["customer"], claim, text="", by="customer:1")
    again = await _claimed(order, 2)
    await deciding.cancel(order["customer"], again, by="customer:1")
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    assert (await client.post(f"/desk/{builders.MO}/returns/{claim}/approval")).status_code == 303
    assert await bought.state(claim) == "approved"


async def test_what_is_settled_is_named_too(alice: AsyncClient) -> None:
    order = await bought.delivered(lines=[builders.line("1")])
    code = await _withdrawn(order, 1)
    await db.execute("UPDATE returns SET state = 'refunded', settled_at = created_at WHERE code = {}", code)
    for path in ("what-happened", "withdrawal"):
        page = (await alice.get(f"/orders/{order['address']}/{path}")).text
        assert f'<a href="/returns/{code}">Withdrawal {code}: Refunded</a>' in page, path


async def test_what_the_shop_has_taken_back_of_a_claim_keeps_nobody_from_withdrawing() -> None:
    """A claim about a pot and a cup; the shop pays the cup back by itself; then the pot is withdrawn from."""
    lines = [builders.line("1"), builders.line("2", title="Cup", sku="CUP-1", unit_price=1250)]
    order = await bought.delivered(lines=lines)
    pot, cup = await bought.line_ids(order)
    what = Asked("claim", [AskedLine(line, 1, "damaged", "repair") for line in (pot, cup)])
    claim = await asking.ask(order["customer"], what, by="customer:1")
    back = [Refund(id="w1", amount=1_250, lines=[LineQuantity(line="2", quantity=1)], at=clock.now())]
    await bought.delivered(lines=lines, placed_at=order["placed_at"], refunds=back)
    code = await withdrawals.declare(order["customer"], {pot: 1}, by="customer:1")
    assert await bought.state(code) in ("acknowledged", "goods_due")
    assert await bought.state(claim) == "cancelled"
    await right.everything(order["id"])


@pytest.mark.parametrize(("withdrawn_from", "promised"), [(2, [8_600]), (1, [4_800, 4_800])])
async def test_what_the_shop_gave_for_a_claim_that_gives_way_is_not_promised_again(
    withdrawn_from: int, promised: list[int]
) -> None:
    """Two teapots for 96.00, of which 10.00 went back for the claim; what stays of the claim keeps them."""
    order = await bought.delivered()
    code = await _claimed(order, 2)
    lines = [builders.line("1", quantity=2), builders.line("2", title="Cup", sku="CUP-1", unit_price=1250)]
    await builders.order("1001", placed_at=order["placed_at"], lines=lines, refunds=[Refund(id="w1", amount=1_000)])
    await source_refunds.paid_for(order["merchant"], code, ["w1"], by="source:woocommerce")
    back = await _withdrawn(order, withdrawn_from)
    them = [(await kept.by_code(one)).it for one in (back, code)]
    assert them[1].state == ("cancelled" if withdrawn_from == 2 else "open")
    assert [it.expected for it in them][: len(promised)] == promised  # of which 10.00 were given for the claim
    await right.everything(order["id"])


async def test_a_claim_about_a_line_that_the_shop_has_taken_out_of_the_order_gives_way_all_the_same() -> None:
    order = await bought.delivered()
    code = await _claimed(order, 2, 1, wish="repair")
    known = (await kept_orders.snapshots([order["id"]]))[order["id"]]
    parcels = [replace(parcel, lines=parcel.lines[:1]) for parcel in known.shipments]
    await ingest.record_all([replace(known, lines=known.lines[:1], shipments=parcels)], history=False)
    back = await _withdrawn(order, 1)
    assert (await bought.state(back), await bought.state(code)) == ("goods_due", "open")
    assert [line.quantity for line in (await kept.by_code(code)).lines] == [1]
