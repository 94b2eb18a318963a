"""Why somebody writes about an order: chosen when a conversation begins, seen by the desk, counted in its report."""

from app.i18n import Voice

REASONS = ("delivery", "damaged", "wrong", "use", "invoice", "change", "other")


def words(voice: Voice) -> dict[str, str]:
    """By reason, in the order in which they are offered."""
    _ = voice.gettext
    said = (
        _("Delivery"), _("Damaged or not working"), _("Wrong or missing item"), _("How to use it"), _("Invoice or payment"),
        _("Change or cancel"), _("Something else"),
    )  # fmt: skip
    return dict(zip(REASONS, said, strict=True))
