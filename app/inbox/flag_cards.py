"""Reported messages as the desk that decides of them reads them: every text made once."""

from collections.abc import Sequence

from msgspec import Struct

from app import db
from app.i18n import Voice
from app.inbox import cards, flagging, texts
from app.inbox.flag_queue import Flagged
from app.inbox.kept import KeptThread


class Row(Struct, frozen=True):
    """`state`: what was decided, in words; empty before. `tone` is of that."""

    id: int
    who: str
    heading: str
    gist: str
    small_print: str
    state: str
    tone: str
    decided: bool
    waits: bool


def row(it: Flagged, voice: Voice) -> Row:
    count = voice.ngettext("%(num)d report", "%(num)d reports", it.reports) % {"num": it.reports}
    when = voice.near_day(it.at)
    state = verdicts(voice).get(it.did, "") if not it.waiting else ""
    return Row(
        it.id, who(it, voice), it.subject or cards.titles(it.titles, voice), texts.gist(it.text) or "…",
        " · ".join((it.merchant_name, count, when)), state, "bad" if it.did in ("withdraw", "block") else "plain",
        bool(it.did), it.waiting > 0,
    )  # fmt: skip


def who(it: Flagged, voice: Voice) -> str:
    """Who wrote it, and for which side."""
    if it.side == "buyer":
        return voice.gettext("%(name)s, customer") % {"name": cards.called(it.name, voice)}
    name, shop = texts.line(it.name), it.merchant_name
    return voice.gettext("%(name)s, %(shop)s") % {"name": name, "shop": shop} if name and name != shop else shop


def verdicts(voice: Voice) -> dict[str, str]:
    """What was decided, in a word or two."""
    _ = voice.gettext
    return {"leave": _("Nothing wrong"), "warn": _("Warned"), "withdraw": _("Hidden"), "block": _("Hidden, its writer blocked")}


def choices(it: Flagged, voice: Voice) -> list[tuple[str, str, str]]:
    """Name, label, and what follows from it."""
    _ = voice.gettext
    stopped = (
        _("The customer cannot write to this seller any more; returns and claims stay open to them.")
        if it.side == "buyer"
        else _("The seller’s people cannot write to this customer any more; the order goes on.")
    )
    found = [
        ("leave", _("Nothing wrong with it"), _("It stands as it is. Only who reported it is told.")),
        ("warn", _("Warn who wrote it"), _("It stands; they are told that it was wrong, and why.")),
        ("withdraw", _("Hide it"), _("Nobody reads its words any more; in their place stands why.")),
        ("block", _("Hide it, and block who wrote it"), stopped),
    ]
    return found[:-1] if it.side == "shop" else found


def facts(it: Flagged, thread: KeptThread, voice: Voice) -> list[tuple[str, str]]:
    """Label and text of each."""
    _, made = voice.gettext, flagging.reasons(voice)
    decided = verdicts(voice).get(it.did, "")
    found = [
        (_("Written by"), who(it, voice)), (_("Seller"), it.merchant_name),
        (_("Customer"), cards.called(thread.customer_name, voice)), (_("About"), cards.heading(thread, voice)),
        (_("Order"), thread.order_number), (_("Decided"), decided), (_("Why"), made.get(it.why, "") if decided else ""),
        (_("Decided on"), voice.moment(it.decided_at) if it.decided_at else ""),
    ]  # fmt: skip
    return [(label, text) for label, text in found if text]


def reports(rows: Sequence[db.Row], voice: Voice) -> list[tuple[str, str, str, str]]:
    """By which side, why, in which words, when."""
    sides = {"buyer": voice.gettext("The customer"), "seller": voice.gettext("The seller’s desk")}
    made = flagging.reasons(voice)
    return [(sides[row["side"]], made.get(row["why"], ""), row["text"], voice.day(row["at"])) for row in rows]
