"""A withdrawal's acknowledgement: the signed paper, and the mail that brings it (Directive 2011/83/EU, Art. 11a(4)). Made as
soon as the declaration is kept; should this process die in between, a chore makes what is missing.
"""

import logging
from datetime import datetime, timedelta
from typing import Any

import msgspec

from app import clock, db
from app.addresses import layout
from app.db import transaction
from app.errors import Refused
from app.i18n import Voice, _, supported
from app.mail import letters
from app.mail.outbox import Attachment
from app.returns import bearing, doubts, files, kept, receipts, worth
from app.returns.kept import Kept
from app.returns.receipts import WithdrawalDocument, WithdrawalFacts, WithdrawnItem
from app.settings import settings

log = logging.getLogger(__name__)
PDF = "application/pdf"
NOT_ALL_SENT = ("unfulfilled", "partly_shipped", "partly_delivered")
A_WHILE = timedelta(seconds=30)  # in which whoever has taken the declaration makes its paper
AT_ONCE = 20
UNFINISHED = """
SELECT code FROM returns WHERE kind = 'withdrawal' AND receipt = '' AND state <> 'unconfirmed' AND changed_at <= {}
ORDER BY id LIMIT {}
"""
MERCHANT = "SELECT address, legal, email FROM merchants WHERE id = {}"
PERSON = "SELECT email, locale, time_zone, phrase FROM customers WHERE id = {}"


async def complete(code: str) -> None:
    """The paper kept and its mail written down, once. What goes wrong is logged, and tried again by the chore: the declaration
    stands, and nobody is to be told that it does not."""
    try:
        await _complete(await kept.by_code(code))
    except Exception:
        log.exception("the acknowledgement of %s could not be made", code)


async def complete_all() -> None:
    """A chore: those whose process died before they had theirs."""
    for row in await db.rows(UNFINISHED, clock.now() - A_WHILE, AT_ONCE):
        await complete(row["code"])


async def _complete(it: Kept) -> None:
    if it.it.receipt:
        return
    person, said = await reader(it)
    facts = await facts_of(it, said)
    body = await receipts.acknowledgement(facts, said)
    name = await files.keep_paper(body)
    async with transaction():
        kept_it = await db.execute(
            "UPDATE returns SET receipt = {} WHERE id = {} AND receipt = '' RETURNING id", name, it.it.id
        )  # fmt: skip
        if kept_it:
            phrase = person["phrase"] if person and person["email"] == it.it.email else ""
            await _write(it, facts, said, phrase, body)
    if not kept_it:  # somebody else was quicker
        files.drop([name])


async def _write(it: Kept, facts: WithdrawalFacts, said: Voice, phrase: str, body: bytes) -> None:
    shown = receipts.document(facts, said)
    await letters.write(
        it.it.email, "withdrawal_receipt", said, phrase=phrase, url=settings.base_url, link=facts.url, merchant=shown.merchant,
        statement=shown.statement, facts=[(one.label, one.text) for one in shown.facts],
        items=[(one.quantity, one.title, one.about) for one in shown.items], message=shown.message, steps=shown.steps,
        address=shown.return_address, attachments=[Attachment(file_name(it.it.code, said), PDF, body)],
    )  # fmt: skip


async def paper(it: Kept) -> bytes:
    """The very bytes that were sent. Raises Refused (503) while they cannot be made."""
    if not it.it.receipt:
        await complete(it.it.code)
        it = await kept.by_code(it.it.code)
    if not it.it.receipt:
        raise Refused(_("The paper is not ready yet. Try again in a moment."), status=503, retry_after=10)
    return files.read(it.it.receipt)[0]


def file_name(code: str, voice: Voice) -> str:
    return voice.gettext("withdrawal-%(code)s.pdf") % {"code": code}


async def shown(it: Kept, voice: Voice) -> WithdrawalDocument:
    """What the paper says, for a page."""
    return receipts.document(await facts_of(it, voice), voice)


async def facts_of(it: Kept, voice: Voice) -> WithdrawalFacts:
    """It reached us when it was sent off, even where its address was confirmed later (Art. 11a(5))."""
    row, doubt = it.it, doubts.of(it)
    (shop,) = await db.rows(MERCHANT, row.merchant)
    placed = await db.one("SELECT placed_at, fulfilment FROM orders WHERE id = {}", row.order) if row.order else None
    address = msgspec.json.decode(row.address)
    return WithdrawalFacts(
        code=row.code,
        name=row.name,
        order=row.contract or row.order_numbers,
        email=row.email,
        declared_at=row.created_at,
        merchant=row.merchant_name,
        merchant_lines=[line for name in ("address", "legal", "email") for line in shop[name].splitlines()],
        ordered_on=voice.local(placed["placed_at"]).date() if placed else None,
        items=[] if doubt else [WithdrawnItem(title=it.title, quantity=it.quantity, about=it.variant) for it in it.lines],
        message=row.note,
        return_address=layout.lines(address, "", voice.locale) if address else shop["address"].splitlines(),
        refund_by=_day(row.refund_by, voice),
        payer=await bearing.payer(it),
        **_goods(it, placed["fulfilment"] if placed else "", voice),
        delivery=any(one.shipping for one in them) if (them := worth.promises(row.grounds)) and not doubt else None,
        doubt=doubt,
        contested=row.state == "unfounded",
        url=f"{settings.base_url}/returns/{row.code}" if row.customer else "",
    )


def _goods(it: Kept, fulfilment: str, voice: Voice) -> dict[str, Any]:
    """Whether they are to go back, and by when."""
    row = it.it
    keeps = row.state == "acknowledged" and doubts.of(it) in ("", "unclear")
    coming = row.state == "goods_due" and row.send_by is None
    unsent = keeps and fulfilment in NOT_ALL_SENT
    return {"send_by": _day(row.send_by, voice), "keeps_goods": keeps, "unsent": unsent, "coming": coming}


def _day(end: datetime | None, voice: Voice) -> Any:
    """A deadline is the instant at which its last day is over."""
    return voice.local(end - timedelta(seconds=1)).date() if end else None


async def reader(it: Kept) -> tuple[Any, Voice]:
    """The customer's row, where there is one, and the words for whoever declared it."""
    person = await db.one(PERSON, it.it.customer) if it.it.customer else None
    locale = it.it.locale or (person["locale"] if person else "")
    zone = (person["time_zone"] if person else "") or it.it.time_zone
    return person, Voice(supported(locale) or settings.locales[0], zone)
