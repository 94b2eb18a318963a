"""What a seller has found in a parcel that came back: how much of it in which condition, and the note for its customer."""

from collections.abc import Iterator
from typing import Any

from app.i18n import Voice
from app.notifications.said import number_of, text_of

KINDS = ("return_received", "claim_goods_received", "withdrawal_goods_received")


def found(kind: str, data: dict[str, Any], voice: Voice) -> Iterator[str]:
    """Nothing of a parcel in which all is as it should be."""
    if kind not in KINDS:
        return
    if counts := _counts(data, voice):
        yield voice.gettext("What was found: %(counts)s.") % {"counts": ", ".join(counts)}
    if note := text_of(data, "note"):
        yield voice.gettext("The seller says: “%(reason)s”.") % {"reason": note}


def _counts(data: dict[str, Any], voice: Voice) -> list[str]:
    _ = voice.gettext
    sound, damaged, wrong, missing = (number_of(data, name) for name in ("sound", "damaged", "wrong_item", "missing"))
    if not damaged + wrong + missing:
        return []
    said = (
        (sound, _("%(num)d in order")), (damaged, voice.ngettext("%(num)d damaged", "%(num)d are damaged", damaged)),
        (wrong, _("%(num)d of another kind")), (missing, _("%(num)d not in the parcel")),
    )  # fmt: skip
    return [text % {"num": count} for count, text in said if count]
