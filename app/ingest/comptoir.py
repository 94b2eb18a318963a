"""Our own export (export.py): the orders of one customer, taken in again here or in another house."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from app.ingest.export import FORMAT, VERSION
from app.ingest.json_records import Found, records
from app.ingest.json_text import Broken, JsonText
from app.ingest.reading import Reading
from app.ingest.snapshot import Amendment, OrderSnapshot, Rejected


def read(paths: list[Path], reading: Reading) -> Iterator[OrderSnapshot | Amendment | Rejected]:
    """The orders of each file, one in memory at a time. A file that is no export of ours is refused whole."""
    for path in paths:
        if fault := _fault(path):
            yield Rejected(reason=fault, file=path.name)
            continue
        for found in records(path, reading, ("orders",)):
            yield found if isinstance(found, Rejected) else _order(found, path.name)


def _order(found: Found, file: str) -> OrderSnapshot | Rejected:
    named = found.value.get("external_id") if isinstance(found.value, dict) else ""
    about: dict[str, Any] = {"file": file, "line": found.number, "external_id": named if isinstance(named, str) else ""}
    try:
        order = msgspec.convert(found.value, OrderSnapshot)
        msgspec.json.encode(order)  # half of a surrogate pair is no text
    except msgspec.ValidationError as error:
        return Rejected(reason=str(error), **about)
    except UnicodeEncodeError:
        return Rejected(reason="a text with half a character in it", **about)
    return order


def _fault(path: Path) -> str:
    """Why the file cannot be an export of ours that we read; its head comes before the orders."""
    head = _head(path)
    if head.get("format") != FORMAT:
        return f"this is not an export of Comptoir: it does not begin with “format”: “{FORMAT}”"
    if head.get("version") != VERSION:
        return f"the export says version {head.get('version', 'nothing')}; this Comptoir reads version {VERSION}"
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
