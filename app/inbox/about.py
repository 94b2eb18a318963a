"""What a thread is about, as it stood when it began: an order, a return, or a merchant alone. A stranger's does not exist."""

from typing import Any

import msgspec
from msgspec import Struct

from app import db, typed
from app.errors import Missing
from app.inbox import texts

ORDER = "SELECT id, merchant, number, titles, pictures FROM orders WHERE customer = {} AND address = {}"
RETURN = """
SELECT id, code, "order", merchant, order_numbers AS number, titles, pictures FROM returns
WHERE customer = {} AND code = {} AND state <> 'unconfirmed'
"""
LINE = 'SELECT title, picture FROM order_lines WHERE "order" = {} AND id = {}'
MERCHANT = "SELECT id FROM merchants WHERE slug = {}"
MOST_SIGNS = 160  # of an address


class About(Struct, frozen=True, kw_only=True):
    """Columns of `Thread`."""

    kind: str
    merchant: int
    order: int | None = None
    of_return: int | None = None
    order_number: str = ""
    titles: str = ""
    pictures: str = "[]"
    reason: str = ""

    @property
    def columns(self) -> dict[str, Any]:
        return msgspec.structs.asdict(self)


async def order(customer: int, address: str) -> About:
    """Raises Missing."""
    row = await _one(ORDER, customer, address)
    return About(
        kind="order", merchant=row["merchant"], order=row["id"], order_number=row["number"], titles=row["titles"],
        pictures=row["pictures"],
    )  # fmt: skip


async def of_line(customer: int, address: str, line: str) -> About:
    """One item of it alone. Raises Missing, also for one of another order."""
    whole = await order(customer, address)
    number = typed.number(line) or 0
    row = await _one(LINE, whole.order, number)
    pictures = msgspec.json.encode([row["picture"]] if row["picture"] else []).decode()
    return msgspec.structs.replace(whole, titles=texts.line(row["title"]), pictures=pictures)


async def returned(customer: int, code: str) -> About:
    """Raises Missing."""
    row = await _one(RETURN, customer, code)
    return About(
        kind="return", merchant=row["merchant"], order=row["order"], of_return=row["id"], order_number=row["number"],
        titles=row["titles"], pictures=row["pictures"],
    )  # fmt: skip


async def merchant(slug: str) -> About:
    """A question to a seller, about nothing that was bought. Raises Missing."""
    return About(kind="question", merchant=(await _one(MERCHANT, slug))["id"])


async def _one(sql: str, *args: Any) -> db.Row:
    spoken = all("\0" not in arg and len(arg) <= MOST_SIGNS for arg in args if isinstance(arg, str))
    row = await db.one(sql, *args) if spoken else None
    if row is None:
        raise Missing
    return row
