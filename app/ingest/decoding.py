"""A body that a program sent, as an order: either whole, or every reason why not at its JSON pointer (RFC 6901)."""

import re
from typing import NoReturn

from msgspec import UNSET, UnsetType

from app import json_bodies
from app.ingest.bounds import out_of_bounds
from app.ingest.checks import Problems, problems
from app.ingest.snapshot import OrderSnapshot

DIFFERENT = {"external_id": "not the one in the address", "merchant": "not the merchant of this API key"}
NAMED_LINE = re.compile(r"/(shipments|refunds)/\d+/lines/\d+/line")
LINES_NAME = re.compile(r"/lines(/\d+(/id)?)?")


class OrderBody(OrderSnapshot, kw_only=True):
    """One order, whole, as it stands now. Amounts are integers in minor units of `currency` (EUR 12.50 is 1250); times
    are RFC 3339 with their zone. `external_id` and `merchant` may be left out: the address and the API key say them."""

    source: str = "api"
    external_id: str | UnsetType = UNSET  # type: ignore[assignment]
    merchant: str | UnsetType = UNSET  # type: ignore[assignment]


WHAT = "The order"
FIELDS = OrderSnapshot.__struct_fields__


def decoded(body: bytes, *, external_id: str, merchant: str) -> OrderSnapshot:
    """Raises Broken, and Invalid with all that is wrong at once, in structure and in meaning."""
    sent, wrong = json_bodies.read(body, OrderBody, WHAT)
    order, different = _completed(sent, external_id, merchant)
    wrong = different | out_of_bounds(order) | wrong
    wrong |= {at: why for at, why in problems(order).items() if not _follows(at, wrong)}
    if wrong:
        refuse(wrong)
    return order


def refuse(wrong: Problems) -> NoReturn:
    json_bodies.refuse(wrong, WHAT)


def _completed(sent: OrderBody, external_id: str, merchant: str) -> tuple[OrderSnapshot, Problems]:
    said = {"external_id": external_id, "merchant": merchant}
    different = {f"/{name}": DIFFERENT[name] for name, value in said.items() if getattr(sent, name) not in (UNSET, value)}
    return OrderSnapshot(**{name: getattr(sent, name) for name in FIELDS} | said), different


def _follows(pointer: str, wrong: Problems) -> bool:
    """Whether this is only wrong because something else is, and a blank stood in its place."""
    parts = pointer.split("/")
    if any("/".join(parts[:n]) in wrong for n in range(1, len(parts) + 1)):
        return True
    if NAMED_LINE.fullmatch(pointer):
        return any(LINES_NAME.fullmatch(at) for at in wrong)
    return parts[-1] == "cancelled_quantity" and pointer.replace("cancelled_quantity", "quantity") in wrong
