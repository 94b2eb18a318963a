"""What a refusal can rest on: only what fits what was asked for. A shop's own system says what it says."""

from collections.abc import Mapping
from functools import lru_cache

from app.i18n import Voice
from app.returns import suggesting
from app.returns.kept import Kept

OF_RETURN = ("window_over", "excluded", "used", "not_ours", "settled")
OF_CLAIM = ("window_over", "no_defect", "caused_later", "not_ours", "settled")
OF_DELIVERY = ("proven_delivered", "not_ours", "settled")
OF_CANCELLATION = ("already_sent", "not_ours", "settled")
KNOWN = frozenset((*OF_RETURN, *OF_CLAIM, *OF_DELIVERY, *OF_CANCELLATION))


@lru_cache(256)
def clauses(voice: Voice) -> Mapping[str, str]:
    """By kind of clause, in words; and why a withdrawal has no effect (see `unfounded_reasons.py`)."""
    _ = voice.gettext
    return {
        "window_over": _("The time for it is over"),
        "excluded": _("The shop's rules exclude this item"),
        "used": _("The item was used more than trying it needs"),
        "no_defect": _("There is no defect that the guarantee covers"),
        "caused_later": _("The damage was done after the delivery"),
        "not_ours": _("The item was not bought from us"),
        "proven_delivered": _("The carrier has proof of the delivery"),
        "already_sent": _("It was handed to the carrier already"),
        "settled": _("It was settled otherwise"),
        "no_order": _("No order of the seller’s fits the declaration"),
        "double": _("It is a double of another declaration"),
        "forgotten": _("Whoever declared it has asked to forget it"),
        "no_right": _("There is no right of withdrawal for it, or it was over"),
    }


def fitting(it: Kept) -> tuple[str, ...]:
    """That its time is over not where it was asked for in time, by the day that its customer was told."""
    found = _of_kind(it)
    return tuple(clause for clause in found if clause != "window_over" or not _in_time(it))


def _of_kind(it: Kept) -> tuple[str, ...]:
    match it.it.kind:
        case "claim":
            return OF_DELIVERY if all(line.reason == "not_delivered" for line in it.lines) else OF_CLAIM
        case "cancellation":
            return OF_CANCELLATION
    return OF_RETURN


def _in_time(it: Kept) -> bool:
    ends = [right.ends_at for right in suggesting.rested_on(it)]
    return bool(ends) and all(end is not None and it.it.created_at < end for end in ends)
