"""What stands against a withdrawal that was acknowledged all the same: that it reached us is never in doubt, and nobody
declines it. The merchant's people see it, and say what follows from it.
"""

from typing import Literal

import msgspec

from app.i18n import Voice
from app.returns.kept import Kept

# `unknown`: no order of whoever owns the address fits the words. `late`: of that order nothing could be withdrawn any more, or
# ever. `unclear`: which of its items are meant, only the words say.
Doubt = Literal["", "unknown", "late", "unclear"]


def of(it: Kept) -> Doubt:
    return in_(it.it.grounds)


def in_(grounds: str) -> Doubt:
    """As a return's row has them."""
    found = msgspec.json.decode(grounds).get("doubt", "")
    return found if found in ("unknown", "late", "unclear") else ""


def words(doubt: str, voice: Voice) -> str:
    """For the merchant's people; empty where there is none."""
    _ = voice.gettext
    return {
        "unknown": _("No order of this address fits what was written: find it by hand."),
        "late": _("After the period, or for goods that cannot be withdrawn: see each item."),
        "unclear": _("Which of the items are meant, only the customer's words say."),
    }.get(doubt, "")
