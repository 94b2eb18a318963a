"""What the page of a return says of the conversations about it, to its customer and at the desk: links, the newest first."""

from app import db
from app.i18n import Voice
from app.inbox import order_cards
from app.inbox.order_cards import OfOrder

OF_RETURN = """
SELECT code, subject, last_text, unread FROM threads WHERE customer = {}
AND (of_return = {} OR id IN (SELECT a.thread FROM thread_about a WHERE a.of_return = {})) ORDER BY last_at DESC LIMIT 5
"""
AT_DESK = """
SELECT code, subject, last_text, 0 AS unread FROM threads WHERE customer = {}
AND (of_return = {} OR id IN (SELECT a.thread FROM thread_about a WHERE a.of_return = {})) AND +merchant = {}
ORDER BY last_at DESC LIMIT 5
"""


async def at_desk(merchant: int, customer: int | None, of_return: int, desk_url: str, voice: Voice) -> list[tuple[str, str]]:
    """The same, of those that are that merchant's own."""
    found = await db.rows(AT_DESK, customer, of_return, of_return, merchant)
    rows = [OfOrder(row["code"], row["subject"], row["last_text"], row["unread"]) for row in found]
    return [(text, f"{desk_url}{url}") for text, url in order_cards.links(rows, voice)]


async def links(customer: int | None, of_return: int, voice: Voice) -> list[tuple[str, str]]:
    """Text and address of each."""
    found = await db.rows(OF_RETURN, customer, of_return, of_return)
    return order_cards.links([OfOrder(row["code"], row["subject"], row["last_text"], row["unread"]) for row in found], voice)
