"""How an engine would find rows."""

from typing import Any

from app import db


async def plan(sql: str, *args: Any) -> str:
    """Its lines. PostgreSQL reads a small table whole, and is asked what it would do if it could not."""
    if db.ON_SQLITE:
        return "\n".join(row["detail"] for row in await db.rows(f"EXPLAIN QUERY PLAN {sql}", *args))
    async with db.transaction():
        for way in ("seqscan", "bitmapscan", "sort"):
            await db.execute(f"SET LOCAL enable_{way} = off")
        return "\n".join(row["QUERY PLAN"] for row in await db.rows(f"EXPLAIN {sql}", *args))
