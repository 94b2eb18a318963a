"""A return of every tenth order, in every state that there is, loaded past the verbs; and the pages that show them."""

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import msgspec

from app import clock
from app.returns import moving, states
from tests.benchmarks.copies import Copies

CLERK = 400  # the customer who works at the first shop's desk
EVERY = 10
AWAITED = timedelta(days=3)
KINDS = ("return", "return", "return", "withdrawal", "claim", "cancellation")
COLUMNS = (
    "id", "code", "kind", "state", "customer", "merchant", "order", "currency", "expected", "refunded", "item_count", "titles",
    "pictures", "order_numbers", "waiting_on", "due_at", "created_at", "changed_at", "revision", "name", "email", "grounds",
    "address", "search_text",
)  # fmt: skip
LINES = ("id", "of_return", "position", "order", "line", "title", "quantity", "held", "expected", "reason", "wish")
Rows = list[tuple[Any, ...]]


class Returned:
    """Rows to be loaded and cleared; `codes` by customer, `desk` those of the first shop that its people have to decide."""

    def __init__(self, chance: random.Random, shop: int) -> None:
        self.chance, self.shop, self.last = chance, shop, 0
        self.heads: Rows = []
        self.lines: Rows = []
        self.codes: dict[int, list[str]] = {}
        self.desk: list[str] = []
        self.form: dict[str, int] = {}  # by an order's address, its first line

    def add(self, copies: Copies, customer: int, merchant: int, placed: datetime, address: str) -> None:
        """Of the order that was copied last, its last line."""
        order, line = copies.last["orders"], copies.last["order_lines"]
        self.form[address] = line
        if order % EVERY:
            return
        self.last += 1
        kind = self.chance.choice(KINDS)
        state = self.chance.choice(sorted(states.STATES[kind] - {"unconfirmed"}))
        # Most of a shop's past is over: one in ten is in whatever state.
        state = state if self.chance.random() < 0.1 else "closed" if "closed" in states.STATES[kind] else state
        code, waiting = f"R-{self.last:08}", moving.waiting_on(kind, state)
        due = clock.now() + AWAITED * self.chance.random() if waiting == "seller" else None
        self.heads.append((
            self.last, code, kind, state, customer, merchant, order, "EUR", 4_800, 0, 1, "Teapot “Brume”", "[]", address,
            waiting, due, placed, placed, 1, "Camille Morel", f"customer-{customer}@bench.example", _grounds(order), "null",
            f"{address.lower()} camille morel teapot brume",
        ))  # fmt: skip
        self.lines.append((self.last, self.last, 0, order, line, "Teapot “Brume”", 1, 0, 4_800, "changed_mind", "refund"))
        self.codes.setdefault(customer, []).append(code)
        if merchant == self.shop and waiting == "seller":
            self.desk.append(code)

    async def load(self, loading: Any) -> None:
        for table, columns, rows in (("returns", COLUMNS, self.heads), ("return_lines", LINES, self.lines)):
            await loading.load(table, columns, rows)
            rows.clear()


def _grounds(order: int) -> str:
    amounts = dict.fromkeys(("tax", "shipping", "fees", "restocking", "return_fee", "credit", "bonus"), 0)
    promise = {"order": order, "items": 4_800, "total": 4_800, **amounts}
    return msgspec.json.encode({"promises": [promise], "rights": []}).decode()


async def clerk(loading: Any, shop: int) -> None:
    """At the shop's desk, so that `session` lets them in."""
    await loading.load(
        "members", ("id", "merchant", "customer", "role", "created_at"), [(1, shop, CLERK, "owner", clock.now())]
    )


def session(number: int, customer: int, token_hash: str) -> Sequence[Any]:
    """A row of the columns that `SESSION` names: proved, with a second factor."""
    at = clock.now()
    return (number, customer, token_hash, "bench", at, at, at + timedelta(days=90), at, at, at)


SESSION = (
    "id", "customer", "token_hash", "user_agent", "created_at", "seen_at", "expires_at", "proved_at", "factor_at",
    "desk_seen_at",
)  # fmt: skip
