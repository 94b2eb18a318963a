"""Whatever order a shop may send."""

from datetime import UTC, datetime

from hypothesis import strategies as st

from app.ingest.snapshot import LineQuantity, OrderSnapshot, Shipment
from tests.builders import line, snapshot

amounts = st.integers(min_value=-(2**40), max_value=2**40)
texts = st.text(st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40)


@st.composite
def orders(draw: st.DrawFn) -> OrderSnapshot:
    lines = [
        line(str(n), title=draw(texts), variant=draw(texts), quantity=draw(st.integers(0, 99)), unit_price=draw(amounts),
             total=draw(amounts), tax=draw(amounts))
        for n in range(draw(st.integers(0, 5)))
    ]  # fmt: skip
    contents = [LineQuantity(line=one.id, quantity=draw(st.integers(0, 9))) for one in lines]
    return snapshot(
        draw(st.text("0123456789#-_/", min_size=1, max_size=20)), lines=lines, total=draw(amounts),
        currency=draw(st.sampled_from(["EUR", "JPY", "KWD"])), gift_message=draw(texts),
        placed_at=draw(st.datetimes(datetime(1990, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))),
        shipments=[Shipment(id="p", lines=contents, status=draw(st.sampled_from(["in_transit", "delivered", "unknown"])))],
    )  # fmt: skip
