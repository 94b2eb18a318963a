"""`python -m app seed`: the demo shop, through the verbs that every door calls, in one transaction: whole or not at all."""

import asyncio
import json
from argparse import Namespace
from collections import Counter
from datetime import UTC, datetime, time, timedelta

from rich.console import Console
from rich.progress import Progress

from app import clock, db, pictures
from app.accounts import customers
from app.commands import database
from app.demo import drawings, opinions, returned, talked
from app.demo.catalogue import MERCHANTS, PRODUCTS, Merchant
from app.demo.orders import snapshots
from app.demo.people import COLLEAGUES, PEOPLE
from app.demo.return_rules import RULES
from app.demo.scans import messages
from app.ingest import actions as ingest
from app.merchants import actions as merchants
from app.merchants import members, shop
from app.notifications import actions as notifications
from app.returns import rules
from app.tracking.taking import take

LATELY = timedelta(days=21)  # ago: since then it is in the lists
UNREAD = time(15)  # of the day before: what has happened since then is not read yet, at whatever hour the demo is made
SHOP = "alpages"  # is the marketplace itself: who is asked to step in, and judges what is reported
BATCH = 20  # orders: the bar moves


def run(options: Namespace) -> int:
    """The same day gives the same shop: run again, nothing changes; on a later day its orders move along."""
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal, transient=True) as bar:
        told = asyncio.run(_seed(options, bar))
    if options.json:
        print(json.dumps({"seeded": bool(told), **told}))
    elif told:
        print(
            "The demo shop is there: {merchants} merchants, {products} products with pictures, {customers} customers, "
            "{colleagues} people at desks; "
            "orders: {new} new, {updated} updated, {unchanged} unchanged.".format(**told)
        )
    else:
        print("The database is not empty: it stays as it is.")
    return 0


async def _seed(options: Namespace, bar: Progress) -> dict[str, int]:
    """What is there now; nothing when the database had to be empty and is not."""
    async with database.opened(), db.transaction():
        fresh = await _empty()
        if options.if_empty and not fresh:
            return {}
        for merchant in MERCHANTS:
            number = await merchants.ensure(merchant.slug, merchant.name, **_about(merchant))
            await _returns(number, merchant.slug)
            await opinions.introduce(number, merchant)
        if fresh:
            await shop.name(SHOP)
        await _people()
        await _desks()
        _pictures(bar)
        results = await _orders(bar)
        await _scans(bar)
        await returned.make()
        await talked.make()
        await opinions.make()
        yesterday = clock.today("UTC") - timedelta(days=1)
        await notifications.recall(clock.now() - LATELY, datetime.combine(yesterday, UNREAD, UTC))
    counts = {name: results[name] for name in ("new", "updated", "unchanged")}
    people = {"customers": len(PEOPLE), "colleagues": len(COLLEAGUES)}
    return {"merchants": len(MERCHANTS), "products": len(PRODUCTS), **people, **counts}


async def _empty() -> bool:
    found = [await db.one(f"SELECT 1 AS it FROM {table} LIMIT 1") for table in ("merchants", "customers", "orders")]  # noqa: S608
    return not any(found)


def _about(merchant: Merchant) -> dict[str, str]:
    """What an order's papers say of the seller, and the colour of its mails."""
    return {
        "website": merchant.website, "email": merchant.email, "country": merchant.country, "vat_id": merchant.vat_id,
        "address": "\n".join(merchant.address), "legal": f"{merchant.legal_name}, {merchant.registration}",
        "time_zone": merchant.zone, "accent": merchant.accent,
    }  # fmt: skip


async def _returns(merchant: int, slug: str) -> None:
    """What has been written there since stays."""
    version, _rules = await rules.of(merchant)
    if not version:
        await rules.save(merchant, RULES[slug], by=None)


async def _people() -> None:
    """Before their orders, which count years in their zone. What a person has chosen since stays."""
    everybody = (*PEOPLE, *COLLEAGUES)
    await customers.ensure({one.person.email: one.person.name for one in everybody})
    for one in everybody:
        await db.execute(
            "UPDATE customers SET locale = {}, time_zone = {} WHERE email = {} AND locale = '' AND time_zone = ''",
            one.person.locale, one.zone, one.person.email,
        )  # fmt: skip


async def _desks() -> None:
    """Who works where; what has been changed there since stays."""
    for one in COLLEAGUES:
        for slug, role in one.desks.items():
            merchant = await merchants.ensure(slug)
            if not await members.of(merchant):
                await members.add(merchant, one.person.email, role, by=None)


def _pictures(bar: Progress) -> None:
    for product in bar.track(PRODUCTS, description="Pictures"):
        pictures.keep(product.picture, drawings.draw(product.sku))


async def _orders(bar: Progress) -> Counter[str]:
    made = list(snapshots(clock.today("UTC")))
    results: Counter[str] = Counter()
    for start in bar.track(range(0, len(made), BATCH), description="Orders  "):
        results.update(outcome.result for outcome in await ingest.record_all(made[start : start + BATCH]))
    return results


async def _scans(bar: Progress) -> None:
    """What the carriers have said since."""
    today = clock.today("UTC")
    for slug, message in bar.track(list(messages(snapshots(today), today)), description="Parcels "):
        await take(await merchants.ensure(slug), message, history=True)
