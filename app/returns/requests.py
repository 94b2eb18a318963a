"""What a customer sends at their own counter: what they ask for with its photos, both or none of it."""

from collections.abc import Sequence

from app.db import transaction
from app.errors import Invalid
from app.i18n import _
from app.returns import asking, kept, photos
from app.returns.asked import Asked
from app.returns.files import NewFile


async def send(
    customer: int, what: Asked, ways: Sequence[str], made: Sequence[NewFile], *, by: str, key: str
) -> str:  # fmt: skip
    """The return's code; of a second touch of the button the first one's, and its photos are let go. `ways`: what the shop
    offers; none for what is not sent back. `key`: see `asking.ask`. Raises as `asking.ask`, and Invalid(way=…)."""
    async with photos.or_let_go(made), transaction():
        if ways and not what.way:
            raise Invalid(way=_("Choose how you send it."))
        code = await asking.ask(customer, what, by=by, key=key)
        it = await kept.owned_by(customer, code)
        if made and not it.files:
            await photos.put(it, made, by=by)
            made = ()
    await photos.let_go(made)
    return code
