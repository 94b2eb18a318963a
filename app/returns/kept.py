"""What of an order's rights hangs on other rows than its own: read together with it."""

from msgspec import Struct

from app.reading import Part


class KeptTerms(Struct, frozen=True, array_like=True):
    """The newest rules of its merchant (0 and nothing for one that has written none), and whose order it is."""

    version: int
    rules: str
    merchant: int
    state: str
    time_zone: str


# For `reading.together` with the order's id.
PARTS = (
    Part(
        KeptTerms,
        "FROM orders o JOIN customers c ON c.id = o.customer LEFT JOIN return_rules r "
        "ON r.id = (SELECT max(v.id) FROM return_rules v WHERE v.merchant = o.merchant) WHERE o.id = {}",
        "coalesce(r.id, 0), coalesce(r.rules, ''), o.merchant, o.state, c.time_zone",
    ),
)
