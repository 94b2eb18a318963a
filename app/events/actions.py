"""Recording what happened. Called inside the transaction of the change it tells of."""

from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Any

import msgspec

from app import clock, db

# `network` and `browser` of the person who is being answered; empty where there is none: the shell, a program.
asked_from: ContextVar[Mapping[str, str]] = ContextVar("asked_from", default={})  # noqa: B039 - never changed


async def record(
    kind: str, *, customer: int | None = None, merchant: int | None = None, order: int | None = None,
    at: datetime | None = None, **data: Any,
) -> None:  # fmt: skip
    """What concerns an account and no order says where it was done from."""
    if customer is not None and order is None:
        data = {**asked_from.get(), **data}
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


def data_of(text: str) -> dict[str, Any]:
    """What an event says beside its columns; nothing where that cannot be read."""
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return {}
    return found if isinstance(found, dict) else {}
