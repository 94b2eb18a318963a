"""Words for what is agreed to be cancelled before it was sent, while its source still says that it is being prepared."""

from app.i18n import _

UNSENT = ("preparing", "needs_you")


def whole() -> tuple[str, str, str]:
    """Headline, detail and tag."""
    return _("Being cancelled"), _("The seller has agreed to it: nothing is sent"), _("Being cancelled")


def preparing(payment: str, cancelling: str) -> str:
    """Behind “Being prepared”."""
    reserved = _("The payment is reserved, not taken yet") if payment == "authorised" else ""
    return " · ".join(text for text in (reserved, _("Some of it is being cancelled") if cancelling else "") if text)
