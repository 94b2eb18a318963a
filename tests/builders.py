"""The cast, and things of theirs, made through the same verbs that the doors call.

Alice buys, Bob must see nothing of hers, Mo sells, Nia sells elsewhere, Ops operates.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from app import clock, db
from app.accounts import customers
from app.accounts.viewer import Viewer
from app.ingest import actions as ingest
from app.ingest.snapshot import Address, Line, OrderSnapshot, Payment, Person
from app.merchants import actions as merchants
from app.tokens import hash_token, new_token

ALICE, BOB = "alice@example.com", "bob@example.com"
MO, NIA = "atelier-mo", "nia-audio"


def line(id: str = "1", **about: Any) -> Line:
    """One teapot for 48.00 unless said otherwise; the total follows from the rest."""
    said: dict[str, Any] = {"title": "Teapot “Brume”", "sku": "TEA-1", "quantity": 1, "unit_price": 4800, **about}
    total = said["quantity"] * said["unit_price"] - said.get("discount", 0)
    return Line(id=id, **{"total": total, **said})


def snapshot(external_id: str = "1001", **about: Any) -> OrderSnapshot:
    """A sound order of Alice's at Mo's: one teapot, delivery 4.90, paid by card."""
    said: dict[str, Any] = {
        "source": "test", "number": external_id, "merchant": MO, "customer": Person(email=ALICE, name="Alice Martin"),
        "placed_at": datetime(2026, 11, 2, 9, 30, tzinfo=UTC), "currency": "EUR", "lines": [line()], "shipping": 490,
        "prices_include_tax": True, "payments": [Payment(kind="card", brand="Visa", last_four="4242")],
        "shipping_address": Address(
            name="Alice Martin", street="6 rue des Lilas", postal_code="69003", city="Lyon", country="FR"
        ), **about,
    }  # fmt: skip
    fees = sum(fee.amount for fee in said.get("fees", []))
    total = sum(line.total for line in said["lines"]) + fees + said["shipping"] - said.get("discount", 0)
    return OrderSnapshot(external_id=external_id, **{"total": total, **said})


async def merchant(slug: str = MO, name: str = "Atelier Mo", **about: Any) -> int:
    return await merchants.ensure(slug, name, **about)


async def customer(email: str = ALICE, name: str = "Alice Martin", **columns: Any) -> int:
    """The customer's id."""
    async with db.transaction():
        row = (await customers.ensure({email: name}))[email]
        for column, value in columns.items():
            await db.execute(f"UPDATE customers SET {column} = {{}} WHERE id = {{}}", value, row["id"])
    return row["id"]


async def order(external_id: str = "1001", **about: Any) -> Mapping[str, Any]:
    """An order taken in; answers its row."""
    made = snapshot(external_id, **about)
    await merchant(made.merchant, {MO: "Atelier Mo", NIA: "Nia Audio"}.get(made.merchant, made.merchant))
    outcome = await ingest.record(made)
    assert outcome.result in ("new", "updated"), outcome
    row = await db.one(
        "SELECT o.* FROM orders o JOIN merchants m ON m.id = o.merchant WHERE m.slug = {} AND o.external_id = {}",
        made.merchant, external_id,
    )  # fmt: skip
    assert row is not None
    return row


async def session(email: str = ALICE, *, proved: bool = True, factor: bool = False) -> dict[str, str]:
    """The cookie of a browser on which that person is signed in: just now, or (`proved=False`) an hour ago; `factor`: with a
    second factor, and in use at a desk since."""
    token, at = new_token(), clock.now()
    then = at if proved else at - timedelta(hours=1)
    record = {
        "customer": await customer(email), "token_hash": hash_token(token), "user_agent": "tests", "created_at": then,
        "seen_at": at, "expires_at": at + timedelta(days=90), "proved_at": then, "factor_at": then if factor else None,
        "desk_seen_at": at if factor else None,
    }  # fmt: skip
    await db.insert("sessions", [record])
    return {"session": token}


async def member(email: str, merchant_slug: str = MO, role: str = "agent") -> int:
    """A customer who works at that merchant's desk; the customer's id."""
    person = await customer(email, email.partition("@")[0].title())
    row = {"merchant": await merchant(merchant_slug), "customer": person, "role": role, "created_at": clock.now()}
    await db.insert("members", [row])
    await db.execute("UPDATE customers SET desks = {} WHERE id = {} AND desks = ''", f'{{"{merchant_slug}":0}}', person)
    return person


@asynccontextmanager
async def signed_in(customer_id: int) -> AsyncIterator[Viewer]:
    """Somebody with a session of their own, for verbs that are called without a browser; it is gone afterwards."""
    row = await db.one("SELECT email, name FROM customers WHERE id = {}", customer_id)
    assert row is not None
    await session(row["email"])
    number = (await db.rows("SELECT max(id) AS id FROM sessions"))[0]["id"]
    yield Viewer(customer_id, row["email"], row["name"], "", "", 1, "", "", False, number)
    await db.execute("DELETE FROM sessions WHERE id = {}", number)
