"""The list that lies in a parcel that goes back: what is in it, why, and whose it is. Set from packing_list.typ."""

from collections.abc import Sequence
from datetime import datetime

from babel import Locale
from msgspec import Struct

from app import press
from app.i18n import Voice
from app.returns import labels
from app.settings import settings


class PackingLine(Struct, frozen=True, kw_only=True):
    """`about` is the variant, `reason` in words."""

    title: str
    quantity: int
    about: str = ""
    reason: str = ""


class PackingFacts(Struct, frozen=True, kw_only=True):
    """As LabelFacts. `hints` are the merchant's own words on how to pack, after ours."""

    code: str
    url: str
    merchant: str
    order: str
    at: datetime
    lines: list[PackingLine]
    sender: list[str] = []
    recipient: list[str] = []
    hints: list[str] = []


class PaperLine(Struct, frozen=True):
    title: str
    about: str
    reason: str
    quantity: str


class PackingDocument(Struct, frozen=True, kw_only=True):
    """All that packing_list.typ needs, every text formatted."""

    lang: str
    region: str | None
    at: int
    accent: str
    title: str
    merchant: str
    dated: str
    code: str
    bars: labels.Code
    qr: labels.Code
    sender: list[str]
    recipient: list[str]
    lines: list[PaperLine]
    count: str
    steps: list[str]
    words: dict[str, str]


async def packing_list(facts: PackingFacts, voice: Voice) -> bytes:
    """The PDF, A4. Raises ValueError as a label does."""
    return await press.printed("packing_list", document(facts, voice))


def document(facts: PackingFacts, voice: Voice) -> PackingDocument:
    _, locale = voice.gettext, Locale.parse(voice.locale)
    count = sum(line.quantity for line in facts.lines)
    return PackingDocument(
        lang=locale.language,
        region=locale.territory,
        at=max(int(facts.at.timestamp()), 0),
        accent=settings.accent,
        title=labels.titled(facts.order, facts.code, voice),
        merchant=labels.one_line(facts.merchant),
        dated=voice.long_day(facts.at),
        code=facts.code,
        bars=labels.bars(facts.code),
        qr=labels.qr(facts.url),
        sender=labels.address(facts.sender),
        recipient=labels.address(facts.recipient) or labels.address([facts.merchant]),
        lines=[_line(line) for line in facts.lines],
        count=voice.ngettext("%(num)d piece in this parcel", "%(num)d pieces in this parcel", count) % {"num": count},
        steps=_steps(facts.hints, voice),
        words=_words(voice),
    )


def _line(line: PackingLine) -> PaperLine:
    title, reason = (labels.one_line(text, labels.LONGEST_TITLE) for text in (line.title, line.reason))
    return PaperLine(title, labels.one_line(line.about), reason, str(line.quantity))


def _steps(hints: Sequence[str], voice: Voice) -> list[str]:
    _ = voice.gettext
    return [
        _("Put in only what is on this list, with its accessories and, if you still have it, its own packaging."),
        _("Fill the gaps so that nothing moves; wrap what can break by itself."),
        _("Put this list on top and close the parcel."),
        _("Stick the label outside, and keep the carrier's receipt until your money is back."),
        *(hint for hint in hints if hint.strip()),
    ]


def _words(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "kind": _("Packing list"),
        "inside": _("Goes into the parcel."),
        "page": _("Page {page} of {pages}"),
        "from": _("From"),
        "to": _("To"),
        "unknown": _("No address is known."),
        "item": _("Item"),
        "reason": _("Reason"),
        "quantity": _("Quantity"),
        "packed": _("Packed"),
        "how": _("How to pack"),
    }
