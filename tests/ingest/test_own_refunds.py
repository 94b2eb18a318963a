"""What was decided here stands when the source speaks again, and what it reports of ours is not counted twice."""

from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
import pytest

from app import db
from app.ingest import actions, kept
from app.ingest.snapshot import Amendment, LineQuantity, OrderSnapshot, Payment, Refund
from app.orders import refund_steps, refunding
from app.orders.refunding import Credit, Wanted
from app.payments import bounds
from tests.builders import MO, snapshot
from tests.payments.steps import GIFT, MO_STAFF, VISA, ask, kinds, order_row, paid, refunds, told, within

T1 = datetime(2026, 11, 9, 9, tzinfo=UTC)
PAYMENTS = [VISA, GIFT]
replace = msgspec.structs.replace


def whole(**about: Any) -> OrderSnapshot:
    return snapshot(payments=PAYMENTS, **about)


def news(*given: Refund) -> Amendment:
    return Amendment(source="test", merchant=MO, external_id="1001", refunds=list(given))


async def results(*given: OrderSnapshot | Amendment) -> list[str]:
    return [(await actions.record_all([one], history=False))[0].result for one in given]


async def given_back(order: int, amount: int, **about: Any) -> int:
    """By hand, and paid."""
    (number,) = await ask(order, amount, approved=True, **about)
    await refund_steps.record_reference(number, f"SEPA {number}", by=MO_STAFF)
    return number


async def sums(order: int) -> tuple[int, str, int]:
    row = await order_row(order)
    return row["refunded"], row["payment"], (await bounds.of_order(order, row["total"], row["payment"])).left


async def test_an_order_that_comes_again_keeps_what_was_given_back_here() -> None:
    order = await paid()
    await given_back(order["id"], 1250, lines=[("1", 1)])
    assert await results(whole(note="changed")) == ["updated"]
    assert await sums(order["id"]) == (1250, "partly_refunded", 4040)
    assert (await db.rows("SELECT refunded_quantity FROM order_lines"))[0]["refunded_quantity"] == 1
    assert (await kinds()).count("refund_succeeded") == 1
    (row,) = await refunds()
    assert (row["origin"], row["state"], row["reference"][:4], row["provider"]) == ("counter", "succeeded", "SEPA", "manual")


@pytest.mark.parametrize("form", ["snapshot", "amendment"])
@pytest.mark.parametrize("state", ["requested", "pending", "succeeded"])
async def test_a_refund_of_ours_that_the_source_reports_is_that_one(form: str, state: str) -> None:
    order = await paid()
    (number,) = await ask(order["id"], 1250, approved=state != "requested", lines=[("1", 1)])
    if state == "succeeded":
        await refund_steps.record_reference(number, "SEPA 1", by=MO_STAFF)
    reported = Refund(id="shop-77", amount=1250, at=T1, kind="card")
    given = news(reported) if form == "amendment" else whole(refunds=[reported], payment="partly_refunded")
    for _twice in range(2):
        await results(given)
        (row,) = await refunds()
        assert (row["id"], row["external_id"], row["state"], row["origin"]) == (number, "shop-77", "succeeded", "counter")
        assert row["settled_at"] is not None
        assert await sums(order["id"]) == (1250, "partly_refunded", 4040)
        assert (await kinds()).count("refund_succeeded") == 1
    await within()


async def test_what_the_source_settled_is_not_sent_by_the_worker_nor_paid_by_hand_again() -> None:
    order = await paid()
    (number,) = await ask(order["id"], 1250, approved=True)
    await db.execute("UPDATE refunds SET provider = 'stripe', next_try_at = {}", T1)
    await results(news(Refund(id="shop-77", amount=1250, at=T1, kind="card")))
    assert (await refunds())[0]["next_try_at"] is None
    await refund_steps.record_reference(number, "SEPA 1", by=MO_STAFF)  # its reference, belatedly
    assert (await refunds())[0]["reference"] == "SEPA 1"
    assert (await kinds()).count("refund_succeeded") == 1


async def test_what_the_source_has_taken_up_is_pending_and_told_as_sent_by_it() -> None:
    order = await paid()
    (number,) = await ask(order["id"], 1250)
    await results(news(Refund(id="shop-77", amount=1250, kind="card", state="pending")))
    row = (await refunds())[0]
    assert (row["id"], row["state"], row["next_try_at"], row["sent_at"] is not None) == (number, "pending", None, True)
    kind, data = (await told())[-1]
    assert (kind, data["by"]) == ("refund_sent", "source")


@pytest.mark.parametrize("reported", [
    Refund(id="shop-77", amount=1251, kind="card"),  # another amount
    Refund(id="shop-77", amount=1250, kind="store_credit"),  # another means
    Refund(id="shop-77", amount=1250, kind="card", state="failed"),
])  # fmt: skip
async def test_what_cannot_be_ours_is_one_more(reported: Refund) -> None:
    order = await paid()
    await ask(order["id"], 1250, approved=True)
    await results(news(reported))
    assert [row["origin"] for row in await refunds()] == ["counter", "source"]
    assert (await refunds())[0]["state"] == "pending"


