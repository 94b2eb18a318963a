"""From one e-mail address to another: a link mailed to the new one, good for a day and for one change, which the old one can
take back for a week (see `alarms.py`).

Changes may follow each other (A → B → C). Whoever takes one back from its old address takes back those after it too: from
A's mailbox the account always comes back to A, whatever was done with it in between.
"""

from datetime import UTC, datetime, timedelta

from msgspec import Struct

from app import clock, db
from app.accounts import customers, phone_codes
from app.events.actions import record
from app.tokens import hash_token, new_token

LIFETIME = timedelta(hours=24)
OPEN = "confirmed_at IS NULL"
NOWHERE = "taken-back.invalid"
SELECT = "SELECT id, customer, old_email, new_email, expires_at, confirmed_at FROM email_changes WHERE"


class Change(Struct, frozen=True):
    """`done`: it was confirmed already."""

    id: int
    customer: int
    old_email: str
    new_email: str
    expires_at: datetime
    done: bool = False


async def begin(customer: int, old: str, new: str) -> str:
    """The token for the link; the change asked for before it is forgotten, so that one at most is open."""
    token, at = new_token(), clock.now()
    await db.execute(f"DELETE FROM email_changes WHERE {OPEN} AND (customer = {{}} OR expires_at <= {{}})", customer, at)  # noqa: S608
    row = {
        "customer": customer, "old_email": old, "new_email": new, "token_hash": hash_token(token), "created_at": at,
        "expires_at": at + LIFETIME,
    }  # fmt: skip
    await db.insert("email_changes", [row])
    return token


async def made(customer: int, old: str, new: str) -> Change:
    """One that nobody has to confirm: the operator has made it."""
    at = clock.now()
    await drop(customer)
    row = {
        "customer": customer, "old_email": old, "new_email": new, "token_hash": hash_token(new_token()), "created_at": at,
        "expires_at": at, "confirmed_at": at,
    }  # fmt: skip
    number = (await db.insert("email_changes", [row], "id"))[0]["id"]
    return Change(number, customer, old, new, at, done=True)


async def open_for(customer: int) -> Change | None:
    """What waits to be confirmed."""
    return _read(await db.one(f"{SELECT} customer = {{}} AND {OPEN} AND expires_at > {{}}", customer, clock.now()))


async def find(token: str) -> Change | None:
    """None when it is not ours, too old, cancelled or taken back. Looking does not use it up."""
    return _read(
        await db.one(
            f"{SELECT} token_hash = {{}} AND undone_at IS NULL AND (expires_at > {{}} OR NOT {OPEN})",
            hash_token(token), clock.now(),
        )
    )  # fmt: skip


async def spend(token: str) -> Change | None:
    """Once: of two who confirm at the same moment, one does."""
    at = clock.now()
    found = await db.execute(
        f"UPDATE email_changes SET confirmed_at = {{}} WHERE token_hash = {{}} AND {OPEN} AND expires_at > {{}} "  # noqa: S608
        "RETURNING id, customer, old_email, new_email, expires_at, confirmed_at",
        at, hash_token(token), at,
    )  # fmt: skip
    return _read(found[0]) if found else None


async def drop(customer: int) -> bool:
    """Whether one was open."""
    gone = await db.execute(f"DELETE FROM email_changes WHERE {OPEN} AND customer = {{}} RETURNING id", customer)  # noqa: S608
    return bool(gone)


async def take_back(customer: int, change: int) -> str:
    """The address that the account leaves; empty when that change is taken back already. In a transaction.

    Whoever had the account since may have added ways in of their own: those made after the change go with it. Should the
    old address belong to another account by now, this one is left with an address at which nobody can ask for a code
    (RFC 2606): the operator may give it another one, the one who took the account over never gets it back.
    """
    first = await db.one(
        "SELECT old_email, confirmed_at FROM email_changes WHERE id = {} AND customer = {} AND confirmed_at IS NOT NULL "
        "AND undone_at IS NULL", change, customer,
    )  # fmt: skip
    if first is None:
        return ""
    since = first["confirmed_at"]
    await customers.lock(customer)
    left = await db.one("SELECT email FROM customers WHERE id = {}", customer)
    await db.execute(
        "UPDATE email_changes SET undone_at = {} WHERE customer = {} AND undone_at IS NULL "
        "AND (confirmed_at > {} OR id = {})", clock.now(), customer, since, change,
    )  # fmt: skip
    free = await customers.move(customer, first["old_email"])
    if not free:
        await customers.move(customer, f"account-{customer}@{NOWHERE}")
    await _without_what_was_added(customer, since)
    await record("email_change_undone", customer=customer, change=change, restored=free)
    return str(left["email"]) if left else ""


async def overruled(customer: int, at: int, change: int = 0) -> bool:
    """Whether a mail sent at that second (Unix time) went to an address from which the account was taken back since.

    `change`: the mail is the one that told of it, which the change itself does not overrule.
    """
    second = datetime.fromtimestamp(at, UTC)
    later = second + timedelta(seconds=1)
    found = await db.one(
        "SELECT 1 AS one FROM email_changes WHERE customer = {} AND undone_at >= {} AND id <> {} AND (confirmed_at < {} "
        "OR confirmed_at < (SELECT confirmed_at FROM email_changes WHERE id = {} AND customer = {})) LIMIT 1",
        customer, later, change, second, change, customer,
    )  # fmt: skip
    return found is not None


async def moved_since(customer: int, at: int) -> bool:
    """Whether the account has left the address to which a mail was sent at that second."""
    found = await db.one(
        "SELECT 1 AS one FROM email_changes WHERE customer = {} AND confirmed_at >= {} AND undone_at IS NULL LIMIT 1",
        customer, datetime.fromtimestamp(at, UTC) + timedelta(seconds=1),
    )  # fmt: skip
    return found is not None


async def _without_what_was_added(customer: int, since: datetime) -> None:
    for table in ("passkeys", "authenticators", "recovery_codes"):
        await db.execute(f"DELETE FROM {table} WHERE customer = {{}} AND created_at >= {{}}", customer, since)  # noqa: S608
    await phone_codes.forget(customer)
    await db.execute(
        "UPDATE customers SET phone = '', phone_confirmed_at = NULL WHERE id = {} AND phone_confirmed_at >= {}", customer, since
    )


def _read(row: db.Row | None) -> Change | None:
    if row is None:
        return None
    done = row["confirmed_at"] is not None
    return Change(row["id"], row["customer"], row["old_email"], row["new_email"], row["expires_at"], done)
