"""How much somebody may write in a while: what a person does, and not what a machine does. Counted in the tables, with the
customer's row locked: it holds over all processes and restarts. A desk that writes to one customer is counted, too."""

from collections.abc import Sequence
from datetime import timedelta

from app import clock, db
from app.errors import Invalid
from app.i18n import _, ngettext

WITHIN = timedelta(minutes=10)
MOST_MESSAGES = 60  # of a customer, to everybody
MOST_TO_ONE = 120  # of a merchant's people and programs, to one customer
MOST_NEW = 30  # threads that one customer begins
SAID = """
SELECT m.at FROM messages m JOIN threads t ON t.id = m.thread
WHERE t.customer = {} AND t.last_at > {} AND m.at > {}
"""
OF_BUYER = f"{SAID} AND m.side = 'buyer' ORDER BY m.at DESC LIMIT {{}}"
OF_MERCHANT = f"{SAID} AND t.merchant = {{}} AND m.side IN ('seller', 'shop') ORDER BY m.at DESC LIMIT {{}}"
BEGUN = "SELECT created_at AS at FROM threads WHERE customer = {} AND created_at > {} ORDER BY created_at DESC LIMIT {}"


class TooMuch(Invalid):
    """At the field, with what was typed still there."""

    status = 429

    def __init__(self, wait: int, field: str) -> None:
        minutes = max(1, -(-wait // 60))
        said = ngettext("in %(num)d minute", "in %(num)d minutes", minutes) % {"num": minutes}
        words = _("That was a lot in a short time. Nothing is lost: send it %(when)s.") % {"when": said}
        super().__init__(words)
        self.fields = {field: words}
        self.retry_after = wait


async def writing(side: str, customer: int, merchant: int) -> None:
    """Raises TooMuch. Notes, and what the system says, are nobody's haste."""
    since = clock.now() - WITHIN
    if side == "buyer":
        _leave(await db.rows(OF_BUYER, customer, since, since, MOST_MESSAGES), MOST_MESSAGES)
    elif side == "seller":
        _leave(await db.rows(OF_MERCHANT, customer, since, since, merchant, MOST_TO_ONE), MOST_TO_ONE)


async def beginning(customer: int) -> None:
    """Raises TooMuch."""
    _leave(await db.rows(BEGUN, customer, clock.now() - WITHIN, MOST_NEW), MOST_NEW)


def _leave(rows: Sequence[db.Row], most: int) -> None:
    """`rows`: the newest first."""
    if len(rows) >= most:
        wait = int((rows[-1]["at"] + WITHIN - clock.now()).total_seconds()) + 1
        raise TooMuch(max(1, wait), "text")
