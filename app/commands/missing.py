"""What the shell says of somebody who is not there."""

from app import db
from app.commands.stop import Stop


async def no_merchant(slug: str) -> Stop:
    """Names those that are there."""
    known = ", ".join(row["slug"] for row in await db.rows("SELECT slug FROM merchants ORDER BY slug LIMIT 50"))
    return Stop(f"there is no merchant “{slug}” ({'there are: ' + known if known else 'there is none'})", 1)
