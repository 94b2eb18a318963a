"""What a customer sees of their conversations has changed: their revision rises, and what is unread is counted anew."""

from app import db

COUNT = """
UPDATE customers SET revision = revision + 1, unread_threads = (
  SELECT count(*) FROM threads t WHERE t.customer = customers.id AND (t.unread > 0 OR t.marked) AND NOT t.muted
) WHERE id = {}
"""
NOTE = "UPDATE threads SET revision = (SELECT revision FROM customers WHERE id = {}) WHERE id IN"


async def changed(customer: int, *threads: int) -> None:
    """Of these threads of theirs (ids); in the caller's transaction, with their row locked."""
    await db.execute(COUNT, customer)
    await db.execute(f"{NOTE} ({db.marks(len(threads))})", customer, *threads)
