"""`python -m tests.benchmarks.filling ORDERS FILE`: fills a migrated, empty database and writes whom to ask as.

A process of its own, because the app reads COMPTOIR_DATABASE_URL once.
"""

import asyncio
import random
import sys
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from app import clock, db
from app.accounts.passwords import HASHER
from app.demo.catalogue import MERCHANTS
from app.inbox.lists import PAGE as THREADS
from app.merchants import actions as merchants
from app.orders.cards import KEPT
from app.orders.filters import PAGE, cursor
from app.tokens import hash_token
from tests.benchmarks import returning
from tests.benchmarks.copies import Copies, Pattern
from tests.benchmarks.loading import loader
from tests.benchmarks.patterns import patterns
from tests.benchmarks.returning import Returned
from tests.benchmarks.talking import Talked

CUSTOMERS, COLLECTOR, COLLECTED = 5_000, 1, 5_000
REGULARS, THEIRS = 100, 30  # so many have at least so many orders, however few there are in all
FULL_PAGE, KEYS = 21, 100
YEARS = timedelta(days=3 * 365)
AT_ONCE = 20_000
PASSWORD = "a bench, a lamp, a kite"

Owned = dict[int, list[tuple[datetime, str, int]]]  # customer → (placed, address, id) of each order


class Cast(msgspec.Struct):
    """Whom the client plays. `orders` are addresses by session token; `deep` is the cursor far down the collector's list.
    `newcomers` are so many that no card of theirs is still kept when their turn comes again; none in a small shop."""

    collector: str
    sessions: list[str]
    newcomers: list[str]
    orders: dict[str, list[str]]
    deep: str
    keys: list[str]
    clerk: str
    desk: str  # the queue's path
    decided_on: list[str]  # paths of what waits there
    returns: dict[str, list[str]]  # codes by session token
    lines: dict[str, int]  # one of the lines of each address in `orders`
    talks: dict[str, list[str]]  # codes of threads by session token, the collector's too
    talkers: list[str]  # of these, whose list of threads is a full page, but for the collector's
    inbox: str  # the desk's path
    waiting: list[str]  # paths of threads that wait there


def owners(count: int, chance: random.Random) -> list[int]:
    """Whose each order is, oldest first."""
    found = [COLLECTOR] * COLLECTED + [2 + n for n in range(REGULARS)] * THEIRS
    found += [chance.randrange(2, CUSTOMERS + 1) for _ in range(count - len(found))]
    chance.shuffle(found)
    return found


async def fill(count: int) -> Cast:
    chance = random.Random(count)
    shops = {shop.slug: await _merchant(shop) for shop in MERCHANTS}
    done = [Pattern(order, shops[order.merchant]) for order in patterns(2_000, chance, done=True)]
    under_way = [Pattern(order, shops[order.merchant]) for order in patterns(200, chance, done=False)]
    owned: Owned = {}
    loading = loader()
    await loading.open()
    await _people(loading, [shop["id"] for shop in shops.values()])
    first = next(iter(shops.values()))["id"]
    copies, now, returned, talked = Copies(), clock.now(), Returned(chance, first), Talked(chance, first)
    for n, customer in enumerate(owners(count, chance), 1):
        placed = now - YEARS * ((count - n + chance.random()) / count) - timedelta(minutes=5)
        kind = under_way if now - placed < timedelta(days=4) else done
        pattern = chance.choice(kind)
        address = copies.add(pattern, customer, placed)
        for beside in (returned, talked):
            beside.add(copies, customer, pattern.merchant, placed, address)
        owned.setdefault(customer, []).append((placed, address, n))
        if n % AT_ONCE == 0 or n == count:
            await _load(loading, copies)
            await returned.load(loading)
            await talked.load(loading)
    cast = await _cast(loading, owned, chance, list(shops.values()), (returned, talked))
    await loading.close()
    return cast


async def _merchant(shop: Any) -> db.Row:
    await merchants.ensure(shop.slug, shop.name, website=shop.website, email=shop.email, country=shop.country)
    found = await merchants.by_slug(shop.slug)
    assert found is not None
    return found


