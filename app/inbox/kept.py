"""A thread as it is kept: its own row, whoever asks. A stranger's does not exist."""

from datetime import datetime

from msgspec import Struct

from app import reading
from app.errors import Missing


class KeptThread(Struct, frozen=True, array_like=True):
    """Columns of `Thread`, and of its merchant and its customer (see COLUMNS)."""

    id: int
    code: str
    kind: str
    customer: int
    merchant: int
    order: int | None
    of_return: int | None
    subject: str
    titles: str
    pictures: str
    order_number: str
    last_at: datetime
    last_side: str
    last_message: int
    unread: int
    marked: bool | int  # SQLite's truth is a number, here and below
    archived: bool | int
    waiting_on: str
    due_at: datetime | None
    closed_at: datetime | None
    seen: int
    muted: bool | int
    kept: bool | int
    message_count: int
    waiting_since: datetime | None
    first_reply_at: datetime | None
    escalated_at: datetime | None
    desk_seen: int
    assigned: int | None
    created_at: datetime
    merchant_slug: str
    merchant_name: str
    customer_name: str
    return_code: str


OF_OTHERS = {
    "merchant_slug": "m.slug", "merchant_name": "m.name", "customer_name": "c.name",
    "return_code": "COALESCE((SELECT r.code FROM returns r WHERE r.id = t.of_return), '')",
}  # fmt: skip
COLUMNS = ", ".join(OF_OTHERS.get(name, f't."{name}"') for name in KeptThread.__struct_fields__)
FROM = "FROM threads t JOIN merchants m ON m.id = t.merchant JOIN customers c ON c.id = t.customer"
MERGED = "t.id = (SELECT mt.thread FROM merged_threads mt WHERE mt.code = {})"
MOST_SIGNS = 20  # of a code


async def owned_by(customer: int, code: str) -> KeptThread:
    """Raises Missing."""
    return await _one("t.customer = {}", customer, code)


async def at_desk(merchant: int, code: str) -> KeptThread:
    """For the merchant's people and programs. Raises Missing."""
    return await _one("t.merchant = {}", merchant, code)


async def escalated(code: str) -> KeptThread:
    """For the people of the shop itself: where it was asked to step in. Raises Missing."""
    return await _one("t.escalated_at IS NOT NULL", code)


async def by_code(code: str) -> KeptThread:
    """For who has shown that they may know it (see `masked`). Raises Missing."""
    return await _one("1 = 1", code)


async def _one(whose: str, *args: int | str) -> KeptThread:
    """`args` end with a code. By that of one which has become part of another, that other one: its pages lead there."""
    if any(isinstance(arg, str) and ("\0" in arg or len(arg) > MOST_SIGNS) for arg in args):
        raise Missing
    for where in ("t.code = {}", MERGED):
        if found := await reading.texts(COLUMNS, f"{FROM} WHERE {whose} AND {where}", *args):
            return reading.decoder(KeptThread)(found[0])
    raise Missing
