"""As what somebody works at a desk, and what each may: all that those before it may, and more.

An agent looks, asks customers back, receives, approves, and refunds what was promised. A manager also declines, takes a
refusal back, keeps something of a refund, takes items out of a withdrawal, approves many at once, gives more than was promised,
and writes the rules of returns.
An owner also says who works there, which programs have keys and are told, and what the brand is.
"""

from app.errors import Refused
from app.i18n import _

ROLES = ("agent", "manager", "owner")


def enough(role: str, least: str) -> bool:
    """Whether it may what `least` may."""
    return ROLES.index(role) >= ROLES.index(least)


def refusal(least: str) -> Refused:
    """For who works there as less than that (403)."""
    if least == "owner":
        text = _("Whoever wants to change that asks one of the owners.")
        return Refused(text, status=403, title=_("Only owners can do that"))
    text = _("Whoever wants to change that asks a manager or an owner.")
    return Refused(text, status=403, title=_("Only managers and owners can do that"))


def words() -> dict[str, str]:
    return {"agent": _("Agent"), "manager": _("Manager"), "owner": _("Owner")}