async def _people(loading: Any, shops: list[int]) -> None:
    year = clock.now().year
    years, mine = " ".join(str(year - n) for n in range(4)), " ".join(map(str, sorted(shops)))
    columns = ("id", "email", "name", "locale", "time_zone", "password_hash", "revision", "order_years", "order_merchants",
               "created_at")  # fmt: skip
    password = HASHER.hash(PASSWORD)
    await loading.load("customers", columns, [
        (n, f"customer-{n}@bench.example", f"Camille Morel {n}", "", "Europe/Paris", password, 1, years, mine, clock.now())
        for n in range(1, CUSTOMERS + 1)
    ])  # fmt: skip


async def _load(loading: Any, copies: Copies) -> None:
    for table, rows in copies.rows.items():
        if rows:
            await loading.load(table, copies.columns[table], rows)
            rows.clear()


async def _cast(
    loading: Any, owned: Owned, chance: random.Random, shops: list[db.Row], beside: tuple[Returned, Talked]
) -> Cast:
    returned, talked = beside
    full = [customer for customer, orders in owned.items() if len(orders) >= FULL_PAGE and customer != COLLECTOR]
    chosen = [COLLECTOR, *chance.sample(full, REGULARS)]  # as many at every size: growth compares like with like
    new = sorted(set(full).difference(chosen)) if len(full) > REGULARS + KEPT // PAGE else []
    tokens = {customer: f"bench-session-{customer}" for customer in (*chosen, *new)}
    at = clock.now()
    columns = ("id", "customer", "token_hash", "user_agent", "created_at", "seen_at", "expires_at")
    await loading.load("sessions", columns, [
        (n, customer, hash_token(token), "bench", at, at, at + timedelta(days=90))
        for n, (customer, token) in enumerate(tokens.items(), 1)
    ])  # fmt: skip
    await returning.clerk(loading, shops[0]["id"])
    clerk = "bench-session-clerk"
    await loading.load(
        "sessions", returning.SESSION, [returning.session(len(tokens) + 1, returning.CLERK, hash_token(clerk))]
    )  # fmt: skip
    keys = [f"ck_bench-{n}" for n in range(KEYS)]
    columns = ("id", "merchant", "name", "prefix", "key_hash", "created_at")
    await loading.load("api_keys", columns, [
        (n, shops[0]["id"], "bench", key[:10], hash_token(key), at) for n, key in enumerate(keys, 1)
    ])  # fmt: skip
    desk, inbox = f"/desk/{shops[0]['slug']}/returns", f"/desk/{shops[0]['slug']}/inbox"
    orders = {tokens[customer]: [address for _, address, _ in owned[customer][-60:]] for customer in chosen[1:]}
    placed, _address, order = sorted(owned[COLLECTOR], reverse=True)[4_000]
    return Cast(
        collector=tokens[COLLECTOR],
        sessions=[tokens[customer] for customer in chosen[1:]],
        newcomers=[tokens[customer] for customer in new],
        orders=orders,
        deep=cursor({"placed_at": placed, "id": order}),
        keys=keys,
        clerk=clerk,
        desk=desk,
        decided_on=[f"{desk}/{code}" for code in returned.desk[:1_000]],
        returns={tokens[customer]: codes for customer in chosen[1:] if (codes := returned.codes.get(customer))},
        talks={tokens[customer]: codes for customer in chosen if (codes := talked.codes.get(customer))},
        talkers=[tokens[one] for one in chosen[1:] if len(talked.codes.get(one, ())) >= THREADS],
        inbox=inbox,
        waiting=[f"{inbox}/{code}" for code in talked.desk[:1_000]],
        lines={address: returned.form[address] for addresses in orders.values() for address in addresses},
    )


async def main() -> None:
    cast = await fill(int(sys.argv[1]))
    Path(sys.argv[2]).write_bytes(msgspec.json.encode(cast))
    await db.close_pool()


if __name__ == "__main__":
    asyncio.run(main())
