"""What narrows a customer's list of conversations: its kinds and states as links, and a form for a seller and for days."""

from app import db
from app.i18n import _, voice
from app.inbox.lists import Filter

SELLERS = """
SELECT m.slug, m.name FROM merchants m WHERE m.id IN (SELECT t.merchant FROM threads t WHERE t.customer = {})
ORDER BY m.name, m.id
"""


def choices(asked: Filter) -> list[tuple[str, str, bool]]:
    """Label, address, whether it is the one chosen. What the form says stays."""
    said = voice()
    unread, archive = said.pgettext("conversations", "Unread"), said.pgettext("conversations", "Archive")
    offered = {
        _("All"): {}, unread: {"unread": "yes"}, _("Orders"): {"kind": "order"}, _("Returns"): {"kind": "return"},
        _("Questions"): {"kind": "question"}, _("Notices"): {"kind": "notices"}, archive: {"archived": "yes"},
    }  # fmt: skip
    stays = {"q": asked.q, "seller": asked.seller, "since": asked.since, "until": asked.until, "first": asked.first}
    found = {label: Filter(**stays, **chosen) for label, chosen in offered.items()}
    return [(label, one.url(), one == asked) for label, one in found.items()]


async def sellers(customer: int) -> list[tuple[str, str]]:
    """Short name and name of those with whom they have a conversation."""
    return [(row["slug"], row["name"]) for row in await db.rows(SELLERS, customer)]


def nothing(asked: Filter) -> str:
    """What is said in place of a list that holds nothing."""
    if asked.q:
        return _("No conversation matches your search.")
    if asked.archived:
        return _("What you archive is kept here.")
    if asked.kind == "notices":
        return _("News of your account, of terms and of offers that you asked for appears here.")
    return _("You have read everything.") if asked.unread else _("No conversation is of this kind yet.")
