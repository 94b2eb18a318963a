"""Two at a desk who answer the same thread: the second is shown what the first has sent, before theirs goes out."""

from app import db
from app.errors import Refused
from app.i18n import _
from app.inbox.kept import KeptThread

NEWEST = """
SELECT name FROM messages WHERE thread = {} AND id > {} AND side IN ('seller', 'shop') AND (author IS NULL OR author <> {})
ORDER BY id DESC LIMIT 1
"""


class Answered(Refused):
    """By a colleague, since somebody opened the thread."""


async def unanswered(it: KeptThread, since: int, author: int | None) -> None:
    """Raises Answered (409)."""
    row = await db.one(NEWEST, it.id, since, author or 0)
    if row is not None:
        said = _("%(name)s has answered since you opened this. Read it above; what you typed is still here, and not sent.")
        raise Answered(said % {"name": row["name"] or it.merchant_name})
