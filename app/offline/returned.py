"""Which returns a phone keeps: those on the first page of their list, each as its page is."""

from app import reading
from app.offline.revised import Revised
from app.returns.lists import FIRST, PAGE

LIST = "/returns"
# Its own revision, and its orders': a refund moves without it, and so does what ships in exchange.
REVISION = """(SELECT MAX(v) FROM (SELECT r.revision AS v UNION ALL SELECT o.revision FROM orders o
WHERE o.id IN (SELECT l."order" FROM return_lines l WHERE l.of_return = r.id) OR o.id = r.exchange) seen)"""
LISTED = f"FROM returns r WHERE r.customer = {{}} AND r.state <> 'unconfirmed' ORDER BY {FIRST} LIMIT {{}}"


async def listed(customer: int) -> list[Revised]:
    found = await reading.texts(f"r.id, '{LIST}/' || r.code, {REVISION}", LISTED, customer, PAGE)
    return [reading.decoder(Revised)(text) for text in found]
