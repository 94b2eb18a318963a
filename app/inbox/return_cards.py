"""What the page of a return says of the conversations about it: as links, the newest first."""

from app import db
from app.i18n import Voice
from app.inbox import order_cards
from app.inbox.order_cards import OfOrder

OF_RETURN = """
SELECT code, subject, last_text, unread FROM threads WHERE customer = {}
AND (of_return = {} OR id IN (SELECT a.thread FROM thread_about a WHERE a.of_return = {})) ORDER BY last_at DESC LIMIT 5
"""


async def links(customer: int | None, of_return: int, voice: Voice) -> list[tuple[str, str]]:
    """Text and address of each."""
    found = await db.rows(OF_RETURN, customer, of_return, of_return)
    return order_cards.links([OfOrder(row["code"], row["subject"], row["last_text"], row["unread"]) for row in found], voice)
