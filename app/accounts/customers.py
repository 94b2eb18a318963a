"""Customers as other features need them: found or made by e-mail, and told that something of theirs changed.

Shops go on naming a customer by the address that they had before: for a year after a change, orders for it still come to
them, unless somebody else has it by then.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import timedelta
from functools import lru_cache
from typing import Any

from app import clock, db
from app.accounts import email_address
from app.errors import Missing, Refused
from app.i18n import Voice, _, supported, voice

NOBODY: Mapping[str, str] = {}
FOLLOWED_FOR = timedelta(days=365)

AT_THE_DOOR = """
SELECT id, locale, time_zone, password_hash, second_factor, locked_at, locked_by, phrase FROM customers WHERE
"""

# Whose address it was until it was changed; the newest change last.
FORMER = """
SELECT old_email, customer FROM email_changes
WHERE old_email IN ({emails}) AND confirmed_at > {{}} AND undone_at IS NULL ORDER BY confirmed_at, id
"""


@lru_cache(4096)
def normal(email: str) -> str:
    """As sign-in writes it too; raises Invalid for what is no address."""
    return email_address.normal(email)


async def ensure(
    people: Mapping[str, str], locales: Mapping[str, str] = NOBODY, also: Collection[int] = ()
) -> dict[str, db.Row]:
    """Normal e-mail → row (id, revision, order_years, order_merchants, time_zone) for each e-mail → name, and for the ids in
    `also`; makes those missing, with the locale their shop knows them by.

    The rows are locked until the transaction ends (on SQLite the writer is alone anyway), all at once and in one order,
    before any order is touched: no dead lock.
    """
    found = await _locked(sorted(people), sorted(also))
    found |= await _former(sorted(people.keys() - found.keys()), found)
    missing = sorted(people.keys() - found.keys())
    for email in missing:
        await _make(email, people[email][:200], supported(locales.get(email, "")))
    return found | await _locked(missing)


async def with_address(email: str) -> db.Row:
    """`id, email, locale, time_zone, phrase` of who has this very address, made when nobody has: whose it once was is not
    told to whoever names it. The row is locked until the transaction ends."""
    found = await _make(email, otherwise="UPDATE SET email = excluded.email")
    return found[0]


def voice_of(customer: Mapping[str, Any]) -> Voice:
    """For a mail to them: the account's language, else the one the request was made in. A row with `locale`, `time_zone`."""
    return Voice(supported(customer["locale"]) or voice().locale, customer["time_zone"])


async def move(customer: int, email: str) -> bool:
    """Gives somebody another address, in the caller's transaction; False when another account has it.

    Their own row is locked first, then the address taken by a row that is at once removed again: whoever makes an account
    with it at this moment is waited for, or waits (the rule of `ensure`: rows before addresses).
    """
    await lock(customer)
    own = await db.one("SELECT email FROM customers WHERE id = {}", customer)
    if own is None or own["email"] == email:
        return own is not None
    placed = await _make(email)
    if not placed:
        return False
    await db.execute("DELETE FROM customers WHERE id = {}", placed[0]["id"])
    await db.execute("UPDATE customers SET email = {}, revision = revision + 1 WHERE id = {}", email, customer)
    return True


async def _make(email: str, name: str = "", locale: str = "", *, otherwise: str = "NOTHING") -> Sequence[db.Row]:
    """`otherwise`: what to do when there is one with this address; after NOTHING there are no rows."""
    return await db.execute(
        "INSERT INTO customers (email, name, locale, time_zone, password_hash, revision, order_years, "  # noqa: S608
        f"order_merchants, created_at) VALUES ({{}}, {{}}, {{}}, '', '', 1, '', '', {{}}) ON CONFLICT (email) DO {otherwise} "
        "RETURNING id, email, locale, time_zone, phrase",
        email, name, locale, clock.now(),
    )  # fmt: skip


async def number_of(email: str) -> int:
    """For the shell, which names people by address. Raises Missing, Invalid(email=…)."""
    found = await db.one("SELECT id FROM customers WHERE email = {}", normal(email))
    if found is None:
        raise Missing
    number: int = found["id"]
    return number


async def at_the_door(column: str, value: str | int) -> db.Row | None:
    """What a first factor is compared with."""
    return await db.one(f"{AT_THE_DOOR} {column} = {{}}", value)


async def still_as(seen: Mapping[str, Any]) -> None:
    """In the transaction that lets them in: locks their row; raises Refused (409) when what lets in has changed since."""
    await lock(seen["id"])
    now = await at_the_door("id", seen["id"])
    if now is None or any(now[name] != seen[name] for name in ("password_hash", "second_factor", "locked_at")):
        raise Refused(_("Something about your account has changed meanwhile. Sign in again."))


async def lock(customer_id: int, *, wait: bool = True) -> None:
    """Before a change of one of their orders, and of what lets them in: whoever changes these waits for each other.

    `wait=False`, where somebody who comes after them in the order is locked already: raises Refused (503) when another has
    their row, who may be waiting for that one.
    """
    found = await db.rows(f"SELECT id FROM customers WHERE id = {{}}{db.FOR_UPDATE if wait else db.IF_FREE}", customer_id)  # noqa: S608
    if not (wait or found):
        raise Refused("Somebody else is changing this right now. Send it again", status=503, retry_after=1)


async def _former(emails: Sequence[str], known: Mapping[str, db.Row]) -> dict[str, db.Row]:
    """Old address → row of whom it belonged to. `_locked` has found them, but for a change made at this very moment."""
    if not emails:
        return {}
    changes = await db.scan(FORMER.format(emails=db.marks(len(emails))), *emails, clock.now() - FOLLOWED_FOR)
    rows = {row["id"]: row for row in known.values()}
    late = await _locked((), sorted({change["customer"] for change in changes} - rows.keys()))
    rows |= {row["id"]: row for row in late.values()}
    return {change["old_email"]: rows[change["customer"]] for change in changes}


async def _locked(emails: Sequence[str], ids: Sequence[int] = ()) -> dict[str, db.Row]:
    if not emails and not ids:
        return {}
    wanted = [f"{column} IN ({db.marks(len(values))})" for column, values in (("email", emails), ("id", ids)) if values]
    if emails:
        wanted.append(f"id IN (SELECT customer FROM email_changes WHERE old_email IN ({db.marks(len(emails))}))")  # noqa: S608
    rows = await db.scan(
        f"SELECT id, email, revision, order_years, order_merchants, time_zone FROM customers WHERE {' OR '.join(wanted)} "  # noqa: S608
        f"ORDER BY id{db.FOR_UPDATE}",
        *emails, *ids, *emails,
    )  # fmt: skip
    return {row["email"]: row for row in rows}


async def orders_changed(customer: Mapping[str, Any], years: Iterable[int], merchants: Iterable[int]) -> None:
    """Raises the revision and widens the filters that the order list offers."""
    known_years = {int(year) for year in customer["order_years"].split()} | set(years)
    known_merchants = {int(merchant) for merchant in customer["order_merchants"].split()} | set(merchants)
    await db.execute(
        "UPDATE customers SET revision = revision + 1, order_years = {}, order_merchants = {} WHERE id = {}",
        " ".join(map(str, sorted(known_years, reverse=True))), " ".join(map(str, sorted(known_merchants))), customer["id"],
    )  # fmt: skip


async def raise_revision(customer_id: int) -> None:
    await db.execute("UPDATE customers SET revision = revision + 1 WHERE id = {}", customer_id)
