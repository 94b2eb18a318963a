"""What support sees of an account at the shell: enough to tell a customer what is wrong, and nothing that opens anything."""

from datetime import datetime

from msgspec import Struct

from app import clock, db
from app.accounts import activity, activity_cards, customers, factor_resets, locking, passkeys, recovery_codes
from app.events.actions import data_of
from app.i18n import Voice

EVENTS = 20
ENGLISH = Voice("en")  # as all that the shell says


class Factor(Struct, frozen=True):
    """`kind`: passkey or authenticator. `blocked`: it was copied, and is refused."""

    kind: str
    name: str
    added_at: datetime
    used_at: datetime | None
    blocked: bool = False


class Reset(Struct, frozen=True):
    reason: str
    asked_at: datetime
    due_at: datetime


class Event(Struct, frozen=True):
    """`text` is what the customer reads in their activity, with the reason that the operator gave."""

    kind: str
    at: datetime
    text: str


class Account(Struct, frozen=True, kw_only=True):
    """`locked_by`: owner (“this wasn't me”) or operator, empty while it is open. `events`: the newest first."""

    id: int
    email: str
    name: str
    created_at: datetime
    locked_at: datetime | None
    locked_by: str
    operator: bool
    has_password: bool
    factors: list[Factor]
    recovery_codes_left: int
    reset: Reset | None
    sessions: int
    last_seen_at: datetime | None
    events: list[Event]


async def account(email: str) -> Account:
    """Raises Missing, Invalid(email=…)."""
    number = await customers.number_of(email)
    row = await db.one("SELECT * FROM customers WHERE id = {}", number)
    assert row is not None  # noqa: S101 - just found
    locked = row["locked_at"] is not None
    pending = await factor_resets.pending(number)
    many, last = await _sessions(number)
    return Account(
        id=number, email=row["email"], name=row["name"], created_at=row["created_at"], locked_at=row["locked_at"],
        locked_by=(row["locked_by"] or locking.OWNER) if locked else "", operator=bool(row["operator"]),
        has_password=bool(row["password_hash"]),
        factors=await _factors(number), recovery_codes_left=await recovery_codes.left(number),
        reset=Reset(pending["reason"], pending["asked_at"], pending["due_at"]) if pending else None,
        sessions=many, last_seen_at=last, events=await _events(number),
    )  # fmt: skip


async def _factors(customer: int) -> list[Factor]:
    apps = await db.rows("SELECT created_at, used_at FROM authenticators WHERE customer = {} AND confirmed", customer)
    return [
        *(
            Factor("passkey", row["name"], row["created_at"], row["used_at"], row["cloned_at"] is not None)
            for row in await passkeys.of(customer)
        ),
        *(Factor("authenticator", "", row["created_at"], row["used_at"]) for row in apps),
    ]


async def _sessions(customer: int) -> tuple[int, datetime | None]:
    open_ones = await db.rows("SELECT seen_at FROM sessions WHERE customer = {} AND expires_at > {}", customer, clock.now())
    return len(open_ones), max((row["seen_at"] for row in open_ones), default=None)


async def _events(customer: int) -> list[Event]:
    found, _before = await activity.page_of(customer, None)
    return [Event(one.kind, one.at, _text(one)) for one in found[:EVENTS]]


def _text(one: activity.Happened) -> str:
    entry = activity_cards.entry(one, ENGLISH)
    reason = activity_cards.text_of(data_of(one.data), "reason")
    return ", ".join(filter(None, (entry.text, entry.detail, entry.browser, entry.where, reason)))
