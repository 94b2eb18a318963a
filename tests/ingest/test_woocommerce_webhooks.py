"""WooCommerce's webhooks through their door: orders as from its files, and what was given back there, once."""

import asyncio
import copy
import json
from pathlib import Path
from typing import Any

import msgspec
import pytest
from httpx import AsyncClient, Response

from app import clock, db
from app.accounts import customers
from app.errors import Refused
from app.i18n import Voice
from app.ingest.snapshot import Person
from app.orders import refund_sending, refunding, refunds_waiting
from app.orders.refunding import Wanted
from app.payments import ledger, own
from app.returns import ageing, asking, deciding, happened, kept, moving, objections, rules, settling, worth
from app.returns.rule_book import Rules
from app.tracking import received, sources
from tests.builders import BOB, MO, NIA
from tests.ingest.woocommerce_good import GOOD
from tests.payments.steps import within
from tests.returns import bought, right
from tests.tracking.sending import listen, send, signed

PAID = 3840


def order(changed: str = "2024-03-05T10:00:00", refunds: Any = (), **about: Any) -> dict[str, Any]:
    return {**copy.deepcopy(GOOD), "date_modified_gmt": changed, "refunds": list(refunds), **about}


def refund(number: int, total: str, reason: str = "") -> dict[str, Any]:
    return {"id": number, "reason": reason, "total": total}


async def post(client: AsyncClient, body: Any, topic: str = "order.updated", merchant: str = MO, **headers: str) -> Response:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    said = signed("woocommerce", content) | {"X-WC-Webhook-Topic": topic, "X-WC-Webhook-Delivery-ID": "d1"} | headers
    return await send(client, "woocommerce", content, said, merchant=merchant)


async def tell(client: AsyncClient, body: Any, **about: Any) -> str:
    answer = await post(client, body, **about)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["result"])


async def refunds() -> list[tuple[Any, ...]]:
    found = await db.rows("SELECT external_id, amount, origin, state FROM refunds ORDER BY id")
    return [(row["external_id"], row["amount"], row["origin"], row["state"]) for row in found]


@pytest.fixture(autouse=True)
async def shop() -> None:
    await listen("woocommerce")


async def test_an_order_comes_and_changes_and_an_old_one_is_past(client: AsyncClient) -> None:
    assert await tell(client, order(status="processing"), topic="order.created") == "taken"
    newer = order("2024-03-06T10:00:00", status="cancelled")
    assert await tell(client, newer) == "taken"
    for late in (order("2024-03-05T11:00:00", status="on-hold"), order(status="processing", customer_note="Old")):
        assert await tell(client, late) == "unchanged"
    (row,) = await db.rows("SELECT o.external_id, o.state, m.slug FROM orders o JOIN merchants m ON m.id = o.merchant")
    assert (row["external_id"], row["state"], row["slug"]) == ("727", "cancelled", MO)


@pytest.mark.parametrize("headers", [{"Content-Type": "application/x-www-form-urlencoded"}, {"Content-Type": "text/plain"}])
@pytest.mark.parametrize("merchant", [MO, "nobody-here"])
async def test_the_ping_that_turns_it_on_is_answered_without_a_signature(
    client: AsyncClient, merchant: str, headers: dict[str, str]
) -> None:
    answer = await client.post(f"/webhooks/woocommerce/{merchant}", content=b"webhook_id=7", headers=headers)
    assert (answer.status_code, answer.json()) == (200, {"result": "ignored"})
    assert await db.rows("SELECT id FROM tracking_messages") == []
    assert (await sources.everywhere())[0]["used_at"] is None


@pytest.mark.parametrize("body", [b"webhook_id=", b"webhook_id=7&topic=order.created", b"webhook_id=x", b"{}", b""])
async def test_nothing_else_is_taken_without_a_signature(client: AsyncClient, body: bytes) -> None:
    answer = await client.post(f"/webhooks/woocommerce/{MO}", content=body)
    assert (answer.status_code, answer.headers["content-type"]) == (401, "application/problem+json")


