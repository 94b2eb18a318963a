"""Facts as a return would give them, and the papers of them."""

import io
from datetime import UTC, date, datetime
from typing import Any

from pypdf import PdfReader

from app.i18n import Voice
from app.returns import labels, packing, receipts

CODE, URL = "R-7K3F9QXM", "https://orders.example.com/r/R-7K3F9QXM"
AT = datetime(2026, 11, 27, 14, 42, 7, tzinfo=UTC)
SENDER = ["Alice Martin", "6 rue des Lilas", "69003 Lyon"]
RECIPIENT = ["Atelier Mo", "Retours, quai 3", "12 quai des Tanneurs", "44000 Nantes", "France"]
ABOUT: dict[str, Any] = {"code": CODE, "merchant": "Atelier Mo", "order": "A-10482"}
PARCEL: dict[str, Any] = {**ABOUT, "url": URL, "at": AT, "sender": SENDER, "recipient": RECIPIENT}
SHIRT = packing.PackingLine(title="Linen shirt", about="White · M", quantity=2, reason="Too small")
WITHDRAWN = receipts.WithdrawnItem(title="Linen shirt", about="White · M", quantity=2)


def voice(locale: str = "en") -> Voice:
    return Voice(locale, "Europe/Paris")


async def label(locale: str = "en", *, folded: bool = False, **about: Any) -> bytes:
    facts = labels.LabelFacts(**{**PARCEL, "send_by": date(2026, 12, 11), **about})
    return await labels.label(facts, voice(locale), folded=folded)


async def packing_list(locale: str = "en", **about: Any) -> bytes:
    return await packing.packing_list(packing.PackingFacts(**{**PARCEL, "lines": [SHIRT], **about}), voice(locale))


async def acknowledgement(locale: str = "en", **about: Any) -> bytes:
    usual = {"name": "Alice Martin", "email": "alice@example.com", "declared_at": AT, "items": [WITHDRAWN]}
    facts = receipts.WithdrawalFacts(**{**ABOUT, **usual, "return_address": RECIPIENT, **about})
    return await receipts.acknowledgement(facts, voice(locale))


def opened(pdf: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(pdf))


def text(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in opened(pdf).pages).replace("\u200b", "").replace("\xa0", " ")


def flat(pdf: bytes) -> str:
    """Whatever the lines were broken at."""
    return " ".join(text(pdf).split())
