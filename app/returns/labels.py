"""The label on a parcel that goes back: to the merchant, with a code that its warehouse scans. Set from label.typ.

Its bars are half a millimetre wide: what carriers' scanners ask for (GS1 General Specifications, symbol table 5: 0.495 mm
and more), and four whole dots of a thermal printer with 203 dots an inch.
"""

from datetime import date, datetime

from babel import Locale
from msgspec import Struct

from app import codes, press
from app.i18n import Voice
from app.settings import settings

MOST_LINES, LONGEST_LINE = 9, 90  # of an address on a label; characters
LONGEST_TITLE = 500  # characters: more would keep the press busy for seconds


class Code(Struct, frozen=True):
    """A drawing, the number of modules it is wide, what it says to who cannot see it."""

    svg: str
    modules: int
    text: str


class LabelFacts(Struct, frozen=True, kw_only=True):
    """`sender` and `recipient` are the lines of an address (`addresses.layout.lines`): without a sender there is room to write
    one, without a recipient stands the merchant's name. `url` is what the QR code says (https://…). Not `stamped`: its way is
    paid for where it is handed in."""

    code: str
    url: str
    merchant: str
    order: str
    at: datetime
    sender: list[str] = []
    recipient: list[str] = []
    send_by: date | None = None
    stamped: bool = True


class LabelDocument(Struct, frozen=True, kw_only=True):
    """All that label.typ needs, every text formatted. `folded`: on A4."""

    lang: str
    region: str | None
    at: int
    accent: str
    folded: bool
    title: str
    merchant: str
    dated: str
    code: str
    bars: Code
    qr: Code
    sender: list[str]
    recipient: list[str]
    send_by: str
    postage: str
    steps: list[str]
    words: dict[str, str]


async def label(facts: LabelFacts, voice: Voice, *, folded: bool = False) -> bytes:
    """The PDF: one page A6, or, `folded`, A4 with the label in a quarter of it and how to put it on the parcel beside.

    Raises ValueError for a code that bars cannot say, or an address that is not ASCII.
    """
    return await press.printed("label", document(facts, voice, folded))


def document(facts: LabelFacts, voice: Voice, folded: bool) -> LabelDocument:
    _, locale = voice.gettext, Locale.parse(voice.locale)
    return LabelDocument(
        lang=locale.language,
        region=locale.territory,
        at=max(int(facts.at.timestamp()), 0),
        accent=settings.accent,
        folded=folded,
        title=titled(facts.order, facts.code, voice),
        merchant=one_line(facts.merchant),
        dated=voice.day(facts.at),
        code=facts.code,
        bars=bars(facts.code),
        qr=qr(facts.url),
        sender=address(facts.sender),
        recipient=address(facts.recipient) or address([facts.merchant]),
        send_by=_("Send it by %(day)s") % {"day": voice.long_day(facts.send_by)} if facts.send_by else "",
        postage="" if facts.stamped else _("No postage is paid"),
        steps=_steps(voice, facts.stamped),
        words=_words(voice, facts.stamped),
    )


def titled(order: str, code: str, voice: Voice) -> str:
    _ = voice.gettext
    return one_line(_("Order %(number)s") % {"number": order} if order else _("Return %(code)s") % {"code": code})


def bars(code: str) -> Code:
    return Code(codes.code128(code), codes.code128_width(code), code)


def qr(url: str) -> Code:
    return Code(codes.qr(url), codes.qr_width(url), url)


def address(lines: list[str]) -> list[str]:
    """What fits: of a very long one the first lines, and the last, which is the country or the telephone."""
    kept = [shortened for line in lines if (shortened := one_line(line, LONGEST_LINE))]
    return kept if len(kept) <= MOST_LINES else [*kept[: MOST_LINES - 1], kept[-1]]


def one_line(text: str, most: int = 200) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _steps(voice: Voice, stamped: bool) -> list[str]:
    _ = voice.gettext
    pay = _("Pay for the parcel where you hand it in: this label carries no postage.")
    return [
        _("Print this page on A4 at its actual size (100%)."),
        _("Fold it twice along the dashed lines, or cut the label out."),
        _("Cover or remove every older label on the parcel."),
        _("Stick it flat on the largest side: both codes whole, without an edge or tape across them."),
        *([] if stamped else [pay]),
    ]


def _words(voice: Voice, stamped: bool) -> dict[str, str]:
    _ = voice.gettext
    return {
        "kind": _("Return label") if stamped else _("Address label"),
        "from": _("From"),
        "to": _("To"),
        "scan": _("Scan either code when the parcel arrives."),
        "lost": _("If the label is lost, this code on the parcel will do:"),
    }
