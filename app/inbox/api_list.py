"""A merchant's threads for its programs: in the order in which something was last said, so that one in which something is said
meanwhile comes again at the end. What was written at one moment may be kept at another, after something newer: whoever asks for
what was said since a time is shown the minute before it, too, so that none is left out."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from msgspec import Struct

from app import db, reading
from app.errors import Invalid
from app.inbox import api_bodies
from app.inbox.api_bodies import Threads
from app.inbox.lists import KINDS

PAGE = 50
LATE = timedelta(minutes=1)  # longer than it takes to keep a message
WAITING, STATES = ("seller", "buyer", "nobody"), ("open", "closed")
LIMITS = set(map(str, range(1, PAGE + 1)))
YEARS = range(1970, 2201)
CHOICES = {"kind": KINDS, "waiting": WAITING, "state": STATES}
MOST_SIGNS = 160  # of an order's id
CONDITIONS = {
    "kind": "t.kind = {}",
    "waiting": "t.waiting_on = {}",
    "order": 't."order" IN (SELECT o.id FROM orders o WHERE o.merchant = t.merchant AND o.external_id = {})',
}
CLOSED = {"open": "t.closed_at IS NULL", "closed": "t.closed_at IS NOT NULL"}


class Filter(Struct, frozen=True):
    """Conditions behind `WHERE merchant = …`, with their arguments."""

    sql: str
    args: list[Any]
    most: int = PAGE


def asked_for(query: Mapping[str, Any]) -> Filter:
    """`kind`, `waiting`, `state`, `order`, `since`, `after`, `limit`; empty is not asked for. Raises Invalid by name."""
    said = {name: query.get(name, "") for name in (*CHOICES, "order", "since", "after", "limit")}
    wrong = {f"/{name}": f"expected one of {', '.join(known)}" for name, known in CHOICES.items()
             if said[name] and said[name] not in known}  # fmt: skip
    since, place = _time(said["since"]), reading.read_cursor(said["after"])
    if said["since"] and since is None:
        wrong["/since"] = "expected a time with its zone, such as 2026-11-21T10:00:00Z"
    if said["after"] and not place:
        wrong["/after"] = "this is no place in a list"
    if "\0" in said["order"] or len(said["order"]) > MOST_SIGNS:
        wrong["/order"] = "this is no order's id"
    if said["limit"] and said["limit"] not in LIMITS:
        wrong["/limit"] = f"expected a number from 1 to {PAGE}"
    if wrong:
        raise Invalid.at(wrong)
    parts = [(sql, [said[name]]) for name, sql in CONDITIONS.items() if said[name]]
    parts += [(CLOSED[said["state"]], [])] if said["state"] else []
    parts += [("t.last_at >= {}", [since - LATE])] if since else []
    parts += [("(t.last_at, t.id) > ({}, {})", [*place])] if place else []
    return Filter(
        "".join(f" AND {sql}" for sql, _args in parts),
        [arg for _sql, args in parts for arg in args],
        int(said["limit"] or PAGE),
    )


async def page_of(merchant: int, wanted: Filter) -> Threads:
    sql = f"{api_bodies.BRIEF}{wanted.sql} ORDER BY t.last_at, t.id LIMIT {{}}"
    found = await db.rows(sql, merchant, *wanted.args, wanted.most + 1)
    shown = found[: wanted.most]
    more = reading.cursor(shown[-1]["last_at"], shown[-1]["id"]) if len(found) > wanted.most else ""
    return Threads([api_bodies.read(row) for row in shown], more)


def _time(text: str) -> datetime | None:
    try:
        at = msgspec.convert(text, datetime)
        return at.astimezone(UTC) if at.tzinfo and at.year in YEARS else None
    except (msgspec.ValidationError, OverflowError):
        return None