async def test_a_wrong_signature_and_another_merchants_secret_are_refused(client: AsyncClient) -> None:
    body = json.dumps(order()).encode()
    for said in ({}, signed("woocommerce", body, "another secret"), signed("woocommerce", body + b" "), {
        "X-WC-Webhook-Signature": "é"
    }, {"X-Shopify-Hmac-Sha256": signed("woocommerce", body)["X-WC-Webhook-Signature"]}):  # fmt: skip
        encoded = {name: value.encode("latin-1") for name, value in said.items()}
        answer = await client.post(f"/webhooks/woocommerce/{MO}", content=body, headers=encoded)
        assert answer.status_code == 401
    assert (await post(client, order(), merchant=NIA)).status_code == 401
    await sources.add(MO, "woocommerce", "a newer secret")
    assert (await post(client, order())).status_code == 401
    assert await db.rows("SELECT id FROM orders") == []


async def test_a_repeated_message_gets_the_first_answer_whatever_its_headers_say(client: AsyncClient) -> None:
    for topic, id_ in (("order.created", "a"), ("order.updated", "b"), ("order.restored", "c")):
        answer = await post(client, order(), topic, **{"X-WC-Webhook-Delivery-ID": id_})
    assert answer.json() == {"result": "taken", "repeated": True}
    both = await asyncio.gather(*(post(client, order("2024-03-06T10:00:00", customer_note="Bell")) for _ in range(4)))
    assert sorted(str(one.json().get("repeated", False)) for one in both) == ["False", "True", "True", "True"]
    assert len(await db.rows("SELECT id FROM orders")) == 1


async def test_forgotten_and_sent_again_an_old_message_changes_nothing(client: AsyncClient) -> None:
    await tell(client, order(refunds=[refund(9, "-5.00")]))
    await tell(client, order("2024-03-07T10:00:00", refunds=[refund(9, "-5.00"), refund(10, "-6.00")]))
    await db.execute("UPDATE tracking_messages SET received_at = {}", clock.now() - received.KEPT * 2)
    await received.forget()
    assert await tell(client, order(refunds=[refund(9, "-5.00")])) == "unchanged"
    assert [row[:2] for row in await refunds()] == [("9", 500), ("10", 600)]


@pytest.mark.parametrize(
    "topic", ["order.deleted", "customer.updated", "action.woocommerce_order_refunded", "", "coupon.created"]
)
async def test_what_is_no_order_is_received_and_nothing_is_done(client: AsyncClient, topic: str) -> None:
    assert await tell(client, {"id": 727}, topic=topic) == "ignored"


@pytest.mark.parametrize(
    "about",
    [{"billing": {}}, {"status": "checkout-draft"}, {"currency": "XX"}, {"line_items": "none"}, {"total": None}, {"id": None},
     {"refunds": [refund(1, "lots")]}, {"refunds": [{"total": "-1.00"}]}, {"date_created_gmt": "soon", "date_created": None}],
)  # fmt: skip
async def test_an_order_that_cannot_be_taken_is_received_with_the_reason(client: AsyncClient, about: dict[str, Any]) -> None:
    answer = await post(client, order() | about)
    assert (answer.status_code, answer.json()["result"], bool(answer.json()["reason"])) == (200, "refused", True)
    assert await db.rows("SELECT id FROM orders") == []
    assert await tell(client, order()) == "taken"


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"3", b"\xff", b"[" * 100_000, b'{"a": NaN}'])
async def test_what_is_no_message_is_refused_with_a_reason(client: AsyncClient, body: bytes) -> None:
    answer = await post(client, body)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "application/problem+json")


async def test_cut_at_any_byte_a_message_is_refused_and_changes_nothing(client: AsyncClient) -> None:
    body = json.dumps(order()).encode()
    for end in range(0, len(body), 7):
        assert (await post(client, body[:end])).status_code == 400
    assert await db.rows("SELECT id FROM orders") == []


async def test_the_orders_of_its_own_reference_are_taken(client: AsyncClient, shared_data: Path) -> None:
    folder = shared_data / "orders/woocommerce-docs/json"
    found = [json.loads(path.read_text()) for path in sorted(folder.glob("orders.0[0134]*.json"))]
    assert len(found) == 4
    for one in found:
        assert await tell(client, one) in ("taken", "unchanged")
    assert [row["external_id"] for row in await db.rows("SELECT external_id FROM orders")] == ["727"]


async def test_what_was_given_back_there_is_in_the_ledger_once(client: AsyncClient) -> None:
    await tell(client, order())
    given = [refund(9, "-10.00", "Late"), refund(11, "-2.50")]
    for minute in ("00", "01", "02"):
        await tell(client, order(f"2024-03-06T10:{minute}:00", given))
    assert await refunds() == [("9", 1000, "source", "succeeded"), ("11", 250, "source", "succeeded")]
    (row,) = await db.rows("SELECT refunded, payment FROM orders")
    assert (row["refunded"], row["payment"]) == (1250, "partly_refunded")
    told = await db.rows("SELECT kind FROM events WHERE kind = 'refund_succeeded'")
    assert len(told) == 2


