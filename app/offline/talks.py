"""Which conversations a phone keeps: the newest that are not put away, each from its newest message on."""

from app import reading
from app.offline.revised import Revised

LIST = "/inbox"
MOST = 12
# Its own revision, and that of what it is about: how that stands is in its page.
REVISION = """(SELECT MAX(v) FROM (SELECT t.revision AS v UNION ALL SELECT o.revision FROM orders o WHERE o.id = t."order"
UNION ALL SELECT r.revision FROM returns r WHERE r.id = t.of_return) seen)"""
LISTED = "FROM threads t WHERE t.customer = {} AND t.archived = {} ORDER BY t.last_at DESC, t.id DESC LIMIT {}"


async def listed(customer: int) -> list[Revised]:
    found = await reading.texts(f"t.id, '{LIST}/' || t.code, {REVISION}", LISTED, customer, False, MOST)
    return [reading.decoder(Revised)(text) for text in found]
