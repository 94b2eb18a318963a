"""The acknowledgement of a withdrawal on a durable medium: its content, its date and its time, signed by the counter
(Directive 2011/83/EU, Art. 11a(4) as inserted by Directive (EU) 2023/2673). Set from withdrawal.typ."""

import asyncio
from datetime import date, datetime

from babel import Locale
from msgspec import Struct

from app import press
from app.i18n import Voice
from app.returns import labels, receipt_steps, signing
from app.returns.doubts import Doubt
from app.returns.rule_book import Payer
from app.settings import settings

LONGEST_MESSAGE = 4_000  # characters


class WithdrawnItem(Struct, frozen=True, kw_only=True):
    """`about` is the variant."""

    title: str
    quantity: int
    about: str = ""


class WithdrawalFacts(Struct, frozen=True, kw_only=True):
    """What was declared, as it came: `declared_at` is when it reached us. No `items` is the whole contract; `order` is its
    number, or in the customer's words what was bought. The days are those of the window's rules, where they are known;
    `keeps_goods`: nothing has to be sent back, where `unsent` because nothing was sent; `coming`: it is not there yet.
    `payer`: who bears what sending it back costs. `delivery`: whether what that cost comes back as well, None where nobody
    knows yet. `doubt`: what stands against it; that it came is confirmed all the same. `contested`: the seller says that it
    has no effect."""

    code: str
    name: str
    order: str
    email: str
    declared_at: datetime
    merchant: str
    merchant_lines: list[str] = []
    ordered_on: date | None = None
    items: list[WithdrawnItem] = []
    message: str = ""
    return_address: list[str] = []
    send_by: date | None = None
    refund_by: date | None = None
    keeps_goods: bool = False
    unsent: bool = False
    coming: bool = False
    payer: Payer | None = None
    delivery: bool | None = None
    doubt: Doubt = ""
    contested: bool = False
    url: str = ""


class Fact(Struct, frozen=True):
    label: str
    text: str


class PaperItem(Struct, frozen=True):
    title: str
    about: str
    quantity: str


class WithdrawalDocument(Struct, frozen=True, kw_only=True):
    """All that withdrawal.typ needs, every text formatted."""

    lang: str
    region: str | None
    at: int
    accent: str
    title: str
    merchant: str
    merchant_lines: list[str]
    statement: str
    facts: list[Fact]
    items: list[PaperItem]
    message: str
    steps: list[str]
    return_address: list[str]
    signature: str
    certificate: str
    fingerprint: str
    words: dict[str, str]


async def acknowledgement(facts: WithdrawalFacts, voice: Voice) -> bytes:
    """The signed PDF. Made again it says the same, but its signature is another: keep the bytes that were sent."""
    return await asyncio.get_running_loop().run_in_executor(press.PRESS, _made, facts, voice)


def _made(facts: WithdrawalFacts, voice: Voice) -> bytes:
    return signing.signed(press.pressed("withdrawal", document(facts, voice)))


def document(facts: WithdrawalFacts, voice: Voice) -> WithdrawalDocument:
    _, locale = voice.gettext, Locale.parse(voice.locale)
    at = instant(facts.declared_at, voice)
    return WithdrawalDocument(
        lang=locale.language,
        region=locale.territory,
        at=max(int(facts.declared_at.timestamp()), 0),
        accent=settings.accent,
        title=labels.one_line(_("Withdrawal %(code)s") % {"code": facts.code}),
        merchant=labels.one_line(facts.merchant),
        merchant_lines=[line for text in facts.merchant_lines if (line := labels.one_line(text))],
        statement=_statement(facts, at, voice),
        facts=_facts(facts, at, voice),
        items=[_item(item) for item in facts.items],
        message=facts.message.strip()[:LONGEST_MESSAGE],
        steps=receipt_steps.steps(facts, voice),
        return_address=[] if facts.keeps_goods else labels.address(facts.return_address),
        signature=_signature(voice),
        certificate=f"{settings.base_url}/withdrawal/certificate.pem",
        fingerprint=signing.fingerprint(),
        words=_words(voice),
    )


def _item(item: WithdrawnItem) -> PaperItem:
    return PaperItem(labels.one_line(item.title, labels.LONGEST_TITLE), labels.one_line(item.about), str(item.quantity))


def instant(at: datetime, voice: Voice) -> str:
    """“27 November 2026, 15:42:07 (Europe/Paris, UTC+01:00)”: nobody has to guess by which clock."""
    local = voice.local(at)
    offset = local.strftime("%z")
    zone = ", ".join(name for name in (voice.zone, f"UTC{offset[:3]}:{offset[3:5]}") if name)
    return f"{voice.moment(at)}:{local:%S} ({zone})"


def _statement(facts: WithdrawalFacts, at: str, voice: Voice) -> str:
    _ = voice.gettext
    whole = _("We confirm that %(name)s has withdrawn from the whole contract with %(merchant)s.")
    part = _("We confirm that %(name)s has withdrawn from the contract with %(merchant)s for the items below.")
    words = _("We confirm that %(name)s has withdrawn from the contract with %(merchant)s, in the words below.")
    came = _("We confirm that %(name)s has declared to withdraw from a contract with %(merchant)s.")
    certain = part if facts.items else words if facts.message.strip() else whole
    said = f"{came if facts.contested or facts.doubt in ('late', 'unknown') else certain} " + _(
        "The declaration reached us on %(moment)s."
    )
    return said % {"name": labels.one_line(facts.name), "merchant": labels.one_line(facts.merchant), "moment": at}


def _facts(facts: WithdrawalFacts, at: str, voice: Voice) -> list[Fact]:
    _ = voice.gettext
    told = (
        (_("Name"), facts.name),
        (_("Seller"), facts.merchant),
        (_("Order or contract"), facts.order),
        (_("Ordered on"), voice.long_day(facts.ordered_on) if facts.ordered_on else ""),
        (_("E-mail address"), facts.email),
        (_("Date and time"), at),
        (_("Reference"), facts.code),
        (_("Its state, at any time"), facts.url),
    )
    return [Fact(label, said) for label, text in told if (said := labels.one_line(text, 500))]


def _signature(voice: Voice) -> str:
    _ = voice.gettext
    said = _("Signed electronically by %(shop)s: a change of any byte shows. The certificate, and its SHA-256:")
    return said % {"shop": settings.name}


def _words(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "kind": _("Acknowledgement of withdrawal"),
        "content": _("What was declared"),
        "item": _("Item"),
        "quantity": _("Quantity"),
        "message": _("In the customer's words"),
        "next": _("What happens next"),
        "address": _("Where to"),
        "page": _("Page {page} of {pages}"),
    }