async def _asked() -> tuple[int, str]:
    """An order's id, and the code of a return of one of its hoodies that was agreed to."""
    (row,) = await db.rows("SELECT id, customer, merchant FROM orders")
    (line,) = await bought.line_ids(row)
    await rules.save(row["merchant"], Rules(default_days=3_650), by=None)
    code = await asking.ask(row["customer"], bought.asked(line), by="customer:1")
    if await bought.state(code) == "requested":
        await deciding.approve(row["merchant"], code, by="member:1")
    return row["id"], code


async def test_what_was_decided_here_and_given_there_is_one_refund(client: AsyncClient) -> None:
    await tell(client, order())
    (row,) = await db.rows("SELECT id FROM orders")
    await refunding.request(row["id"], Wanted(amount=1000, reason="R-7K3F9QXM"), by="member:1", approved=True)
    for minute in ("00", "01"):
        await tell(client, order(f"2024-03-06T10:{minute}:00", [refund(9, "-10.00", "R-7K3F9QXM")]))
    assert await refunds() == [("9", 1000, "counter", "succeeded")]
    await within()


async def test_given_there_in_full_what_waits_here_is_not_paid_as_well(client: AsyncClient) -> None:
    await tell(client, order())
    (row,) = await db.rows("SELECT id FROM orders")
    for amount in (1000, 700):
        await refunding.request(row["id"], Wanted(amount=amount), by="member:1", approved=True)
    await tell(client, order("2024-03-06T10:00:00", [refund(9, "-25.00")]))
    assert [(row[1], row[3]) for row in await refunds()] == [(1000, "pending"), (340, "pending"), (2500, "succeeded")]
    assert await _at_the_desk() == [("Payment", ""), ("Payment", "")]
    await tell(client, order("2024-03-07T10:00:00", [refund(9, "-25.00"), refund(10, "-13.40")], status="refunded"))
    assert [(row[1], row[3]) for row in await refunds()] == [
        (1000, "failed"), (340, "failed"), (2500, "succeeded"), (1340, "succeeded"),
    ]  # fmt: skip
    (after,) = await db.rows("SELECT refunded, payment FROM orders")
    assert (after["refunded"], after["payment"]) == (PAID, "refunded")
    await within()


@pytest.mark.parametrize("approved", [True, False])
@pytest.mark.parametrize("cents", [841, 1000, 2999])
async def test_of_what_the_shop_gave_back_in_part_the_rest_is_given_from_here(
    client: AsyncClient, cents: int, approved: bool
) -> None:
    await tell(client, order())
    number, code = await _asked()
    it = (await kept.by_code(code)).it
    wanted = Wanted(amount=3000, of_return=it.id)
    (ours,) = await refunding.request(number, wanted, by="member:1", approved=approved)
    for minute in ("00", "01"):
        await tell(client, order(f"2024-03-06T10:{minute}:00", [refund(9, f"-{cents / 100:.2f}")]))
    left = PAID - cents
    assert [(row[1], row[3]) for row in await refunds()] == [
        (left, "pending" if approved else "requested"), (cents, "succeeded"),
    ]  # fmt: skip
    (event,) = await db.rows("SELECT data FROM events WHERE kind = 'refund_reduced'")
    data = json.loads(event["data"])
    assert (data["refund"], data["amount"], data["less"], data["by"]) == (ours, left, 3000 - left, "source")
    assert (await kept.by_code(code)).it.refunded == left
    assert await _at_the_desk() == [("Payment" if approved else "Decision", "")]
    await within()


