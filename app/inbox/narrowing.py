"""What narrows a customer's list of conversations: its kinds and states as links, and a form for a seller and for days."""

from app import db
from app.i18n import _
from app.inbox.lists import Filter

SELLERS = """
SELECT m.slug, m.name FROM merchants m WHERE m.id IN (SELECT t.merchant FROM threads t WHERE t.customer = {})
ORDER BY m.name, m.id
"""


def choices(asked: Filter) -> list[tuple[str, str, bool]]:
    """Label, address, whether it is the one chosen. What the form says stays."""
    offered = {
        _("All"): {}, _("Unread"): {"unread": "yes"}, _("Orders"): {"kind": "order"}, _("Returns"): {"kind": "return"},
        _("Questions"): {"kind": "question"}, _("Notices"): {"kind": "notices"}, _("Archive"): {"archived": "yes"},
    }  # fmt: skip
    stays = {"q": asked.q, "seller": asked.seller, "since": asked.since, "until": asked.until}
    found = {label: Filter(**stays, **chosen) for label, chosen in offered.items()}
    return [(label, one.url(), one == asked) for label, one in found.items()]


async def sellers(customer: int) -> list[tuple[str, str]]:
    """Short name and name of those with whom they have a conversation."""
    return [(row["slug"], row["name"]) for row in await db.rows(SELLERS, customer)]
