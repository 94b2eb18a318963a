"""Putting away and taking out: once however often it is said, undone in place, and never another's."""

import pytest
from httpx import AsyncClient

from app import db
from app.errors import Missing
from app.ingest.snapshot import Person
from app.orders import actions
from tests import builders
from tests.builders import BOB

PARTIAL = {"HX-Request": "true", "HX-Request-Type": "partial"}


async def state() -> tuple[bool, int, int]:
    """Archived?, the customer's revision, and how many events tell of it."""
    row = await db.one("SELECT o.archived, c.revision FROM orders o JOIN customers c ON c.id = o.customer")
    events = await db.one("SELECT count(*) AS n FROM events WHERE kind IN ({}, {})", "order_archived", "order_unarchived")
    assert row is not None
    assert events is not None
    return bool(row["archived"]), row["revision"], events["n"]


async def test_archiving_twice_is_archiving_once() -> None:
    order = await builders.order()
    for _ in range(2):
        await actions.put_away(order["customer"], "1001", archived=True)
    assert await state() == (True, 3, 1)
    await actions.put_away(order["customer"], "1001", archived=False)
    assert await state() == (False, 4, 2)


async def test_a_strangers_order_cannot_be_put_away() -> None:
    await builders.order(customer=Person(email=BOB))
    with pytest.raises(Missing):
        await actions.put_away(await builders.customer(), "1001", archived=True)
    assert (await state())[0] is False


async def test_in_place_it_becomes_a_line_with_an_undo(alice: AsyncClient) -> None:
    await builders.order()
    answer = await alice.post("/orders/1001/archiving", data={"archived": "yes"}, headers=PARTIAL)
    assert answer.status_code == 200
    assert "<html" not in answer.text
    assert 'value="no"' in answer.text
    assert (await state())[0] is True


async def test_undone_in_place_the_card_is_back(alice: AsyncClient) -> None:
    await builders.order()
    await alice.post("/orders/1001/archiving", data={"archived": "yes"}, headers=PARTIAL)
    answer = await alice.post("/orders/1001/archiving", data={"archived": "no", "undo": "yes"}, headers=PARTIAL)
    assert "order-card" in answer.text
    assert (await state())[0] is False


async def test_without_javascript_one_is_told_on_the_list_and_can_undo_there(alice: AsyncClient) -> None:
    await builders.order()
    answer = await alice.post("/orders/1001/archiving", data={"archived": "yes"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/orders")
    page = await alice.get("/orders")
    assert "Archived: order 1001" in page.text
    assert 'action="/orders/1001/archiving"' in page.text
    assert "etag" not in page.headers
    undone = await alice.post("/orders/1001/archiving", data={"archived": "no"})
    assert undone.status_code == 303
    assert (await state())[0] is False


async def test_without_javascript_one_is_back_among_the_orders_one_had_chosen(alice: AsyncClient) -> None:
    await builders.order()
    here, elsewhere = "http://counter.example/orders?period=2026&q=cup", "http://counter.example/account?x=1"
    for came_from, back in ((here, "/orders?period=2026&q=cup"), (elsewhere, "/orders"), ("http://[", "/orders")):
        answer = await alice.post("/orders/1001/archiving", data={"archived": "yes"}, headers={"Referer": came_from})
        assert answer.headers["location"] == back


async def test_an_archived_order_never_sends_one_to_another_site(alice: AsyncClient) -> None:
    await builders.order()
    for back in ("https://evil.example/", "//evil.example", "/\\evil.example"):
        answer = await alice.post("/orders/1001/archiving", data={"archived": "yes", "back": back})
        assert answer.headers["location"] == "/"


async def test_a_form_from_another_site_changes_nothing(alice: AsyncClient) -> None:
    await builders.order()
    for headers in ({"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}):
        answer = await alice.post("/orders/1001/archiving", data={"archived": "yes"}, headers=headers)
        assert answer.status_code == 403, headers
    assert (await state())[0] is False


async def test_an_order_of_nobodys_is_not_found(alice: AsyncClient) -> None:
    answer = await alice.post("/orders/9/archiving", data={"archived": "yes"})
    assert answer.status_code == 404
