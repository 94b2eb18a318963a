"""At the desk: what a customer says to less than was promised, what was kept and why, and what could still be given."""

from msgspec import Struct

from app.events.actions import data_of
from app.i18n import Voice
from app.returns import happened, objections, rest
from app.returns.kept import Kept

KINDS = ("return_objected", "claim_objected", "cancellation_objected", "withdrawal_contested")


class ObjectionCard(Struct, frozen=True):
    """`words`: the customer's, who may have written none; `reasons`: title, amount and why, of each line of which something is
    kept. `amount` is what can still be given, empty where nothing can; `possible` in minor units."""

    words: str
    reasons: list[tuple[str, str, str]]
    reason: str
    amount: str
    possible: int


async def shown(it: Kept, voice: Voice) -> ObjectionCard | None:
    """None where none waits."""
    if not objections.for_less(it.it):
        return None
    possible = sum(share.total for share in await rest.possible(it))
    return ObjectionCard(
        words=await _words(it),
        reasons=[
            (line.title, voice.money(line.deduction, it.it.currency), line.deduction_reason)
            for line in it.lines if line.deduction
        ],
        reason=it.it.answer,
        amount=voice.money(possible, it.it.currency) if possible else "",
        possible=possible,
    )  # fmt: skip


async def _words(it: Kept) -> str:
    for event in await happened.events(it):
        data = data_of(event["data"])
        if event["kind"] in KINDS and data.get("code") == it.it.code:
            return str(data.get("text") or "")
    return ""
