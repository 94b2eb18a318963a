"""Suggesting a passkey at a good moment: for a day after somebody came in with a code or a password, at most once a month,
never to who has a second factor, and never again to who has said no. The ETag of their pages knows (`web/caching.py`)."""

from datetime import timedelta

from app import clock, db
from app.accounts.viewer import Viewer

SHOWN_FOR, NOT_AGAIN_FOR = timedelta(days=1), timedelta(days=30)


async def came_in(customer: int) -> None:
    """In the transaction of a sign-in."""
    at = clock.now()
    await db.execute(
        "UPDATE customers SET passkey_hint_until = {} WHERE id = {} AND NOT second_factor "
        "AND NOT passkey_declined AND (passkey_hint_until IS NULL OR passkey_hint_until < {})",
        at + SHOWN_FOR, customer, at - NOT_AGAIN_FOR,
    )  # fmt: skip


async def decline(viewer: Viewer) -> None:
    await db.execute(
        "UPDATE customers SET passkey_declined = {}, passkey_hint_until = NULL WHERE id = {}", True, viewer.id
    )  # fmt: skip
