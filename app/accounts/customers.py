"""Customers as other features need them: found or made by e-mail, and told that something of theirs changed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from app import clock, db
from app.accounts import email_address
from app.i18n import Voice, supported, voice

NOBODY: Mapping[str, str] = {}


@lru_cache(4096)
def normal(email: str) -> str:
    """As sign-in writes it too; raises Invalid for what is no address."""
    return email_address.normal(email)


async def ensure(
    people: Mapping[str, str], locales: Mapping[str, str] = NOBODY, also: Collection[int] = ()
) -> dict[str, db.Row]:
    """Normal e-mail → row (id, order_years, order_merchants, time_zone) for each e-mail → name, and for the ids in `also`;
    makes those missing, with the locale their shop knows them by.

    The rows are locked until the transaction ends (on SQLite the writer is alone anyway), all at once and in one order,
    before any order is touched: no dead lock.
    """
    found = await _locked(sorted(people), sorted(also))
    missing = sorted(people.keys() - found.keys())
    for email in missing:
        await db.execute(
            "INSERT INTO customers (email, name, locale, time_zone, password_hash, revision, order_years, "
            "order_merchants, created_at) VALUES ({}, {}, {}, '', '', 1, '', '', {}) ON CONFLICT (email) DO NOTHING",
            email, people[email][:200], supported(locales.get(email, "")), clock.now(),
        )  # fmt: skip
    return found | await _locked(missing)


def voice_of(customer: Mapping[str, Any]) -> Voice:
    """For a mail to them: the account's language, else the one the request was made in. A row with `locale`, `time_zone`."""
    return Voice(supported(customer["locale"]) or voice().locale, customer["time_zone"])


async def lock(customer_id: int) -> None:
    """Before a change of one of their orders, as whoever takes orders in does it."""
    await db.scan(f"SELECT id FROM customers WHERE id = {{}}{db.FOR_UPDATE}", customer_id)  # noqa: S608


async def _locked(emails: Sequence[str], ids: Sequence[int] = ()) -> dict[str, db.Row]:
    if not emails and not ids:
        return {}
    wanted = [f"{column} IN ({db.marks(len(values))})" for column, values in (("email", emails), ("id", ids)) if values]
    rows = await db.scan(
        f"SELECT id, email, order_years, order_merchants, time_zone FROM customers WHERE {' OR '.join(wanted)} "  # noqa: S608
        f"ORDER BY id{db.FOR_UPDATE}",
        *emails, *ids,
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
