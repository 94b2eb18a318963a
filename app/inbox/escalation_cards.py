"""What a conversation says of asking the shop itself: from when on it can be asked, the button then, and that it was."""

from msgspec import Struct

from app import clock
from app.i18n import Voice
from app.inbox import escalating
from app.inbox.kept import KeptThread
from app.inbox.lines import A_SECOND


class StepIn(Struct, frozen=True):
    """`text` stands there; `label` is on the button, empty where there is none."""

    text: str
    label: str = ""


async def of(it: KeptThread, voice: Voice) -> StepIn | None:
    """None where nobody else could be asked, or nothing is waited for."""
    since = escalating.possible_from(it)
    if since is None and it.escalated_at is None:
        return None
    if (shop := await escalating.whom(it)) is None:
        return None
    _, named = voice.gettext, {"shop": shop.name, "seller": it.merchant_name}
    if it.escalated_at is not None and it.waiting_on == "seller" and it.due_at is not None:
        said = _("%(shop)s was asked to step in, reads along and answers by %(day)s.")
        return StepIn(said % {**named, "day": voice.weekday(it.due_at - A_SECOND, last=True)})
    if it.escalated_at is not None:
        return StepIn(_("%(shop)s was asked to step in, reads along and answers here too.") % named)
    assert since is not None  # noqa: S101 - else it was escalated
    if clock.now() < since:
        said = _("No answer by %(last)s? From %(day)s on you can ask %(shop)s to step in.")
        return StepIn(said % {**named, "last": voice.weekday(since - A_SECOND), "day": voice.weekday(since)})
    return StepIn(
        _("%(seller)s has not answered in time. %(shop)s can step in: it reads this conversation then, and answers here.")
        % named,
        _("Ask %(shop)s to step in") % named,
    )
