"""What a list says of an order follows from its lines and parcels alone."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.orders.summary import URGENCY, Parcel, Quantities, summarise

pytestmark = pytest.mark.without_database

AT = datetime(2026, 11, 20, tzinfo=UTC)
TWO = [Quantities("a", 2), Quantities("b", 1)]


def parcel(status: str = "in_transit", contents: dict[str, int] | None = None, state: str = "dispatched") -> Parcel:
    return Parcel(state, status, "DHL", AT, None, None, AT if status == "delivered" else None, contents or {})


REST = [parcel("delivered", {"a": 1}), parcel("in_transit", {"b": 1})]  # of which b is still awaited


@pytest.mark.parametrize(
    ("lines", "parcels", "payment", "fulfilment", "stage"),
    [
        (TWO, [], "paid", "unfulfilled", "preparing"),
        (TWO, [], "unpaid", "unfulfilled", "needs_you"),
        (TWO, [parcel(state="draft")], "paid", "unfulfilled", "preparing"),
        (TWO, [parcel(contents={"a": 1})], "paid", "partly_shipped", "on_the_way"),
        (TWO, [parcel(contents={"a": 2, "b": 1})], "paid", "shipped", "on_the_way"),
        (TWO, [parcel()], "paid", "shipped", "on_the_way"),
        (TWO, [parcel("delivered", {"a": 2})], "paid", "partly_delivered", "on_the_way"),
        (TWO, [parcel("delivered", {"a": 2}), parcel("delivered", {"b": 1})], "paid", "delivered", "delivered"),
        (TWO, [parcel("delivered", {"a": 9, "b": 9})], "paid", "delivered", "delivered"),
        (TWO, [parcel("delivered", {"a": 9})], "paid", "partly_delivered", "on_the_way"),
        (TWO, [parcel("attempt_failed")], "paid", "shipped", "needs_you"),
        (TWO, [parcel("ready_for_pickup", {"a": 1})], "paid", "partly_shipped", "needs_you"),
        (TWO, [parcel("returned_to_sender")], "paid", "returned", "returned"),
        (TWO, [parcel("delivered")], "refunded", "delivered", "returned"),
        (TWO, [parcel("delivered")], "partly_refunded", "delivered", "delivered"),
        ([Quantities("a", 2, returned=1)], [parcel("delivered")], "paid", "partly_returned", "returned"),
        ([Quantities("a", 2, returned=2)], [parcel("delivered")], "paid", "returned", "returned"),
        ([Quantities("a", 2, 1, returned=1)], [parcel("delivered")], "paid", "returned", "returned"),
        ([Quantities("a", 1, returned=1), Quantities("b", 1)], REST, "paid", "partly_delivered", "on_the_way"),
        ([Quantities("a", 2, returned=1)], [parcel("unknown")], "paid", "partly_returned", "returned"),
        ([Quantities("a", 2, 1)], [parcel("delivered", {"a": 1})], "paid", "delivered", "delivered"),
        ([Quantities("a", 1, needs_shipping=False)], [], "paid", "delivered", "delivered"),
        ([Quantities("a", 1, needs_shipping=False)], [], "unpaid", "unfulfilled", "needs_you"),
        ([], [], "paid", "unfulfilled", "preparing"),
    ],
)
def test_fulfilment_and_stage(lines: list, parcels: list, payment: str, fulfilment: str, stage: str) -> None:
    found = summarise(lines, parcels, payment=payment, cancelled=False, closed=False)
    assert (found.fulfilment, found.stage) == (fulfilment, stage)


def test_a_cancelled_order_is_cancelled_whatever_else() -> None:
    found = summarise(TWO, [parcel("delivered")], payment="paid", cancelled=True, closed=True)
    assert (found.state, found.stage) == ("cancelled", "cancelled")


parcels = st.builds(
    parcel, st.sampled_from(URGENCY), st.dictionaries(st.sampled_from("abc"), st.integers(0, 5)),
    st.sampled_from(["draft", "dispatched", "cancelled"]),
)  # fmt: skip
lines = st.builds(Quantities, st.sampled_from("abc"), st.integers(-3, 9), st.integers(0, 3), st.booleans())


@given(st.lists(lines, max_size=4), st.lists(parcels, max_size=4), st.sampled_from(["unpaid", "paid", "refunded"]))
def test_every_order_has_a_state_of_the_vocabulary(found_lines: list, found_parcels: list, payment: str) -> None:
    found = summarise(found_lines, found_parcels, payment=payment, cancelled=False, closed=False)
    assert found.fulfilment in {
        "unfulfilled", "partly_shipped", "shipped", "partly_delivered", "delivered", "partly_returned", "returned",
    }  # fmt: skip
    assert found.stage in {"preparing", "on_the_way", "needs_you", "delivered", "returned", "cancelled"}
