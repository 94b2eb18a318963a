"""Returns on a phone: their list and each one's page, told again only where they have changed."""

import pytest
from httpx import AsyncClient

from app import clock, db
from app.offline import returned
from app.orders import refund_steps, refunding
from app.orders.refunding import Wanted
from app.returns import asking, deciding, kept
from app.shipments.actions import take
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from tests import builders
from tests.offline.phone import Phone, addresses
from tests.returns import bought


@pytest.fixture
def phone(alice: AsyncClient) -> Phone:
    return Phone(alice)


async def _asked(n: str = "1001") -> tuple[str, int, int]:
    """Its code, its merchant and its order."""
    order = await bought.delivered(n)
    line = (await bought.line_ids(order))[0]
    return await asking.ask(order["customer"], bought.asked(line), by="customer:1"), order["merchant"], order["id"]


async def test_the_list_and_each_returns_page_are_the_very_pages(phone: Phone, alice: AsyncClient) -> None:
    code, _merchant, _order = await _asked()
    await phone.ask()
    for address in ("/returns", f"/returns/{code}"):
        inside = (await alice.get(address)).text.partition('<main id="main"')[2].partition("</main>")[0]
        assert phone.pages[address].partition("hx-history-elt>")[2] == inside.partition(">")[2] + "</main>"


async def test_what_did_not_change_costs_nothing(phone: Phone) -> None:
    code, merchant, _order = await _asked("1")
    other, _merchant, _order = await _asked("2")
    await phone.ask()
    assert addresses(await phone.ask()) == []
    await deciding.approve(merchant, code, by="member:1")
    told = addresses(await phone.ask())
    assert f"/returns/{code}" in told
    assert f"/returns/{other}" not in told
    assert "How to send it back" in phone.pages[f"/returns/{code}"]
    assert addresses(await phone.ask()) == []
    scan = ScanSnapshot(at=clock.now(), status="delivered", words="Remis")
    await take(merchant, TrackingSnapshot(source="test", tracking_number="8R1", scans=[scan]))
    assert not [url for url in addresses(await phone.ask()) if url.startswith("/returns/")]


async def test_a_new_return_is_told_and_the_others_are_not_told_again(phone: Phone) -> None:
    codes = [(await _asked(str(n)))[0] for n in range(2)]
    await phone.ask()
    newest, _merchant, _order = await _asked("9")
    told = [url for url in addresses(await phone.ask()) if url.startswith("/returns")]
    assert told == ["/returns", f"/returns/{newest}"]
    assert addresses(await phone.ask()) == []
    assert {f"/returns/{code}" for code in (*codes, newest)} <= set(phone.pages)


async def test_what_needs_its_customer_is_kept_before_what_is_newer_as_its_list_has_it(
    phone: Phone, alice: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(returned, "PAGE", 1)
    (old, merchant, order), (new, _merchant, _order) = await _asked("1"), await _asked("2")
    await phone.ask()
    assert (f"/returns/{new}" in phone.pages, f"/returns/{old}" in phone.pages) == (True, False)
    await deciding.ask_back(merchant, old, question="Which lid?", by="member:1")
    page = (await alice.get("/returns")).text
    assert page.index(old) < page.index(new)
    assert f"/returns/{old}" in addresses(await phone.ask())
    assert "Which lid?" in phone.pages[f"/returns/{old}"]
    (row,) = await db.rows("SELECT customer FROM orders WHERE id = {}", order)
    await deciding.reply(row["customer"], old, text="The blue one", by="customer:1")
    assert f"/returns/{new}" in addresses(await phone.ask())  # which is the first one again
    assert not [url for url in addresses(await phone.ask()) if url.startswith("/returns")]


async def test_the_money_that_moves_is_on_the_kept_page(phone: Phone) -> None:
    code, _merchant, order = await _asked()
    await phone.ask()
    wanted = Wanted(amount=1250, of_return=(await kept.by_code(code)).it.id)
    (number,) = await refunding.request(order, wanted, by="member:1", approved=True)
    await phone.ask()
    assert "€12.50" in phone.pages[f"/returns/{code}"]
    await refund_steps.record_reference(number, "SEPA 77-1", by="member:1")
    assert f"/returns/{code}" in addresses(await phone.ask())
    assert "SEPA 77-1" in phone.pages[f"/returns/{code}"]


async def test_nobody_keeps_another_ones_returns(client: AsyncClient) -> None:
    code, _merchant, _order = await _asked()
    await builders.customer(builders.BOB, "Bob")
    client.cookies.update(await builders.session(builders.BOB))
    bobs = Phone(client)
    await bobs.ask()
    assert code not in repr(bobs.pages)
    assert "/returns" in bobs.pages
