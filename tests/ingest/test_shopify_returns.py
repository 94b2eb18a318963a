"""Shopify's news of returns: one row each, moved as at a desk; said again, late or about nothing, it does no harm."""

import asyncio
import itertools
import json
import random
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from app import clock, db
from app.errors import Invalid, Missing, Refused
from app.ingest.shopify.returns import STEPS
from app.returns import asking, deciding, kept, receiving, rules, settling, states, withdrawals
from app.returns.rule_book import Rules
from tests import builders
from tests.builders import NIA
from tests.returns import bought, right
from tests.tracking.sending import listen, send, signed

ID = 123134564567890
NOW = clock.now()
SAYS = {"request": "requested", "approve": "open", "cancel": "canceled", "close": "closed", "reopen": "open"}


def item(line: int = 1, quantity: int = 1, **about: Any) -> dict[str, Any]:
    name = {"id": line, "admin_graphql_api_id": f"gid://shopify/LineItem/{line}"}
    return {
        "id": 900 + line, "fulfillment_line_item": {"id": 800 + line, "line_item": name}, "quantity": quantity,
        "return_reason": "size_too_small", "return_reason_note": "", "customer_note": None, "restocking_fee": None, **about,
    }  # fmt: skip


def message(step: str, number: int = ID, *items: dict[str, Any], order: int = 1001, **about: Any) -> dict[str, Any]:
    """Shaped as Shopify's own: only the first two name the order with its lines."""
    body: dict[str, Any] = {"id": number, "admin_graphql_api_id": f"gid://shopify/Return/{number}"}
    if step in ("request", "approve"):
        lines = list(items or [item()])
        body |= {"order": {"id": order, "admin_graphql_api_id": f"gid://shopify/Order/{order}"}, "return_line_items": lines}
    elif step == "decline":
        body |= {"status": "declined", "decline": {"reason": "return_period_ended", "note": "As said on the phone."}}
    elif step == "update":
        gone = [{"admin_graphql_api_id": f"gid://shopify/ReturnLineItem/{one['id']}", "delta": 1} for one in items]
        body = {"admin_graphql_api_id": body["admin_graphql_api_id"], "return_line_items": {"removals": gone}}
    else:
        body |= {"order_id": order}
    return body | ({"status": SAYS[step]} if step in SAYS else {}) | about


