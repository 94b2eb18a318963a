"""What can still be given back, and where it goes: tables of cases, then anything at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.payments import bounds
from app.payments.bounds import Given, Payment, reckoned, split

pytestmark = pytest.mark.without_database

CARD, GIFT = Payment(id=1, kind="card", amount=3000), Payment(id=2, kind="gift_card", amount=2000)
SILENT, OTHER = Payment(id=3, kind="card"), Payment(id=4, kind="paypal")


@pytest.mark.parametrize(("payments", "refunds", "state", "left", "rooms"), [
    ([CARD, GIFT], [], "paid", 5000, [3000, 2000]),
    ([CARD, GIFT], [], "unpaid", 0, [0, 0]),
    ([CARD, GIFT], [], "authorised", 0, [0, 0]),
    ([CARD, GIFT], [Given(amount=1000, kind="card")], "partly_refunded", 4000, [2000, 2000]),
    ([CARD, GIFT], [Given(amount=4000, kind="card")], "paid", 1000, [0, 1000]),  # more than that card brought
    ([CARD, GIFT], [Given(amount=2500, kind="store_credit", balance=1, origin="counter")], "paid", 2500, [2500, 2000]),
    ([CARD, GIFT], [Given(amount=3000, kind="card", payment=1, origin="counter")], "paid", 2000, [0, 2000]),
    ([CARD, GIFT], [Given(amount=6000)], "refunded", 0, [0, 0]),
    ([CARD, GIFT], [Given(amount=-100)], "paid", 5000, [3000, 2000]),  # a source's slip is no money to be given back
    ([SILENT], [], "paid", 5000, [5000]),
    ([SILENT, OTHER], [Given(amount=100, kind="paypal")], "paid", 4900, [4900, 4900]),
    ([SILENT, GIFT], [], "paid", 5000, [3000, 2000]),  # the silent one bore what the other did not
    ([SILENT, GIFT], [Given(amount=500, payment=3, origin="counter")], "paid", 4500, [2500, 2000]),
    ([], [Given(amount=500)], "paid", 4500, []),
])  # fmt: skip
def test_what_is_left_of_an_order_of_fifty(
    payments: list[Payment], refunds: list[Given], state: str, left: int, rooms: list[int]
) -> None:
    now = reckoned(5000, state, payments, refunds)
    assert (now.left, [room.left for room in now.rooms]) == (left, rooms)


def test_what_the_payments_brought_counts_not_what_the_order_cost() -> None:
    deposit = Payment(id=1, kind="card", amount=1000)
    assert reckoned(5000, "paid", [deposit], []).left == 1000


@pytest.mark.parametrize(("payments", "amount", "only", "pieces"), [
    ([CARD, GIFT], 2999, None, [(1, 2999)]),
    ([CARD, GIFT], 3001, None, [(1, 3000), (2, 1)]),
    ([GIFT, CARD], 3001, None, [(2, 2000), (1, 1001)]),  # in the order they were charged
    ([CARD, GIFT], 1500, 2, [(2, 1500)]),
    ([SILENT, OTHER], 5000, None, [(3, 5000)]),
    ([SILENT, OTHER], 5000, 4, [(4, 5000)]),
    ([], 700, None, [(None, 700)]),
])  # fmt: skip
def test_an_amount_is_spread(payments: list[Payment], amount: int, only: int | None, pieces: list[tuple[int, int]]) -> None:
    now = reckoned(5000, "paid", payments, [])
    assert [(to.id if to else None, part) for to, part in split(now, amount, only)] == pieces


amounts = st.integers(0, 2**62)
payments = st.lists(
    st.builds(Payment, id=st.just(0), kind=st.sampled_from(["card", "gift_card", "paypal"]), amount=st.none() | amounts),
    max_size=4,
).map(lambda found: [Payment(id=n, kind=one.kind, amount=one.amount) for n, one in enumerate(found)])


@given(amounts, payments, st.lists(st.tuples(st.integers(0, 2**62), st.sampled_from(["card", "paypal", "other"]))), amounts)
def test_all_that_is_left_can_be_placed_and_never_more(
    total: int, found: list[Payment], sources: list[tuple[int, str]], wanted: int
) -> None:
    now = reckoned(total, "paid", found, [Given(amount=amount, kind=kind) for amount, kind in sources])
    amount = min(wanted, now.left)
    pieces = split(now, amount)
    assert sum(part for _to, part in pieces) == amount
    assert all(part > 0 for _to, part in pieces)
    made = [Given(amount=part, payment=to.id if to else None, origin="counter") for to, part in pieces]
    after = reckoned(total, "paid", found, [*(Given(amount=amount, kind=kind) for amount, kind in sources), *made])
    assert after.left == now.left - amount
    for to, part in pieces:
        assert to is None or to.amount is None or part <= to.amount


def test_unpaid_orders_have_nothing_to_give() -> None:
    assert {reckoned(5000, state, [CARD], []).paid for state in bounds.UNPAID} == {0}
