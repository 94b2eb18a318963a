"""Who has written a mail: its thread's customer, or somebody at its desk, from the address that we know them by."""

from msgspec import Struct

from app import db
from app.accounts import customers
from app.i18n import Voice
from app.inbox.kept import KeptThread
from app.inbox.mail_in import proofs
from app.inbox.mail_in.reading import Mail
from app.inbox.masked import Side
from app.inbox.posting import Said

COLUMNS = "SELECT c.id, c.email, c.name, c.locale, c.time_zone FROM customers c"
FOUND = {
    "buyer": f"{COLUMNS} WHERE c.id = {{}} AND c.email = {{}} AND c.locked_at IS NULL",
    "desk": f"{COLUMNS} JOIN members m ON m.customer = c.id WHERE m.merchant = {{}} AND c.email = {{}} AND c.locked_at IS NULL",
}


class Writer(Struct, frozen=True):
    """Columns of `Customer`, of whose rows it is one; `voice` is their language."""

    id: int
    email: str
    name: str
    voice: Voice


async def of(it: KeptThread, side: Side, mail: Mail) -> Writer | None:
    """None for everybody else, for a locked account, and where the sender's domain says that it was not them."""
    if not mail.sender or proofs.forged(mail):
        return None
    row = await db.one(FOUND[side], it.customer if side == "buyer" else it.merchant, mail.sender)
    return Writer(row["id"], row["email"], row["name"], customers.voice_of(row)) if row else None


def says(writer: Writer, side: Side) -> Said:
    """As them, without words yet."""
    return Said(side="buyer" if side == "buyer" else "seller", author=writer.id, name=writer.name, via="mail")
