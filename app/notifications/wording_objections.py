"""The words for news of an objection to less than was promised, and of what came of it."""

from app.i18n import Voice


def words(voice: Voice) -> dict[str, tuple[str, str, str]]:
    """Title, body and action by the kind of event."""
    _ = voice.gettext
    stands, more = _("No more is paid back: %(what)s"), _("More is paid back: %(what)s")
    again, see = _("The seller has looked at it again after your objection."), _("See the withdrawal")
    pages = {"return": _("See the return"), "claim": _("See the claim"), "cancellation": _("See the cancellation")}
    found = {"withdrawal_contested": (_("Objected: %(what)s"), _("The seller looks at it again."), see)}
    for kind, page in {**pages, "withdrawal": see}.items():
        found |= {f"{kind}_stood": (stands, again, page), f"{kind}_rest_refunded": (more, again, page)}
    return found
