"""A claim made good by a repair. Whoever has a thing again can claim again: nothing of it is held any more."""

from app import db, typed
from app.db import transaction
from app.errors import Invalid
from app.orders import refunded
from app.returns import deciding, given_beside, moving, whole


async def repaired(merchant: int, code: str, *, by: str, note: str = "", again: bool = False) -> None:
    """A claim made good by a repair: the guarantee runs twelve months longer. `again`: as of `settling.refund`. Raises Missing,
    Invalid(note=…, again=…), Refused."""
    async with transaction():
        it = await deciding.locked(merchant, code)
        if unfit := typed.wrong_words(note):
            raise Invalid(note=unfit)
        await given_beside.check(it, meant=again, goods=True)
        await db.execute("UPDATE return_lines SET held = 0, wish = 'repair' WHERE of_return = {}", it.it.id)
        await refunded.for_no_piece(it.it.id)
        await moving.move(it, "resolved", by=by, note=note.strip())
        await whole.renew(it, by=by)
