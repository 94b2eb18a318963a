"""Returns whose money has failed: settled as they are, they wait for the merchant's people until it has gone out again."""

from collections.abc import Iterable
from datetime import timedelta

import msgspec

from app import reading
from app.i18n import Voice, _
from app.orders.refunds_waiting import Waiting as Refund
from app.returns import queue, standing_money
from app.returns.queue import QueueCard
from app.returns.suggesting import Suggestion

MOST = 50
FAILED = f"AND r.waiting_on <> 'seller' AND {standing_money.WITH_FAILED} ORDER BY r.id LIMIT {{}}"


async def cards(merchant: int, wanted: queue.Filter, voice: Voice) -> list[QueueCard]:
    """Above all that waits, the oldest first; of the kind that is looked for."""
    found = await reading.texts(queue.COLUMNS, f"{queue.AT_DESK} {FAILED}", merchant, MOST)
    shown = [queue.read(row) for row in found]
    return [_card(it, voice) for it in shown if wanted.kind in ("", it.kind)]


def _card(it: queue.Waiting, voice: Voice) -> QueueCard:
    due = voice.weekday(it.refund_by - timedelta(seconds=1)) if it.refund_by else ""
    late = it.refund_by is not None and queue.past(it.refund_by)
    return msgspec.structs.replace(queue.card(it, voice), tag=_("Refund failed"), tone="bad", due=due, late=late)


def suggestion(said: Suggestion, refunds: Iterable[Refund]) -> Suggestion:
    """Where nothing else is to be decided."""
    if said.text or not any(one.can_retry for one in refunds):
        return said
    return Suggestion("look", _("Its refund has failed: try it again, or pay it by hand"), said.why)
