"""What is agreed to be cancelled is not being prepared any more: on the order's page, in the list, line by line."""

from collections.abc import Mapping
from typing import Any

import pytest
from httpx import AsyncClient

from app import db
from app.ingest.snapshot import LineQuantity, Shipment
from app.returns import asking, deciding
from app.returns.asked import Asked, AskedLine
from migrations import comptoir_2026_11_28t13_31_00_000000 as noted
from tests import builders
from tests.builders import ALICE
from tests.returns import bought
from tests.returns.asking_steps import said

AGREED = "The seller has agreed to it: nothing is sent"
PART = "Some of it is being cancelled"


@pytest.fixture
async def alice(client: AsyncClient) -> AsyncClient:
    client.cookies.update(await builders.session(ALICE))
    return client


def _two() -> list[Any]:
    return [builders.line("1", quantity=2), builders.line("2", title="Cup", sku="CUP-1", unit_price=1250)]


async def _asked(wanted: Mapping[int, int], **about: Any) -> tuple[str, Mapping[str, Any]]:
    """By position of the line."""
    order = await builders.order(**{"lines": _two(), **about})
    ids = await bought.line_ids(order)
    what = Asked("cancellation", [AskedLine(ids[n], quantity) for n, quantity in wanted.items()])
    return await asking.ask(order["customer"], what, by="customer:1"), order


async def _pages(alice: AsyncClient, order: Mapping[str, Any]) -> list[str]:
    """The list and the order's page."""
    return [said((await alice.get(path)).text) for path in ("/orders", f"/orders/{order['address']}")]


@pytest.mark.parametrize("payment", ["paid", "unpaid", "authorised"])
async def test_an_order_whose_cancellation_is_agreed_is_not_being_prepared(alice: AsyncClient, payment: str) -> None:
    code, order = await _asked({0: 2, 1: 1}, payment=payment)
    assert not any("Being cancelled" in page for page in await _pages(alice, order))
    await deciding.approve(order["merchant"], code, by="member:1")
    for page in await _pages(alice, order):
        assert ("Being cancelled" in page, AGREED in page) == (True, True)
        assert "Waiting for your payment" not in page
    shown = (await _pages(alice, order))[1]
    assert "Being prepared" not in shown
    assert ("2 being cancelled" in shown, "1 being cancelled" in shown) == (True, True)


async def test_a_cancellation_by_line_says_so_by_line(alice: AsyncClient) -> None:
    code, order = await _asked({0: 1})
    await deciding.approve(order["merchant"], code, by="member:1")
    listed, shown = await _pages(alice, order)
    assert all("Being prepared" in page and PART in page for page in (listed, shown))
    assert ("1 being cancelled" in shown, AGREED in shown) == (True, False)


async def test_what_is_refused_or_taken_back_is_being_prepared_as_before(alice: AsyncClient) -> None:
    code, order = await _asked({0: 2, 1: 1})
    before = await _pages(alice, order)
    await deciding.decline(order["merchant"], code, clause="already_sent", answer="", by="member:1")
    declined = await _pages(alice, order)
    await deciding.approve(order["merchant"], code, by="member:1")
    assert AGREED in (await _pages(alice, order))[0]
    other, second = await _asked({0: 2, 1: 1}, external_id="1002")
    await deciding.cancel(second["customer"], other, by="customer:1")
    taken_back = said((await alice.get(f"/orders/{second['address']}")).text)
    for page in (*before, *declined, taken_back):
        assert ("Being prepared" in page, AGREED in page, "being cancelled" in page) == (True, False, False)


async def test_once_its_source_has_cancelled_it_the_source_is_right(alice: AsyncClient) -> None:
    code, order = await _asked({0: 1})
    await deciding.approve(order["merchant"], code, by="member:1")
    lines = _two()
    lines[0].cancelled_quantity = 1
    await builders.order(lines=lines)
    listed, shown = await _pages(alice, order)
    assert not any(PART in page or "1 being cancelled" in page for page in (listed, shown))
    assert "1 cancelled" in shown


async def test_what_was_sent_all_the_same_is_on_its_way(alice: AsyncClient) -> None:
    code, order = await _asked({0: 2, 1: 1})
    await deciding.approve(order["merchant"], code, by="member:1")
    parcel = Shipment(id="p1", carrier="DHL", tracking_number="X1", lines=[LineQuantity("1", 2), LineQuantity("2", 1)])
    await builders.order(lines=_two(), shipments=[parcel])
    listed, shown = await _pages(alice, order)
    assert not any(AGREED in page or "being cancelled" in page for page in (listed, shown))


async def test_a_parcel_that_is_only_prepared_does_not_say_otherwise(alice: AsyncClient) -> None:
    parcel = Shipment(id="p1", carrier="DHL", tracking_number="X1", state="draft", status="info_received")
    code, order = await _asked({0: 2, 1: 1}, shipments=[parcel])
    await deciding.approve(order["merchant"], code, by="member:1")
    shown = (await _pages(alice, order))[1]
    assert ("Being cancelled" in shown, "Being prepared" in shown) == (True, False)


async def test_a_page_that_was_read_before_is_read_again(alice: AsyncClient) -> None:
    code, order = await _asked({0: 2, 1: 1})
    page = f"/orders/{order['address']}"
    tag = (await alice.get(page)).headers["etag"]
    await deciding.approve(order["merchant"], code, by="member:1")
    assert (await alice.get(page, headers={"If-None-Match": tag})).status_code == 200


async def test_what_was_agreed_before_orders_said_so_is_noted(alice: AsyncClient) -> None:
    code, order = await _asked({0: 1})
    await deciding.approve(order["merchant"], code, by="member:1")
    await db.execute("UPDATE order_lines SET called_off = 0")
    await db.execute("UPDATE orders SET cancelling = ''")
    for sql in (noted.OF_LINES, noted.OF_ORDERS):
        await db.execute(sql)
    shown = (await _pages(alice, order))[1]
    assert (PART in shown, "1 being cancelled" in shown) == (True, True)
