"""Recording what happened. Called inside the transaction of the change it tells of."""

from datetime import datetime
from typing import Any

import msgspec

from app import clock, db


async def record(
    kind: str, *, customer: int | None = None, merchant: int | None = None, order: int | None = None,
    at: datetime | None = None, **data: Any,
) -> None:  # fmt: skip
    await record_all([row(kind, customer=customer, merchant=merchant, order=order, at=at, **data)])


async def record_all(rows: list[dict[str, Any]]) -> None:
    await db.insert("events", rows)


def row(
    kind: str, *, customer: int | None = None, merchant: int | None = None, order: int | None = None,
    at: datetime | None = None, history: bool = False, **data: Any,
) -> dict[str, Any]:  # fmt: skip
    """One event for `record_all`. News that is told long after it happened keeps both times; `history` notifies nobody."""
    heard = clock.now()
    return {
        "kind": kind, "customer": customer, "merchant": merchant, "order": order, "at": at or heard,
        "recorded_at": heard, "noticed_at": heard if history else None, "data": msgspec.json.encode(data).decode(),
    }  # fmt: skip
