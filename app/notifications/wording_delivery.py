"""The words for news of the delivery, which comes back with all of an order. See `wording_returns.py`."""

from app.i18n import Voice


def words(voice: Voice) -> dict[str, tuple[str, str, str]]:
    """Title, body and action by the kind of event."""
    _ = voice.gettext
    added = (_("The delivery comes back too: %(what)s"), _("Now everything of the order goes back."))
    kept = (_("The delivery does not come back: %(what)s"), _("Not all of the order goes back any more."))
    see = {
        "return": _("See the return"), "claim": _("See the claim"), "cancellation": _("See the cancellation"),
        "withdrawal": _("See the withdrawal"),
    }  # fmt: skip
    found = {f"{kind}_delivery_added": (*added, text) for kind, text in see.items()}
    return found | {f"{kind}_delivery_kept": (*kept, text) for kind, text in see.items()}
