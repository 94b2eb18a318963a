"""What the list of conversations offers to choose from, and what it says where it holds nothing."""

from app.i18n import _, voice
from app.inbox import lists


def choices(asked: lists.Filter) -> list[tuple[str, str, bool]]:
    """Label, address, whether it is the one chosen."""
    said = voice()
    unread, archive = said.pgettext("conversations", "Unread"), said.pgettext("conversations", "Archive")
    offered = {
        _("All"): {}, unread: {"unread": "yes"}, _("Orders"): {"kind": "order"}, _("Returns"): {"kind": "return"},
        _("Questions"): {"kind": "question"}, _("Notices"): {"kind": "notices"}, archive: {"archived": "yes"},
    }  # fmt: skip
    found = {label: lists.Filter(q=asked.q, first=asked.first, **chosen) for label, chosen in offered.items()}
    return [(label, one.url(), one == asked) for label, one in found.items()]


def nothing(asked: lists.Filter) -> str:
    """What is said in place of a list that holds nothing."""
    if asked.q:
        return _("No conversation matches your search.")
    if asked.archived:
        return _("What you archive is kept here.")
    if asked.kind == "notices":
        return _("News of your account, of terms and of offers that you asked for appears here.")
    return _("You have read everything.") if asked.unread else _("No conversation is of this kind yet.")
