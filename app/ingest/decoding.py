"""A body that a program sent, as an order: either whole, or every reason why not at its JSON pointer (RFC 6901)."""

import json
import re
from typing import NoReturn

import msgspec
from msgspec import UNSET, UnsetType

from app.errors import Invalid
from app.ingest.bounds import out_of_bounds
from app.ingest.checks import Problems, problems
from app.ingest.snapshot import OrderSnapshot
from app.ingest.structure import MOST, Walk, escaped

DIFFERENT = {"external_id": "not the one in the address", "merchant": "not the merchant of this API key"}
PATH_PART = re.compile(r"\.([^.\[]+)|\[(\d+)\]")
BYTE = re.compile(r" \(byte (\d+)\)$")
NAMED_LINE = re.compile(r"/(shipments|refunds)/\d+/lines/\d+/line")
LINES_NAME = re.compile(r"/lines(/\d+(/id)?)?")


class OrderBody(OrderSnapshot, kw_only=True):
    """One order, whole, as it stands now. Amounts are integers in minor units of `currency` (EUR 12.50 is 1250); times
    are RFC 3339 with their zone. `external_id` and `merchant` may be left out: the address and the API key say them."""

    source: str = "api"
    external_id: str | UnsetType = UNSET  # type: ignore[assignment]
    merchant: str | UnsetType = UNSET  # type: ignore[assignment]


DECODER = msgspec.json.Decoder(OrderBody)
SHAPE = msgspec.inspect.type_info(OrderBody)
FIELDS = OrderSnapshot.__struct_fields__


class Broken(ValueError):
    """No JSON: why, and at which byte (from 0) where that is known."""

    def __init__(self, reason: str, byte: int | None = None) -> None:
        super().__init__(f"broken JSON{'' if byte is None else f' at byte {byte}'}: {reason}")


def decoded(body: bytes, *, external_id: str, merchant: str) -> OrderSnapshot:
    """Raises Broken, and Invalid with all that is wrong at once, in structure and in meaning."""
    try:
        sent, wrong = DECODER.decode(body), Problems()
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        sent, wrong = _taken_apart(body, error)
    order, different = _completed(sent, external_id, merchant)
    wrong = different | out_of_bounds(order) | wrong
    wrong |= {at: why for at, why in problems(order).items() if not _follows(at, wrong)}
    if wrong:
        refuse(wrong)
    return order


def refuse(wrong: Problems) -> NoReturn:
    named = dict(list(wrong.items())[:MOST])
    more = "at least " if len(wrong) >= MOST else ""
    raise Invalid.at(named, f"The order was not taken: {more}{len(named)} thing{'s'[: len(named) > 1]} to put right")


def _completed(sent: OrderBody, external_id: str, merchant: str) -> tuple[OrderSnapshot, Problems]:
    said = {"external_id": external_id, "merchant": merchant}
    different = {f"/{name}": DIFFERENT[name] for name, value in said.items() if getattr(sent, name) not in (UNSET, value)}
    return OrderSnapshot(**{name: getattr(sent, name) for name in FIELDS} | said), different


def _taken_apart(body: bytes, first: Exception) -> tuple[OrderBody, Problems]:
    """All the misfits; where plain data cannot be had either (a number of 5,000 digits), the first alone."""
    walk = Walk()
    try:
        sent = walk.struct(SHAPE, msgspec.json.decode(body))
    except msgspec.ValidationError:
        refuse(_of(first))
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _broken(error, body) from error
    return sent, walk.wrong or _of(first)


def _of(error: Exception) -> Problems:
    """msgspec's own words: “Expected `int`, got `str` - at `$.lines[0].total`”."""
    reason, _, path = str(error).partition(" - at `$")
    parts = [escaped(name or number) for name, number in PATH_PART.findall(path.rstrip("`"))]
    return {"".join(f"/{part}" for part in parts): reason.replace("`", "")}


def _broken(error: Exception, body: bytes) -> Broken:
    if isinstance(error, RecursionError):
        return Broken("nested too deeply")
    try:
        text = body.decode()
        json.loads(text)
    except UnicodeDecodeError as bad:
        return Broken("not UTF-8 text", bad.start)
    except json.JSONDecodeError as bad:
        return Broken(bad.msg if text.strip() else "the body is empty", len(text[: bad.pos].encode()))
    except (RecursionError, ValueError):
        pass
    # Only msgspec minds: NaN, half of a surrogate pair. Its positions are near, Python's are exact.
    found = BYTE.search(str(error))
    return Broken(BYTE.sub("", str(error)).removeprefix("JSON is malformed: "), int(found[1]) if found else None)


def _follows(pointer: str, wrong: Problems) -> bool:
    """Whether this is only wrong because something else is, and a blank stood in its place."""
    parts = pointer.split("/")
    if any("/".join(parts[:n]) in wrong for n in range(1, len(parts) + 1)):
        return True
    if NAMED_LINE.fullmatch(pointer):
        return any(LINES_NAME.fullmatch(at) for at in wrong)
    return parts[-1] == "cancelled_quantity" and pointer.replace("cancelled_quantity", "quantity") in wrong
