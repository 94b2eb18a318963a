"""The merchant's own invoice of an order, a PDF kept beside the database under a name that never changes its content.

An invoice that was corrected stays: what a customer was once given is a bookkeeping document (invoices/<order id>-*.pdf).
"""

import asyncio
import hashlib
import re
from pathlib import Path

from app import db, private_files
from app.errors import Invalid, Missing
from app.events import actions as events
from app.orders import revisions
from app.settings import settings

BEGINNING = b"%PDF-"  # ISO 32000-2, 7.5.2
NAME = re.compile(r"[0-9]+-[0-9a-f]{32}\.pdf")
# The customer's row is locked first, as whoever takes orders in does: no dead lock.
OF_CUSTOMER = db.FOR_UPDATE and f"{db.FOR_UPDATE} OF c"
WITH_CUSTOMER = (
    "SELECT o.customer, o.merchant FROM orders o JOIN customers c ON c.id = o.customer "  # noqa: S608
    f"WHERE o.id = {{}}{OF_CUSTOMER}"
)
CHANGE = "UPDATE orders SET invoice_file = {} WHERE id = {} AND invoice_file <> {} RETURNING id"


def folder() -> Path:
    return settings.data_dir / "invoices"


def read(name: str) -> bytes:
    """The PDF that an order's row names as its `invoice_file`; raises Missing when there is none."""
    if not NAME.fullmatch(name):
        raise Missing
    try:
        return (folder() / name).read_bytes()
    except OSError as error:
        raise Missing from error


async def keep(order_id: int, pdf: bytes) -> None:
    """Raises Invalid when this is no PDF. The same one again changes nothing.

    The file comes first: waiting for a disk must not keep a transaction open, and without its row nobody is shown it.
    """
    if not pdf.startswith(BEGINNING):
        raise Invalid.at({"": "a PDF file begins with %PDF-"}, "The invoice was not taken")
    name = f"{order_id}-{hashlib.sha256(pdf).hexdigest()[:32]}.pdf"
    await asyncio.to_thread(private_files.write, folder(), name, pdf)
    async with db.transaction():
        order = await db.one(WITH_CUSTOMER, order_id)
        if order is None:
            raise Missing
        if await db.execute(CHANGE, name, order_id, name):
            await events.record("invoice_added", customer=order["customer"], merchant=order["merchant"], order=order_id)
            await revisions.changed(order_id)
