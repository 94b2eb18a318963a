"""The seller's answer to a review: one, which its people may change or take away."""

from typing import Any

from app import clock, db, typed
from app.db import transaction
from app.errors import Invalid
from app.events import actions as events
from app.i18n import _
from app.reviews import kept

MOST = 2_000  # letters
ANSWER = "UPDATE reviews SET answer = {}, answered_at = {} WHERE id = {}"
ORDER = 'SELECT l."order" FROM reviews r JOIN order_lines l ON l.id = r.line WHERE r.id = {}'


async def answer(merchant: int, number: int, *, text: str, by: str) -> None:
    """Empty: none any more. Raises Missing, Invalid(text=…)."""
    said = text.replace("\r\n", "\n").strip()
    if unfit := typed.wrong_words(said, MOST):
        raise Invalid.at({"text": unfit})
    async with transaction():
        it = await kept.one(number, merchant, lock=True)
        if not said and not it.answer:
            raise Invalid.at({"text": _("Write something.")})
        if said == it.answer:
            return
        await db.execute(ANSWER, said, clock.now() if said else None, number)
        await tell("review_answered" if said else "review_answer_removed", number, by=by)


async def tell(kind: str, number: int, **said: Any) -> None:
    """What happened to a review, to who wrote it; in the caller's transaction."""
    it = await kept.one(number)
    row = await db.one(ORDER, number)
    await events.record(
        kind, customer=it.customer, merchant=it.merchant, order=row["order"] if row else None, review=number, **said
    )
