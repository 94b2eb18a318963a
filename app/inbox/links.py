"""Addresses in what people write: links where the writer is trusted, else words like all others.

Only http and https, only what names a host and nobody before it (`https://bank.example@evil.example`), nothing with signs that
are not seen. A host that is not written in Latin letters alone is shown as computers write it (`xn--…`): letters of other
writings look the same (UTS 39, 5).
"""

import re
import unicodedata
from urllib.parse import urlsplit, urlunsplit

from msgspec import Struct

from app import db
from app.inbox import marking, texts
from app.inbox.kept import KeptThread
from app.inbox.texts import Pieces

ADDRESS = re.compile(r"https?://[^\s<>\"“”«»]+", re.IGNORECASE)
LAST = ".,;:!?…'’)]}*_"  # ends a sentence, not an address
LONGEST = 2_000
BOUGHT = "SELECT 1 AS n FROM orders WHERE customer = {} AND merchant = {} LIMIT 1"


class Run(Struct, frozen=True):
    """A stretch of a text, in pieces; `url` is empty where it is no link."""

    pieces: Pieces
    url: str = ""


async def trusted(it: KeptThread, reader: str) -> frozenset[str]:
    """Whose addresses are links to the `reader` (buyer or seller): their own, the shop's, and to a customer those of a seller
    of whom they have bought. What customers write is never one at a desk."""
    bought = reader == "buyer" and (it.order is not None or bool(await db.rows(BOUGHT, it.customer, it.merchant)))
    return frozenset((reader, "shop", *(("seller",) if bought or reader == "seller" else ()), "note"))


def runs(text: str, query: str = "", *, link: bool = False) -> list[Run]:
    """`query`: what was looked for is marked."""
    found, end = [], 0
    for one in ADDRESS.finditer(text) if link else ():
        written = one[0].rstrip(LAST)
        if (address := _address(written)) is None:
            continue
        found += [_plain(text[end : one.start()], query), Run(marking.marked(address[0], query), address[1])]
        end = one.start() + len(written)
    return [run for run in (*found, _plain(text[end:], query)) if run.pieces]


def _plain(text: str, query: str) -> Run:
    return Run(marking.marked(text, query))


def _address(written: str) -> tuple[str, str] | None:
    """As it is shown, and where it leads."""
    try:
        parts = urlsplit(written)
        host, port = parts.hostname or "", parts.port
        named = host.encode("idna").decode()
    except (ValueError, UnicodeError):
        return None
    whole = "." in named.strip(".") and "@" not in parts.netloc and len(written) <= LONGEST and texts.line(written) == written
    if not whole or any(unicodedata.category(sign) == "Cf" for sign in written):
        return None
    place = named if port is None else f"{named}:{port}"
    leads = urlunsplit((parts.scheme.lower(), place, parts.path, parts.query, parts.fragment))
    return (written if _latin(host) else leads), leads


def _latin(host: str) -> bool:
    return host.isascii() or all(unicodedata.name(sign, "").startswith("LATIN ") for sign in host if not sign.isascii())
