"""What the page of an order says of the conversations about it: as links, the newest first."""

from collections.abc import Sequence

from msgspec import Struct

from app.i18n import Voice
from app.reading import Part


class OfOrder(Struct, frozen=True, array_like=True):
    """Columns of `Thread`."""

    code: str
    subject: str
    last_text: str
    unread: int


# For `reading.together` with the order's id; of its own customer, should it have been another's.
PARTS = (
    Part(
        OfOrder,
        'FROM orders o JOIN threads t ON (t."order" = o.id '
        'OR t.id IN (SELECT a.thread FROM thread_about a WHERE a."order" = o.id)) '
        "AND +t.customer = o.customer WHERE o.id = {} ORDER BY t.last_at DESC LIMIT 5",
        "t.code, t.subject, t.last_text, t.unread",
    ),
)


def links(found: Sequence[OfOrder], voice: Voice) -> list[tuple[str, str]]:
    """Text and address of each."""
    return [(_named(it, voice), f"/inbox/{it.code}#newest") for it in found]


def _named(it: OfOrder, voice: Voice) -> str:
    text = it.subject or it.last_text
    unread = voice.ngettext("%(num)d unread", "%(num)d unread", it.unread) % {"num": it.unread} if it.unread else ""
    return f"{text} · {unread}" if unread else text
