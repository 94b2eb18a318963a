"""A merchant's people hear of a withdrawal by mail: it cannot wait until somebody looks at the desk, for its days run.

It goes to the owners of the shop; where nobody works at its desk, to the shop's own address; where there is none, to the
operators (see `shipments/missing.py`).
"""

import logging
from datetime import timedelta
from typing import Any

from app.i18n import Voice
from app.mail import letters
from app.returns import doubts
from app.returns.kept import Kept
from app.returns.receipts import instant
from app.settings import settings
from app.shipments import missing

A_SECOND = timedelta(seconds=1)  # a deadline is the instant at which its last day is over
log = logging.getLogger(__name__)


async def tell(it: Kept) -> None:
    """In the transaction that acknowledges it."""
    told, listeners = await missing.hears(it.it.merchant)
    if not told:
        log.error("somebody withdraws from a contract with %s, and nobody can be told: give it an owner", it.it.merchant_name)
    for email, phrase, voice in listeners:
        said = {
            "customer": it.it.name or it.it.email, "email": it.it.email, "merchant": it.it.merchant_name, "code": it.it.code,
            "facts": _facts(it, voice), "note": it.it.note.replace("\r\n", "\n"), "doubt": doubts.words(doubts.of(it), voice),
            "url": settings.base_url, "to": told,
            "link": f"{settings.base_url}/desk/{it.it.merchant_slug}/returns/{it.it.code}",
            "refund_by": voice.weekday(it.it.refund_by - A_SECOND) if it.it.refund_by else "",
        }  # fmt: skip
        await letters.write(email, "withdrawal_declared", voice, phrase=phrase, **said)


def _facts(it: Kept, voice: Voice) -> list[tuple[str, Any]]:
    _ = voice.gettext
    certain = doubts.of(it) != "unclear"
    items = ", ".join(f"{line.quantity} × {line.title}" for line in it.lines[:20]) if certain else ""
    found = [
        (_("Withdrawal"), it.it.code),
        (_("Order"), it.it.order_numbers),
        (_("What they wrote"), it.it.contract),
        (_("Items"), items),
        (_("Reached us"), instant(it.it.created_at, voice)),
        (_("Comes back to them"), voice.money(it.it.expected, it.it.currency) if it.it.expected and certain else ""),
    ]
    return [(label, text) for label, text in found if text]
