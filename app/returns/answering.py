"""A customer's answer to a question, with the photos that it asked for."""

from collections.abc import Sequence

from app.accounts import customers
from app.db import transaction
from app.i18n import _
from app.returns import deciding, kept, photos
from app.returns.files import NewFile


async def answer(customer: int, code: str, *, text: str, made: Sequence[NewFile], by: str) -> None:
    """Photos alone are one, too. Raises Missing, Invalid(text=… or photos=…), Refused (409) where no question is open."""
    words = text.strip() or (_("See the photos.") if made else "")
    async with transaction():
        await customers.lock(customer)
        if made:
            await photos.put(await kept.owned_by(customer, code), made, by=by)
        await deciding.reply(customer, code, text=words, by=by)
