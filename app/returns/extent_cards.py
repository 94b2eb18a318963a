"""What the page of a withdrawal says to its customer of which items are meant, and what they can do where these are wrong."""

from msgspec import Struct

from app.returns import doubts, extents
from app.returns.kept import Kept


class Extent(Struct, frozen=True):
    """`unclear`: so far only words say it. `sayable`: theirs to say. `seller`: to write to, for only both of them can take a
    part of it back."""

    unclear: bool
    sayable: bool
    seller: str


def card(it: Kept) -> Extent:
    return Extent(doubts.of(it) == "unclear", extents.sayable(it), it.it.merchant_email if extents.settable(it) else "")
