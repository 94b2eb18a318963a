"""`python -m app check`: is everything in order that serving needs?"""

import asyncio
import json
from argparse import Namespace
from typing import Any

from app import db
from app.commands import database
from app.commands.check_surroundings import Finding, surroundings
from app.commands.stop import Stop
from app.mail import letters
from app.notifications import deliveries
from app.orders import refunds_waiting
from app.settings import settings
from app.shipments import missing, words
from app.sqlite import PooledSQLiteEngine
from app.tracking import polling

COUNTED = ("merchants", "customers", "orders", "order_lines", "events")
DAMAGE = "SELECT quick_check AS found FROM pragma_quick_check WHERE quick_check <> 'ok' LIMIT 1"
ORPHANS = 'SELECT "table" AS found FROM pragma_foreign_key_check LIMIT 1'


def run(options: Namespace) -> int:
    found, counts, unknown = asyncio.run(_database())
    findings = [*surroundings(), *found]
    ok = all(finding.ok for finding in findings)
    if options.json:
        checks = [{"name": one.name, "ok": one.ok, "detail": one.detail} for one in findings]
        print(json.dumps({"ok": ok, "checks": checks, "counts": counts, "unknown_words": unknown}))
    else:
        for one in findings:
            print(f"{'ok   ' if one.ok else 'WRONG'}  {one.name:<12}  {one.detail}")
        for name, count in counts.items():
            print(f"       {name:<12}  {count:,}")
        for word in unknown:
            print(f"       no carrier's word we know  {word['source']}: {word['word']!r}, {word['times']:,} times")
    return 0 if ok else 1


async def _database() -> tuple[list[Finding], dict[str, int], list[dict[str, Any]]]:
    """What is to be said of it, how many rows the main tables have, and which words of carriers nobody knows."""
    findings: list[Finding] = []
    counts: dict[str, int] = {}
    unknown: list[dict[str, Any]] = []
    try:
        with database.told(*database.UNREACHED):
            behind = await database.pending()
            findings.append(Finding("database", True, await _version()))
            state = f"{len(behind)} migrations have not run: python -m app migrate" if behind else "up to date"
            findings.append(Finding("tables", not behind, state))
            findings.append(await _content())
            if not behind:
                findings += await _carriers()
                findings += [await _news(), await _mails(), *await _sellers(), *await _refunds()]
                counts = {table: await _count(table) for table in COUNTED}
                unknown = [dict(row) | {"last_seen_at": row["last_seen_at"].isoformat()} for row in await words.unknown(20)]
    except Stop as stop:
        findings.append(Finding("database", False, str(stop)))
    finally:
        await db.close_pool()
    return findings, counts, unknown


async def _version() -> str:
    if isinstance(db.ENGINE, PooledSQLiteEngine):
        row = await db.one("SELECT sqlite_version() AS version")
        return f"SQLite {row['version']}, {db.ENGINE.path}" if row else ""
    row = await db.one("SELECT current_setting('server_version') AS version, current_database() AS name")
    return f"PostgreSQL {row['version']}, database {row['name']}" if row else ""


async def _content() -> Finding:
    """SQLite is read through; PostgreSQL checks its own pages, but a database in another encoding loses letters."""
    if db.ON_SQLITE:
        damage, orphans = await db.scan(DAMAGE), await db.scan(ORPHANS)
        if damage:
            return Finding("content", False, f"damaged: {damage[0]['found']}")
        if orphans:
            return Finding("content", False, f"rows of {orphans[0]['found']} refer to rows that are gone")
        return Finding("content", True, "whole")
    row = await db.one("SELECT current_setting('server_encoding') AS encoding")
    encoding = row["encoding"] if row else ""
    return Finding("content", encoding == "UTF8", f"encoding {encoding}")


async def _carriers() -> list[Finding]:
    """Those that are asked about parcels; nothing is said where none are."""
    if not settings.carriers:
        return []
    found = await polling.failing()
    if not found:
        return [Finding("carriers", True, f"{len(settings.carriers)} are asked about parcels")]
    return [Finding("carriers", False, f"{row['name']}, {row['failures']} times: {row['error']}") for row in found]


async def _news() -> Finding:
    """Whether somebody is at work on it. What was given up is told, but is no fault of this machine's."""
    stuck = await deliveries.stuck()
    wrong = (
        (stuck.untold, "events wait for a worker since more than ten minutes"),
        (stuck.faulty, "events cannot be told (see the log)"),
        (stuck.late, "deliveries wait for a worker since more than ten minutes"),
        (stuck.failed, "deliveries were given up this week: python -m app deliveries list"),
    )
    return Finding("news", not stuck.any, "; ".join(f"{count} {text}" for count, text in wrong if count) or "nothing is stuck")


async def _mails() -> Finding:
    """Letters: codes, alarms, what a desk is told."""
    late, failed = await letters.stuck()
    wrong = ((late, "wait since more than ten minutes"), (failed, "were given up this week (see the log)"))
    said = "; ".join(f"{count} {text}" for count, text in wrong if count)
    return Finding("mails", not said, said or "none is stuck")


async def _sellers() -> list[Finding]:
    """Those who should know of a missing parcel and cannot be told; nothing is said where there are none."""
    found = [f"{slug}: {parcels}" for slug, parcels in await missing.unheard()]
    said = "parcels are reported missing, and the seller has neither an owner nor an e-mail address: python -m app member add"
    return [Finding("sellers", False, f"{said} ({', '.join(found)})")] if found else []


async def _refunds() -> list[Finding]:
    """What a payment provider cannot be asked for since an hour; nothing is said where there is none."""
    found = [f"{row['slug']}, refund {row['id']}: {row['last_error']}" for row in await refunds_waiting.stuck(5)]
    return [Finding("refunds", False, "; ".join(found))] if found else []


async def _count(table: str) -> int:
    row = await db.one(f"SELECT count(*) AS n FROM {table}")  # noqa: S608 - our own names
    return row["n"] if row else 0