async def tell(client: AsyncClient, topic: str, body: Any, ago: float | None = None) -> dict[str, Any]:
    """`ago`: how many minutes before now it was triggered."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    at = {} if ago is None else {"X-Shopify-Triggered-At": (NOW - timedelta(minutes=ago)).isoformat()}
    answer = await send(client, "shopify", content, signed("shopify", content) | {"X-Shopify-Topic": topic} | at)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def step(
    client: AsyncClient, name: str, *items: dict[str, Any], number: int = ID, ago: float | None = None, **about: Any
) -> dict[str, Any]:  # fmt: skip
    return await tell(client, f"returns/{name}", message(name, number, *items, **about), ago)


async def rows() -> list[db.Row]:
    return list(await db.rows("SELECT * FROM returns ORDER BY id"))


@pytest.fixture(autouse=True)
async def order() -> Mapping[str, Any]:
    await listen("shopify")
    return await bought.delivered()


async def test_a_return_of_shopifys_is_one_of_ours_and_goes_its_way(client: AsyncClient) -> None:
    assert await step(client, "request", item(customer_note="Too small")) == {"result": "taken"}
    (row,) = await rows()
    assert (row["kind"], row["state"], row["external_id"], row["expected"]) == ("return", "requested", str(ID), 4800)
    (line,) = (await kept.by_code(row["code"])).lines
    assert (line.quantity, line.held, line.reason, line.note) == (1, 1, "wrong_size", "Too small")
    assert await step(client, "approve") == {"result": "taken"}
    assert await bought.state(row["code"]) == "approved"
    assert await step(client, "cancel") == {"result": "taken"}
    assert await bought.state(row["code"]) == "cancelled"
    assert await bought.told(row["code"]) == ["return_requested", "return_approved", "return_cancelled"]
    (event,) = await db.rows("SELECT data FROM events WHERE kind = 'return_approved'")
    assert json.loads(event["data"])["by"] == "source:shopify"


async def test_one_that_the_shop_opened_itself_is_approved_at_once(client: AsyncClient) -> None:
    assert await step(client, "approve", item(1), item(2)) == {"result": "taken"}
    (row,) = await rows()
    assert (row["state"], row["item_count"]) == ("approved", 2)


async def test_a_refusal_says_on_what_it_rests(client: AsyncClient) -> None:
    await step(client, "request")
    await step(client, "decline")
    (row,) = await rows()
    assert (row["state"], row["clause"], row["answer"]) == ("declined", "window_over", "As said on the phone.")


async def test_the_shops_own_rules_neither_close_nor_agree_to_it(client: AsyncClient, order: Mapping[str, Any]) -> None:
    generous = Rules(default_days=0, auto_below={"EUR": 1_000_000}, auto_reasons=("wrong_size",))
    await rules.save(order["merchant"], generous, by=None)
    assert await step(client, "request") == {"result": "taken"}
    assert [row["state"] for row in await rows()] == ["requested"]


async def test_said_again_in_other_bytes_nothing_happens_twice(client: AsyncClient) -> None:
    for name in ("request", "approve"):
        await step(client, name)
    before = await rows()
    for name in ("request", "approve"):
        assert (await step(client, name))["repeated"] is True
        assert await step(client, name, total_return_line_items=7) == {"result": "unchanged"}
    assert await rows() == before


async def test_many_at_once_make_one(client: AsyncClient) -> None:
    said = [step(client, "request", total_return_line_items=n) for n in range(6)]
    results = [answer["result"] for answer in await asyncio.gather(*said)]
    assert sorted(results) == ["taken", *["unchanged"] * 5]
    assert len(await rows()) == 1


@pytest.mark.parametrize(("early", "state"), [("decline", "declined"), ("cancel", "cancelled")])
async def test_an_end_that_comes_before_its_return_is_remembered(client: AsyncClient, early: str, state: str) -> None:
    assert await step(client, early) == {"result": "unmatched"}
    assert await rows() == []
    assert await step(client, "request") == {"result": "taken"}
    assert [row["state"] for row in await rows()] == [state]


async def test_an_unknown_order_line_or_amount_makes_nothing(client: AsyncClient) -> None:
    assert (await step(client, "request", order=77))["result"] == "unmatched"
    for items in ([item(1), item(9)], [item(1, 3)], [item(1, 0)], [item(1, quantity=-1)], [{"quantity": 1}], ["no object"]):
        answer = await tell(client, "returns/request", message("request") | {"return_line_items": items})
        assert (answer["result"], bool(answer["reason"])) == ("refused", True), items
    assert (await tell(client, "returns/request", message("request") | {"return_line_items": []}))["result"] == "refused"
    assert await rows() == []
    assert await step(client, "request", item(1, 1), item(1, 1)) == {"result": "taken"}, "a line of two parcels"
    assert [row["item_count"] for row in await rows()] == [2]


@pytest.mark.parametrize("topic", STEPS)
@pytest.mark.parametrize(
    "body",
    [{}, {"id": None}, {"id": {}}, {"id": "x" * 500}, {"id": 1, "order": 5}, {"id": 1, "order": {"id": []}},
     {"id": 1, "decline": "no"}, {"id": 1, "order_id": "\0"}, {"id": 1, "return_line_items": "x", "order": {"id": 1001}}],
)  # fmt: skip
async def test_hostile_messages_are_received_and_change_nothing(client: AsyncClient, topic: str, body: Any) -> None:
    assert (await tell(client, topic, body))["result"] in ("refused", "unmatched")
    assert await rows() == []


async def test_another_merchants_shop_moves_nothing_of_ours(client: AsyncClient) -> None:
    await step(client, "request")
    await listen("shopify", merchant=NIA)
    for name in ("approve", "cancel", "decline"):
        content = json.dumps(message(name)).encode()
        headers = signed("shopify", content) | {"X-Shopify-Topic": f"returns/{name}"}
        answer = await send(client, "shopify", content, headers, merchant=NIA)
        assert answer.json() == {"result": "unmatched"}
    assert [row["state"] for row in await rows()] == ["requested"]


async def test_what_was_asked_for_here_and_entered_there_is_one_return(client: AsyncClient, order: Mapping[str, Any]) -> None:
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots, 2), by="customer:1")
    assert (await step(client, "approve", item(1, 1)))["result"] == "refused", "another quantity is another return"
    assert await step(client, "approve", item(1, 2)) == {"result": "taken"}
    (row,) = await rows()
    assert (row["code"], row["external_id"], row["state"]) == (code, str(ID), "approved")


async def test_every_order_of_the_steps_ends_in_a_state_that_there_is(client: AsyncClient) -> None:
    """Each in a return of its own, each message twice."""
    names = ("request", "approve", "decline", "cancel", "close", "reopen")
    orders = list(itertools.permutations(names))
    random.Random(6).shuffle(orders)
    for number, names in enumerate(orders[:20], 5000):
        await db.execute("UPDATE return_lines SET held = 0")
        await db.execute("UPDATE returns SET settled_at = created_at WHERE settled_at IS NULL")
        for name in names:
            for _again in range(2):
                await step(client, name, number=number)
        found = await db.rows("SELECT state FROM returns WHERE external_id = {}", str(number))
        assert [row["state"] in states.STATES["return"] for row in found] == [True], names
        assert found[0]["state"] != "requested", names


def refund(number: int = 31, amount: str = "48.00", of: int | None = ID) -> dict[str, Any]:
    moved = {
        "id": number * 10, "kind": "refund", "status": "success", "amount": amount, "currency": "EUR",
        "gateway": "shopify_payments", "processed_at": "2026-11-20T10:00:00Z",
    }  # fmt: skip
    goods = {"id": number * 100, "line_item_id": 1, "quantity": 1, "restock_type": "return"}
    return {
        "id": number, "order_id": 1001, "created_at": "2026-11-20T10:00:00Z", "note": "", "refund_line_items": [goods],
        "order_adjustments": [], "transactions": [moved], "return": None if of is None else {"id": of},
    }  # fmt: skip


@pytest.mark.parametrize("first", ["request", "approve"])
async def test_a_refund_that_shopify_gave_settles_its_return_once(client: AsyncClient, first: str) -> None:
    await step(client, first)
    for _again in range(2):
        await tell(client, "refunds/create", refund())
    await tell(client, "refunds/create", refund() | {"note": "again"})
    (row,) = await rows()
    assert (row["state"], row["refunded"]) == ("refunded", 4800)
    (paid,) = await db.rows("SELECT of_return, amount FROM refunds")
    assert (paid["of_return"], paid["amount"]) == (row["id"], 4800)
    assert await step(client, "close") == {"result": "taken"}
    assert await bought.state(row["code"]) == "closed"


async def test_a_refund_of_no_return_or_an_unknown_one_is_a_refund_like_any(client: AsyncClient) -> None:
    await step(client, "approve")
    for number, of in ((31, None), (32, 4711)):
        assert (await tell(client, "refunds/create", refund(number, "1.00", of)))["result"] == "taken"
    assert [row["state"] for row in await rows()] == ["approved"]
    assert [row["of_return"] for row in await db.rows("SELECT of_return FROM refunds")] == [None, None]


async def test_what_was_decided_here_and_paid_there_is_one_refund(client: AsyncClient, order: Mapping[str, Any]) -> None:
    await step(client, "approve")
    (row,) = await rows()
    await settling.refund(order["merchant"], row["code"], by="member:1")
    await tell(client, "refunds/create", refund())
    (paid,) = await db.rows("SELECT of_return, amount, state, origin FROM refunds")
    assert (paid["of_return"], paid["amount"], paid["state"], paid["origin"]) == (row["id"], 4800, "succeeded", "counter")
    (after,) = await rows()
    assert (after["state"], after["refunded"]) == ("refunded", 4800)


async def test_the_desk_and_shopify_decide_at_once_and_one_of_them_does(client: AsyncClient, order: Mapping[str, Any]) -> None:
    await step(client, "request")
    (row,) = await rows()
    desk = deciding.decline(order["merchant"], row["code"], clause="used", answer="", by="member:1")
    said, told = await asyncio.gather(step(client, "approve"), desk, return_exceptions=True)
    assert isinstance(said, dict)
    taken = said["result"] == "taken"
    assert taken is isinstance(told, Exception)
    assert await bought.state(row["code"]) == ("approved" if taken else "declined")


async def test_closed_there_it_stays_open_here_until_its_money_has_gone(client: AsyncClient, order: Mapping[str, Any]) -> None:
    await step(client, "request")
    assert await step(client, "close") == {"result": "taken"}, "only what was agreed to is closed"
    (row,) = await rows()
    assert (row["state"], row["source_step"]) == ("approved", "closed")
    assert (await step(client, "close", seen=2))["result"] == "unchanged"
    await receiving.receive(order["merchant"], row["code"], {}, rest="sound", by="member:1")
    assert await bought.state(row["code"]) == "received"
    await tell(client, "refunds/create", refund())
    assert (await rows())[0]["state"] == "closed"
    assert await bought.told(row["code"]) == [
        "return_requested", "return_approved", "return_shop_closed", "return_received", "return_refunded", "return_closed",
    ]  # fmt: skip
    await right.everything(order["id"])


async def test_a_small_refund_settles_nothing_until_the_shop_closes_it(client: AsyncClient, order: Mapping[str, Any]) -> None:
    await step(client, "approve")
    small = refund(31, "1.00") | {"refund_line_items": []}
    await tell(client, "refunds/create", small)
    (row,) = await rows()
    assert (row["state"], row["refunded"], row["expected"]) == ("approved", 100, 4800)
    assert await step(client, "close") == {"result": "taken"}
    assert [(row["state"], row["refunded"]) for row in await rows()] == [("closed", 100)]
    told = ["return_requested", "return_approved", "return_part_refunded", "return_refunded", "return_closed"]
    assert await bought.told(row["code"]) == told
    await right.everything(order["id"])


async def test_a_withdrawal_is_owed_all_of_its_money_whatever_the_shop_closes(
    client: AsyncClient, order: Mapping[str, Any]
) -> None:
    _teapots, cup = await bought.line_ids(order)
    code = await withdrawals.declare(order["customer"], {cup: 1}, by="customer:1")
    await step(client, "approve", item(2))
    for number in (31, 32):
        await tell(client, "refunds/create", refund(number, "1.00") | {"refund_line_items": []})
        assert await bought.state(code) == "goods_due"
        await step(client, "close", seen=number)
    assert await bought.state(code) == "goods_due"
    await tell(client, "refunds/create", refund(33, "10.50") | {"refund_line_items": []})
    assert await bought.state(code) == "closed"
    await right.everything(order["id"])


async def test_closed_opened_and_closed_again_in_the_same_words(client: AsyncClient, order: Mapping[str, Any]) -> None:
    await step(client, "approve", ago=90)
    await tell(client, "refunds/create", refund())
    (row,) = await rows()
    for ago, name, state in ((80, "close", "closed"), (70, "reopen", "refunded"), (60, "close", "closed")):
        assert await step(client, name, ago=ago) == {"result": "taken"}, ago
        assert await bought.state(row["code"]) == state
    late = [await step(client, "close", ago=80), await step(client, "reopen", ago=70)]
    assert [answer.get("repeated") for answer in late] == [True, True]
    assert await bought.state(row["code"]) == "closed"
    reopened = [data for kind, data in await right.events_of(row["code"]) if kind == "return_reopened"]
    assert [(data["state"], data["by"]) for data in reopened] == [("refunded", "source:shopify")]
    await right.everything(order["id"])


async def test_more_money_for_a_closed_one_is_counted_and_opens_nothing(client: AsyncClient, order: Mapping[str, Any]) -> None:
    await step(client, "approve")
    await tell(client, "refunds/create", refund())
    await step(client, "close")
    await tell(client, "refunds/create", refund(32, "2.00") | {"refund_line_items": []})
    (row,) = await rows()
    assert (row["state"], row["refunded"]) == ("closed", 5000)
    assert (await bought.told(row["code"]))[-1] == "return_part_refunded"
    await right.everything(order["id"])


async def test_what_is_older_than_what_is_known_is_past(client: AsyncClient, order: Mapping[str, Any]) -> None:
    await step(client, "request", ago=60)
    assert await step(client, "reopen", ago=20) == {"result": "taken"}, "what is open there was agreed to"
    before = await rows()
    for ago, name, result in ((30, "close", "unchanged"), (40, "decline", "refused"), (55, "approve", "unchanged")):
        assert (await step(client, name, ago=ago))["result"] == result, name
    assert await rows() == before
    assert (before[0]["state"], before[0]["source_step"]) == ("approved", "reopened")
    assert await step(client, "cancel", ago=50) == {"result": "taken"}, "what is cancelled there is never opened again"
    await right.everything(order["id"])


@pytest.mark.parametrize("end", ["decline", "cancel"])
async def test_no_time_that_a_header_says_holds_up_what_the_states_decide(client: AsyncClient, end: str) -> None:
    """The header is not signed: a request whose time lies before us, and an end that was long ago."""
    assert await step(client, "request", ago=-9) == {"result": "taken"}
    assert await step(client, end, ago=90) == {"result": "taken"}
    for ago, name in ((-9, "approve"), (-9, "reopen"), (-9, "close")):
        assert (await step(client, name, ago=ago))["result"] == "refused", name
    assert [row["state"] for row in await rows()] == [{"decline": "declined", "cancel": "cancelled"}[end]]


async def test_one_more_of_the_same_is_taken_out_and_a_delivery_sent_anew_takes_nothing(
    client: AsyncClient, order: Mapping[str, Any]
) -> None:
    await step(client, "approve", item(1, 2), item(2))
    content = json.dumps(message("update", ID, item())).encode()
    for id_, ago, result, left in (("a", 9, "taken", [1, 1]), ("a", 9, "again", [1, 1]), ("a", 8, "again", [1, 1]),
                                   ("b", 7, "taken", [1]), ("b", 7, "again", [1]), ("c", 6, "refused", [1])):  # fmt: skip
        at = (NOW - timedelta(minutes=ago)).isoformat()
        said = {"X-Shopify-Topic": "returns/update", "X-Shopify-Webhook-Id": id_, "X-Shopify-Triggered-At": at}
        answer = (await send(client, "shopify", content, signed("shopify", content) | said)).json()
        assert ("again" if answer.get("repeated") else answer["result"]) == result, (id_, ago)
        (row,) = await rows()
        assert [line.quantity for line in (await kept.by_code(row["code"])).lines] == left
        await right.everything(order["id"])


async def test_opened_again_before_its_money_went_it_is_not_closed_by_that(client: AsyncClient) -> None:
    await step(client, "approve", ago=50)
    await step(client, "close", ago=40)
    assert await step(client, "reopen", ago=30) == {"result": "taken"}
    assert (await step(client, "reopen", ago=20))["result"] == "unchanged"
    await tell(client, "refunds/create", refund())
    assert [row["state"] for row in await rows()] == ["refunded"]


@pytest.mark.parametrize("end", ["decline", "cancel"])
async def test_what_has_ended_is_not_opened_or_closed(client: AsyncClient, end: str) -> None:
    await step(client, "request")
    await step(client, end)
    before = await rows()
    for name in ("reopen", "close"):
        answer = await step(client, name)
        assert (answer["result"], bool(answer["reason"])) == ("refused", True)
    assert await rows() == before


async def test_steps_that_come_before_their_return_are_taken_in_their_order(client: AsyncClient) -> None:
    for ago, name in ((10, "reopen"), (20, "close"), (5, "decline")):
        assert await step(client, name, ago=ago) == {"result": "unmatched"}
    assert (await step(client, "update", item()))["result"] == "unmatched"
    assert await step(client, "approve", ago=30) == {"result": "taken"}, "a refusal that fits no more does not undo it"
    assert [(row["state"], row["source_step"]) for row in await rows()] == [("approved", "reopened")]


async def test_a_refund_that_comes_before_its_return_belongs_to_it(client: AsyncClient, order: Mapping[str, Any]) -> None:
    for _again in range(2):
        await tell(client, "refunds/create", refund())
    await tell(client, "refunds/create", refund(32, "3.00", ID * 10) | {"refund_line_items": []})
    assert await step(client, "close", ago=1) == {"result": "unmatched"}
    assert await step(client, "approve", item(1, 2), ago=2) == {"result": "taken"}, "one of the two is paid back for it"
    (row,) = await rows()
    assert (row["state"], row["item_count"], row["expected"], row["refunded"]) == ("closed", 2, 9600, 4800)
    lines = await db.rows("SELECT refunded_quantity AS back FROM order_lines ORDER BY position")
    assert [line["back"] for line in lines] == [1, 0]
    assert [paid["of_return"] for paid in await db.rows("SELECT of_return FROM refunds ORDER BY id")] == [row["id"], None]
    await right.everything(order["id"])


async def test_what_the_shop_takes_out_is_neither_held_nor_promised(client: AsyncClient, order: Mapping[str, Any]) -> None:
    await step(client, "approve", item(1, 2), item(2))
    (row,) = await rows()
    assert (row["item_count"], row["expected"]) == (3, 2 * 4800 + 1250 + 490)
    assert await step(client, "update", item()) == {"result": "taken"}
    (less,) = await rows()
    assert (less["state"], less["item_count"], less["expected"]) == ("approved", 2, 4800 + 1250)
    assert [(line.quantity, line.held) for line in (await kept.by_code(row["code"])).lines] == [(1, 1), (1, 1)]
    assert (await step(client, "update", item())).get("repeated") is True
    assert await step(client, "update", item(), seen=2) == {"result": "taken"}
    (line,) = (await kept.by_code(row["code"])).lines
    assert (line.title, line.quantity, line.held, (await rows())[0]["expected"]) == ("Cup", 1, 1, 1250)
    assert (await step(client, "update", item(), seen=3))["result"] == "refused", "none of it is left"
    await right.everything(order["id"])
    teapots, _cup = await bought.line_ids(order)
    assert await asking.ask(order["customer"], bought.asked(teapots, 2), by="customer:1"), "what was taken out is free"


async def test_with_all_of_it_taken_out_a_return_is_cancelled(client: AsyncClient, order: Mapping[str, Any]) -> None:
    await step(client, "request")
    assert await step(client, "update", item()) == {"result": "taken"}
    assert [row["state"] for row in await rows()] == ["cancelled"]
    await right.everything(order["id"])


async def test_nothing_is_taken_out_of_what_has_arrived_or_is_paid(client: AsyncClient, order: Mapping[str, Any]) -> None:
    await step(client, "approve", item(1, 2))
    (row,) = await rows()
    assert (await step(client, "update"))["result"] == "unchanged", "only fees were changed"
    await settling.refund(order["merchant"], row["code"], amount=100, last=False, by="member:1")
    assert (await step(client, "update", item(), seen=1))["result"] == "refused"
    await receiving.receive(order["merchant"], row["code"], {}, rest="sound", by="member:1")
    assert (await step(client, "update", item(), seen=2))["result"] == "refused"
    assert [one.quantity for one in (await kept.by_code(row["code"])).lines] == [2]


async def test_what_was_begun_at_our_counter_goes_the_shops_way(client: AsyncClient, order: Mapping[str, Any]) -> None:
    """Asked for here, entered there, changed and ended there; a withdrawal stands, whatever the shop does."""
    teapots, cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots, 2, way="own_carrier", note="Too small"), by="customer:1")
    await step(client, "approve", item(1, 2))
    assert await step(client, "update", item()) == {"result": "taken"}
    it = await kept.by_code(code)
    assert (it.it.state, it.it.way, it.it.note, it.lines[0].quantity, it.it.expected) == (
        "approved", "own_carrier", "Too small", 1, 4800,
    )  # fmt: skip
    assert await step(client, "cancel") == {"result": "taken"}
    assert await bought.state(code) == "cancelled"
    theirs = await withdrawals.declare(order["customer"], {cup: 1}, by="customer:1")
    assert await step(client, "approve", item(2), number=77) == {"result": "taken"}
    for name in ("decline", "cancel", "update"):
        assert (await step(client, name, item(), number=77))["result"] == "refused", name
    assert (await step(client, "close", number=77))["result"] == "taken"
    assert await bought.state(theirs) == "goods_due"
    await tell(client, "refunds/create", refund(33, "12.50", 77))
    assert await bought.state(theirs) == "closed"
    assert (await step(client, "reopen", number=77))["result"] == "taken"
    assert await bought.state(theirs) == "refunded"


async def _a_step_at_the_desk(it: Mapping[str, Any], dice: random.Random) -> None:
    verb = dice.choice(("approve", "decline", "receive", "refund", "part"))
    merchant, code = it["merchant"], it["code"]
    with suppress(Invalid, Missing, Refused):
        match verb:
            case "approve":
                await deciding.approve(merchant, code, by="member:1")
            case "decline":
                await deciding.decline(merchant, code, clause="used", answer="", by="member:1")
            case "receive":
                await receiving.receive(merchant, code, {}, rest="sound", by="member:1")
            case "refund":
                await settling.refund(merchant, code, by="member:1")
            case "part":
                await settling.refund(merchant, code, amount=100, last=dice.random() < 0.5, by="member:1")


@pytest.mark.parametrize("seed", range(12))
async def test_whatever_shop_and_desk_do_in_whatever_order_it_stays_right(client: AsyncClient, seed: int) -> None:
    """Each step at a time of its own, some twice; what is true of every return is looked at after each."""
    dice = random.Random(seed)
    names = ("request", "approve", "decline", "cancel", "close", "reopen", "update", "refund", "refund", "desk", "desk")
    order = await bought.delivered(str(2000 + seed), lines=[builders.line("1", quantity=3), builders.line("2")])
    refunded = 1  # of the first line, by the refund that names it
    for n in range(14):
        name, ago = dice.choice(names) if n else dice.choice(("approve", "request", "close", "refund")), dice.randint(0, 90)
        lines = [item(1, dice.randint(1, 2), id=901), item(2, id=902)][: dice.randint(1, 2)]
        found = await rows()
        if name == "desk":
            if found:
                await _a_step_at_the_desk(found[0], dice)
        elif name == "refund":
            goods: dict[str, Any] = {} if refunded > 0 else {"refund_line_items": []}
            refunded -= 1
            about = {"order_id": 2000 + seed, **goods}
            await tell(client, "refunds/create", refund(40 + n, f"{dice.randint(1, 9)}.00") | about, ago)
        else:
            for _again in range(dice.randint(1, 2)):
                await step(client, name, *lines, order=2000 + seed, ago=ago, seen=n)
        await right.everything(order["id"])
    assert len(await rows()) <= 1
