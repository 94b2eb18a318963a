"""Any order of any subset of scans, in any number of messages, doubled or not, ends as the sorted whole does."""

from collections.abc import Sequence
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app import db
from app.shipments import states
from app.shipments.actions import take
from app.shipments.snapshot import ScanSnapshot
from tests import builders
from tests.shipments.steps import news, parcel, row_of, scan, told

SCANS = st.lists(
    st.builds(
        lambda hours, status, words: scan(hours, status, words=words),
        st.integers(0, 80),
        st.sampled_from(states.WAY),
        st.sampled_from(("", "a", "b")),
    ),
    min_size=1,
    max_size=7,
)


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[list[ScanSnapshot], list[list[ScanSnapshot]]]:
    """Scans, and messages that hold each of them at least once."""
    scans = draw(SCANS)
    sent = draw(st.permutations(scans + draw(st.lists(st.sampled_from(scans), max_size=4))))
    cuts = sorted(draw(st.lists(st.integers(0, len(sent)), max_size=3)))
    return scans, [sent[start:end] for start, end in zip([0, *cuts], [*cuts, len(sent)], strict=True)]


async def outcome(messages: Sequence[Sequence[ScanSnapshot]]) -> tuple[Any, ...]:
    async with db.transaction():
        for table in ("events", "scans", "shipment_lines", "shipments", "order_lines", "payments", "orders", "carrier_words"):
            await db.execute(f"DELETE FROM {table}")
    number, merchant = await parcel(), await builders.merchant()
    for scans in messages:
        await take(merchant, news(*scans))
    row, order = await row_of(number), (await db.rows("SELECT * FROM orders"))[0]
    parts = ("status", "reason", "scanned_at", "shipped_at", "delivered_at")
    summary = ("state", "fulfilment", "stage", "carrier_status", "shipped_at", "delivered_at")
    kinds = sorted((kind.removeprefix("…"), key) for kind, key in await told())
    counted = sorted((it["word"], it["times"]) for it in await db.rows("SELECT word, times FROM carrier_words"))
    return [row[name] for name in parts], [order[name] for name in summary], kinds, counted


@given(deliveries())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_the_parcel_its_order_and_what_was_told_are_the_same(
    given_: tuple[list[ScanSnapshot], list[list[ScanSnapshot]]],
) -> None:
    scans, messages = given_
    assert await outcome(messages) == await outcome([sorted(scans, key=lambda one: one.at)])


@given(SCANS, st.randoms(use_true_random=False))
def test_more_scans_never_make_fewer_moments(scans: list[ScanSnapshot], chance: Any) -> None:
    seen = [states.Seen(one.at, one.status, str(n)) for n, one in enumerate(scans)]
    some = [one for one in seen if chance.random() < 0.5]
    few, all_of = ({(it.scan.status, it.nth) for it in states.moments(those)} for those in (some, seen))
    assert few <= all_of
