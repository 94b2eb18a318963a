"""Our own export (export.py): the orders of one customer, taken in again here or in another house.

What it says beside the orders, of merchants and of what is archived, goes to the `reading`: it is for what is new here.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import msgspec
from msgspec import Meta

from app.ingest.export import FORMAT, VERSION
from app.ingest.json_records import Found, records
from app.ingest.json_text import Broken, JsonText
from app.ingest.reading import Reading
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected
from app.merchants.actions import Particulars

Slug = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{0,62}\Z")]


def read(paths: list[Path], reading: Reading) -> Iterator[OrderSnapshot | Amendment | Rejected]:
    """The orders of each file, one in memory at a time. A file that is no export of ours is refused whole."""
    for path in paths:
        head = _head(path)
        if fault := _fault(head) or _merchants(head, reading):
            yield Rejected(reason=fault, file=path.name)
            continue
        for found in records(path, reading, ("orders",)):
            yield found if isinstance(found, Rejected) else _order(found, path.name, reading)


def _order(found: Found, file: str, reading: Reading) -> OrderSnapshot | Rejected:
    archived = isinstance(found.value, dict) and found.value.pop("archived", False)
    named = found.value.get("external_id") if isinstance(found.value, dict) else ""
    about: dict[str, Any] = {"file": file, "line": found.number, "external_id": named if isinstance(named, str) else ""}
    if not isinstance(archived, bool):
        return Rejected(reason="“archived” is neither true nor false", **about)
    try:
        order = msgspec.convert(found.value, OrderSnapshot)
        msgspec.json.encode(order)  # half of a surrogate pair is no text
    except msgspec.ValidationError as error:
        return Rejected(reason=str(error), **about)
    except UnicodeEncodeError:
        return Rejected(reason="a text with half a character in it", **about)
    if archived:
        reading.archived.add((order.merchant, order.external_id))
    return order


def _fault(head: dict[Any, Any]) -> str:
    """Why the file cannot be an export of ours that we read; its head comes before the orders."""
    if head.get("format") != FORMAT:
        return f"this is not an export of Comptoir: it does not begin with “format”: “{FORMAT}”"
    if head.get("version") != VERSION:
        return f"the export says version {head.get('version', 'nothing')}; this Comptoir reads version {VERSION}"
    return ""


def _merchants(head: dict[Any, Any], reading: Reading) -> str:
    """Told to the reading; or why they cannot be."""
    try:
        told = msgspec.convert(head.get("merchants", {}), dict[Slug, Particulars])
        if b"\\u0000" in msgspec.json.encode(told):
            return "merchants: a NUL character"
    except (msgspec.ValidationError, UnicodeEncodeError) as error:
        return f"merchants: {error}"
    reading.merchants |= told
    return ""


def _head(path: Path) -> dict[Any, Any]:
    """What the object at the top says before its orders; nothing when the file does not begin with an object."""
    head: dict[Any, Any] = {}
    with path.open("rb") as file:
        text = JsonText(file, Reading())
        try:
            going = text.skip("{")
            while going:
                key = text.value()
                if not text.skip(":") or key == "orders" or not isinstance(key, str):
                    break
                head[key] = text.value()
                going = text.skip(",")
        except Broken:
            return head
    return head