async def test_what_a_provider_is_asked_for_is_never_more_than_was_left_of_it(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The shop's news comes between the look at what is due and the claim of it."""
    await tell(client, order())
    (row,) = await db.rows("SELECT id FROM orders")
    await refunding.request(row["id"], Wanted(amount=3000), by="member:1", approved=True)
    await db.execute("UPDATE refunds SET provider = 'stripe', next_try_at = approved_at")
    asked: list[int] = []

    async def ask(due: db.Row) -> None:
        asked.append(due["amount"])

    looked = db.rows

    async def rows(sql: str, *args: Any) -> Any:
        found = await looked(sql, *args)
        if sql == refund_sending.DUE and not asked:
            monkeypatch.setattr(db, "rows", looked)
            await tell(client, order("2024-03-06T10:00:00", [refund(9, "-10.00")]))
        return found

    monkeypatch.setattr(refund_sending, "_ask", ask)
    monkeypatch.setattr(db, "rows", rows)
    assert (await refund_sending.send_due(), asked) == (0, [])
    assert (await refund_sending.send_due(), asked) == (1, [PAID - 1000])


async def test_what_the_shop_gave_back_by_itself_waits_for_nobody(client: AsyncClient) -> None:
    await tell(client, order())
    (row,) = await db.rows("SELECT id FROM orders")
    await refunding.request(row["id"], Wanted(amount=1000), by="member:1", approved=True)
    await tell(client, order("2024-03-06T10:00:00", [refund(9, "-38.40")], status="refunded"))
    assert await _at_the_desk() == []
    (card,) = [one for one in (await ledger.of_order(row["id"], Voice("fr"))).refunds if one.state == "failed"]
    assert card.fault == "La boutique a rendu cet argent elle-même."
    (told,) = await db.rows("SELECT data FROM events WHERE kind = 'refund_failed'")
    assert json.loads(told["data"])["why"] == own.GIVEN_THERE


async def test_a_return_that_the_shop_paid_by_itself_closes_in_its_time(client: AsyncClient) -> None:
    await tell(client, order())
    _number, code = await _asked()
    await settling.refund((await kept.by_code(code)).it.merchant, code, by="member:1")
    await tell(client, order("2024-03-06T10:00:00", [refund(9, "-38.40")], status="refunded"))
    assert {row[3] for row in await refunds()} == {"failed", "succeeded"}
    await db.execute("UPDATE returns SET settled_at = {}", clock.now() - objections.LONGEST * 2)
    await ageing.age()
    assert await bought.state(code) == "closed"


async def _at_the_desk() -> list[tuple[str, str]]:
    (row,) = await db.rows("SELECT merchant FROM orders")
    found = await refunds_waiting.of_merchant(row["merchant"], Voice("en"))
    return [("Again" if one.can_retry else one.card.waits.capitalize(), one.card.fault) for one in found]


async def test_what_was_sent_from_here_already_is_not_undone_by_what_the_shop_says(client: AsyncClient) -> None:
    await tell(client, order())
    (row,) = await db.rows("SELECT id FROM orders")
    await refunding.request(row["id"], Wanted(amount=1000), by="member:1", approved=True)
    await db.execute("UPDATE refunds SET sent_at = {}", clock.now())
    await tell(client, order("2024-03-06T10:00:00", [refund(9, "-38.40")], status="refunded"))
    assert [(row[1], row[3]) for row in await refunds()] == [(1000, "pending"), (3840, "succeeded")]


async def test_a_code_in_the_reason_says_which_return_it_was_for(client: AsyncClient) -> None:
    await tell(client, order(date_modified_gmt="2024-03-05T10:00:00"))
    number, code = await _asked()
    given = [refund(9, "-3.00", f"For {code}."), refund(10, "-1.00", "R-1")]
    for minute in ("00", "01"):
        await tell(client, order(f"2024-03-06T10:{minute}:00", given))
    found = await db.rows("SELECT of_return FROM refunds ORDER BY id")
    (row,) = await db.rows('SELECT id, state, refunded, expected, "order" FROM returns')
    assert (row["order"], row["state"], row["refunded"]) == (number, "approved", 300), "a small part settles nothing"
    assert [one["of_return"] for one in found] == [row["id"], None]
    assert (await bought.told(code))[-1] == "return_part_refunded"
    rest = refund(11, f"-{(row['expected'] - 300) / 100:.2f}", code)
    await tell(client, order("2024-03-06T10:02:00", [*given, rest]))
    assert await bought.state(code) == "refunded"
    assert (await bought.told(code))[-2:] == ["return_part_refunded", "return_refunded"]
    await right.everything(number)


async def test_one_refund_that_covers_what_is_due_settles_a_return(client: AsyncClient) -> None:
    await tell(client, order())
    number, code = await _asked()
    due = (await kept.by_code(code)).it.expected
    await tell(client, order("2024-03-06T10:00:00", [refund(9, f"-{due / 100:.2f}", code)]))
    assert await bought.state(code) == "refunded"
    await right.everything(number)


async def test_what_cannot_be_counted_for_a_return_leaves_the_order_its_news(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    await tell(client, order())
    number, code = await _asked()

    async def refuse(it: kept.Kept, *_: Any, **__: Any) -> None:
        await db.execute("UPDATE returns SET note = 'half done' WHERE id = {}", it.it.id)
        raise Refused("It has gone on meanwhile")

    given = [refund(9, "-3.00", code)]
    with monkeypatch.context() as patch:
        patch.setattr(moving, "tell", refuse)
        for minute in ("00", "01"):
            said = order(f"2024-03-06T10:{minute}:00", given, customer_note=f"Ring at {minute}")
            assert await tell(client, said) == "taken"
    (row,) = await db.rows("SELECT note, refunded FROM orders")
    assert (row["note"], row["refunded"]) == ("Ring at 01", 300)
    assert [one["of_return"] for one in await db.rows("SELECT of_return FROM refunds")] == [None]
    it = await kept.by_code(code)
    assert (it.it.note, it.it.refunded) == ("", 0), "what was begun is undone"
    said = [(one.text, one.detail) for one in await happened.told(it, Voice("en", "UTC"), desk=True)]
    uncounted = ("A refund that the shop gave by itself could not be counted for it", "It has gone on meanwhile")
    assert said.count(uncounted) == 1
    assert uncounted[0] not in [one.text for one in await happened.told(it, Voice("en", "UTC"))]
    await tell(client, order("2024-03-06T10:02:00", given))
    assert (await kept.by_code(code)).it.refunded == 300, "told again, it is counted"
    await right.everything(number)


async def test_another_customers_code_in_the_reason_waits_for_nobody(
    client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever holds one customer's row and waits for another's can wait for ever."""
    await tell(client, order())
    theirs = await bought.delivered("5", customer=Person(email=BOB, name="Bob"))
    (line, _cup) = await bought.line_ids(theirs)
    code = await asking.ask(theirs["customer"], bought.asked(line), by="customer:1")
    locked: list[int] = []
    lock = customers.lock

    async def noted(customer: int, **about: Any) -> None:
        locked.append(customer)
        await lock(customer, **about)

    monkeypatch.setattr(customers, "lock", noted)
    await tell(client, order("2024-03-06T10:00:00", [refund(9, "-3.00", code)]))
    assert theirs["customer"] not in locked
    assert [row["of_return"] for row in await db.rows("SELECT of_return FROM refunds")] == [None]


async def test_a_return_of_several_orders_is_paid_for_from_each(client: AsyncClient) -> None:
    await tell(client, order())
    await tell(client, order(id=728, number="728"))
    found = await db.rows("SELECT id, customer, merchant FROM orders ORDER BY id")
    lines = [(await bought.line_ids(row))[0] for row in found]
    await rules.save(found[0]["merchant"], Rules(default_days=3_650), by=None)
    what = bought.asked(lines[0])
    code = await asking.ask(
        found[0]["customer"], msgspec.structs.replace(what, lines=[*what.lines, *bought.asked(lines[1]).lines]), by="customer:1"
    )
    share = [promise.total for promise in worth.promises((await kept.by_code(code)).it.grounds)]
    assert len(share) == 2
    await tell(client, order("2024-03-06T10:00:00", [refund(20, f"-{share[1] / 100:.2f}", code)], id=728, number="728"))
    it = (await kept.by_code(code)).it
    assert (it.state, it.refunded) == ("approved", share[1]), "the other order's part is still due"
    await tell(client, order("2024-03-06T10:00:00", [refund(19, f"-{share[0] / 100:.2f}", code)]))
    it = (await kept.by_code(code)).it
    assert (it.state, it.refunded) == ("refunded", sum(share))
    for row in found:
        await right.everything(row["id"])


async def test_another_merchants_code_in_the_reason_moves_nothing(client: AsyncClient) -> None:
    theirs = await bought.delivered("5", merchant=NIA)
    (line, _cup) = await bought.line_ids(theirs)
    code = await asking.ask(theirs["customer"], bought.asked(line), by="customer:1")
    await tell(client, order(refunds=[refund(9, "-3.00", code)]))
    assert await bought.state(code) == "requested"
    assert [row["of_return"] for row in await db.rows("SELECT of_return FROM refunds")] == [None]
