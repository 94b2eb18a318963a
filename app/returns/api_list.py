"""A merchant's returns for its programs: in the order in which they last changed, so that one that changes meanwhile comes
again at the end and none is left out."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import Struct

from app import db
from app.errors import Invalid
from app.returns import bodies, standing_money, states
from app.returns.bodies import Returns

PAGE = 50
STAMP = "%Y%m%dT%H%M%S%f"
CURSOR = re.compile(r"(\d{8}T\d{12})-([1-9]\d{0,9})", re.ASCII)
YEARS = range(1970, 2201)
TURN = f"({standing_money.WAITING_ON})"
WAITING = ("seller", "buyer", "carrier", "nobody")
STATES = sorted({state for them in states.STATES.values() for state in them} - {"unconfirmed"})


class Filter(Struct, frozen=True):
    """Conditions behind `WHERE merchant = …`, with their arguments."""

    sql: str
    args: list[Any]


def asked_for(query: Mapping[str, Any]) -> Filter:
    """`kind`, `state`, `waiting`, `since`, `after`; empty is the same as not asked for. Raises Invalid by name."""
    wrong: dict[str, str] = {}
    parts: list[tuple[str, list[Any]]] = []
    for name, column, known in (("kind", "r.kind", states.KINDS), ("state", "r.state", STATES), ("waiting", TURN, WAITING)):
        if (said := query.get(name, "")) and said not in known:
            wrong[f"/{name}"] = f"expected one of {', '.join(known)}"
        elif said:
            parts.append((f"{column} = {{}}", [said]))
    if said := query.get("since", ""):
        parts.append(("r.changed_at >= {}", [_time(said)]))
        wrong |= {"/since": "expected a time with its zone, such as 2026-11-21T10:00:00Z"} if parts[-1][1] == [None] else {}
    if said := query.get("after", ""):
        parts.append(("(r.changed_at, r.id) > ({}, {})", _place(said)))
        wrong |= {} if parts[-1][1] else {"/after": "this is no place in a list"}
    if wrong:
        raise Invalid.at(wrong)
    return Filter("".join(f" AND {sql}" for sql, _args in parts), [arg for _sql, args in parts for arg in args])


async def page_of(merchant: int, wanted: Filter) -> Returns:
    found = await db.rows(
        f"{bodies.BRIEF} AND r.merchant = {{}}{wanted.sql} ORDER BY r.changed_at, r.id LIMIT {{}}",
        merchant, *wanted.args, PAGE + 1,
    )  # fmt: skip
    shown = found[:PAGE]
    more = _cursor(shown[-1]) if len(found) > PAGE else ""
    return Returns([bodies.read(row) for row in shown], more)


def _cursor(last: Mapping[str, Any]) -> str:
    return f"{last['changed_at'].astimezone(UTC):{STAMP}}-{last['number']}"


def _place(text: str) -> list[Any]:
    found = CURSOR.fullmatch(text)
    try:
        at = datetime.strptime(found[1], STAMP).replace(tzinfo=UTC) if found else None
    except ValueError:
        return []
    return [at, int(found[2])] if found and at and at.year in YEARS and int(found[2]) <= db.MOST_ID else []


def _time(text: str) -> datetime | None:
    try:
        at = msgspec.convert(text, datetime)
        return at.astimezone(UTC) if at.tzinfo and at.year in YEARS else None
    except (msgspec.ValidationError, OverflowError):
        return None