async def test_two_alike_are_two_and_a_third_one_is_the_sources_own() -> None:
    order = await paid()
    for _each in range(2):
        await ask(order["id"], 1000, approved=True)
    reported = [Refund(id=f"shop-{n}", amount=1000, at=T1, kind="card") for n in range(3)]
    await results(news(*reported))
    assert [(row["external_id"], row["origin"]) for row in await refunds()] == [
        ("shop-0", "counter"), ("shop-1", "counter"), ("shop-2", "source"),
    ]  # fmt: skip
    assert await sums(order["id"]) == (3000, "partly_refunded", 2290)
    await results(news(*reported), whole(refunds=reported, payment="partly_refunded", note="again"))
    assert len(await refunds()) == 3


async def test_one_that_has_failed_here_is_not_what_the_source_reports() -> None:
    order = await paid()
    (number,) = await ask(order["id"], 1250, approved=True)
    await refund_steps.fail(number, by=MO_STAFF, reason="Paid in the shop's own pages")
    await results(news(Refund(id="shop-77", amount=1250, at=T1, kind="card")))
    assert [(row["origin"], row["state"]) for row in await refunds()] == [("counter", "failed"), ("source", "succeeded")]
    assert (await sums(order["id"]))[0] == 1250


async def test_store_credit_of_ours_is_nothing_that_a_shop_reports() -> None:
    order = await paid()
    await refunding.request(order["id"], Wanted(credit=Credit(amount=1250)), by=MO_STAFF, approved=True)
    await results(news(Refund(id="shop-77", amount=1250, at=T1, kind="card")))
    assert await sums(order["id"]) == (2500, "partly_refunded", 2790)


async def test_a_source_takes_nothing_back_that_is_settled_here() -> None:
    order = await paid()
    await given_back(order["id"], 1250)
    told_of = Refund(id="shop-77", amount=1250, at=T1, kind="card", reason="Chipped")
    await results(news(told_of), news(replace(told_of, state="pending")), whole(refunds=[replace(told_of, amount=99)]))
    (row,) = await refunds()
    assert (row["state"], row["amount"], row["reason"]) == ("succeeded", 1250, "Chipped")
    assert (await sums(order["id"]))[:2] == (1250, "partly_refunded")


async def test_a_line_that_is_gone_leaves_the_refund_without_it() -> None:
    order = await paid()
    await given_back(order["id"], 1250, lines=[("1", 1)])
    (line,) = whole().lines
    await results(whole(lines=[replace(line, id="2")]))
    snapshots = await kept.snapshots([order["id"]])
    assert snapshots[order["id"]].refunds[0].lines == []


async def test_an_export_that_comes_back_changes_nothing() -> None:
    order = await paid()
    await given_back(order["id"], 1250, lines=[("1", 1)])
    exported = (await kept.snapshots([order["id"]]))[order["id"]]
    assert await results(exported, exported) == ["unchanged", "unchanged"]
    assert exported.refunds[0].lines == [LineQuantity(line="1", quantity=1)]
    assert len(await refunds()) == 1


PAYPAL = Payment(kind="paypal", reference="PAY-1")


@pytest.mark.parametrize(("before", "after", "stay"), [
    ([VISA, GIFT], [VISA, GIFT], [0, 1]),
    ([VISA, GIFT], [replace(VISA, amount=3100), GIFT], [0, 1]),
    ([replace(VISA, reference="ch_1"), GIFT], [GIFT, replace(VISA, reference="ch_1")], [1, 0]),  # another order
    ([VISA, GIFT], [PAYPAL, VISA, GIFT], [None, 0, 1]),
    ([VISA], [VISA, PAYPAL], [0, None]),
    ([PAYPAL, VISA], [VISA], [1]),
    ([PAYPAL], [replace(PAYPAL, kind="card")], [0]),
    ([VISA], [], []),
])  # fmt: skip
async def test_payments_keep_their_rows(before: list[Payment], after: list[Payment], stay: list[int | None]) -> None:
    order = await paid(payments=before)
    rows = [row["id"] for row in await db.rows("SELECT id FROM payments ORDER BY position")]
    assert await results(snapshot(payments=after, note="again")) == ["updated"]
    now = await db.rows("SELECT * FROM payments ORDER BY position")
    assert [row["kind"] for row in now] == [one.kind for one in after]
    assert [row["id"] if row["id"] in rows else None for row in now] == [None if n is None else rows[n] for n in stay]
    assert order["id"] == (await db.rows("SELECT id FROM orders"))[0]["id"]


async def test_a_payment_that_refunds_hang_on_stays_and_brings_nothing_any_more() -> None:
    order = await paid()
    await given_back(order["id"], 1000)
    await results(snapshot(payments=[GIFT], note="the card was a mistake"))
    now = await db.rows("SELECT kind, amount FROM payments ORDER BY position, id")
    assert sorted((row["kind"], row["amount"]) for row in now) == [("card", 0), ("gift_card", 2290)]
    assert (await sums(order["id"]))[2] == 1290


async def test_news_of_our_own_is_history_to_nobody_else() -> None:
    """A step here, said by the source a day later, is told once, at its own time."""
    order = await paid()
    await given_back(order["id"], 1250)
    before = len(await told())
    await results(news(Refund(id="shop-77", amount=1250, at=T1 + timedelta(days=1), kind="card")))
    assert len(await told()) == before
