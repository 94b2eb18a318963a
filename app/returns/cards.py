"""A return in a list, and on its own page: every text formatted once; templates only place it."""

from collections.abc import Sequence
from datetime import timedelta

import msgspec
from msgspec import Struct

from app import pictures
from app.addresses import layout
from app.i18n import Voice, _
from app.returns import asked, carried, objections, photos, refusals, sentences, states, sums, unfounded_letters
from app.returns.kept import Kept, KeptReturnLine
from app.returns.lists import Listed
from app.returns.quotes import MONEY
from app.returns.sentences import Sentence
from app.returns.sums import Amount


class ReturnCard(Struct, frozen=True):
    """As an order's card; `pictures` are addresses, empty where we keep none; `more` items have none here."""

    code: str
    url: str
    kind: str
    said: Sentence
    pictures: tuple[str, ...]
    more: int
    titles: str
    small_print: str


class LineShown(Struct, frozen=True):
    """`came`: what was found when it arrived, in words; `kept` what the seller keeps of it, and why."""

    id: int
    title: str
    variant: str
    picture: str
    quantity: str
    about: list[str]
    amount: str
    came: str
    kept: str


class ReturnSheet(Struct, frozen=True, kw_only=True):
    """See templates/returns/show.html; `photos`: address and what each was called. `label`: empty, or whether
    ours is stamped or bare of postage."""

    code: str
    url: str
    kind: str
    state: str
    title: str
    said: Sentence
    shop: str
    lines: list[LineShown]
    amounts: list[Amount]
    facts: list[tuple[str, str]]
    note: str
    answer: str
    clause: str
    address: list[str]
    photos: list[tuple[str, str]]
    photos_wanted: bool
    orders: list[tuple[str, str]]
    can_cancel: bool
    can_reply: bool
    can_object: bool
    can_send: bool
    label: str

    @property
    def has_label(self) -> bool:
        return self.label != ""

    @property
    def stamped(self) -> bool:
        return self.label != "bare"


def card(it: Listed, voice: Voice) -> ReturnCard:
    shown = tuple(pictures.url(name) for name in msgspec.json.decode(it.pictures))
    said = sentences.told(it, voice)
    titles = it.titles.replace("\n", ", ")
    return ReturnCard(
        it.code, f"/returns/{it.code}", sentences.kinds(voice)[it.kind], said, shown, 0, titles, _small_print(it, voice)
    )


def _small_print(it: Listed, voice: Voice) -> str:
    items = voice.ngettext("%(num)d item from %(shop)s", "%(num)d items from %(shop)s", it.item_count)
    said = items % {"num": it.item_count, "shop": it.merchant_name} if it.item_count else it.merchant_name
    return f"{sentences.kinds(voice)[it.kind]}\u00a0· {said}\u00a0· {voice.day(it.created_at)}"


def sheet(kept: Kept, orders: Sequence[tuple[str, str]], voice: Voice, *, desk: bool = False) -> ReturnSheet:
    """`orders`: number and address of each. `desk`: in words for the merchant's people."""
    it = kept.it
    return ReturnSheet(
        code=it.code,
        url=f"/returns/{it.code}",
        kind=it.kind,
        state=it.state,
        title=f"{sentences.kinds(voice)[it.kind]} {it.code}",
        said=sentences.told(it, voice),
        shop=it.merchant_name,
        lines=[_line(line, it.currency, voice) for line in kept.lines],
        amounts=sums.promised(kept, voice, desk=desk),
        facts=facts(kept, voice, desk=desk),
        note=it.note,
        answer=it.answer,
        clause=_clause(kept, voice),
        address=_address(kept, voice) if states.to_send(it) else [],
        photos=[(f"/returns/{it.code}/photos/{file.id}", file.title or _("Photo")) for file in kept.files],
        photos_wanted=it.kind != "cancellation" and photos.wanted(kept),
        orders=list(orders),
        can_cancel=states.may(it.kind, it.state, "cancelled") and it.exchange is None,
        can_reply=sentences.asked_back(it),
        can_object=objections.possible(kept),
        can_send=states.to_send(it),
        label="" if not states.with_label(it) else "bare" if carried.chosen(kept) else "stamped",
    )


def _clause(kept: Kept, voice: Voice) -> str:
    """Of a double with the declaration that stands in its place."""
    text, double = refusals.clauses(voice).get(kept.it.clause, ""), unfounded_letters.double_of(kept)
    return _("%(label)s: %(text)s") % {"label": text, "text": double} if text and double else text


def _line(line: KeptReturnLine, currency: str, voice: Voice) -> LineShown:
    wish = asked.wishes(voice)[line.wish]
    why = asked.reasons(voice)[line.reason] if line.reason else ""
    about = [why, *_wished(line, wish), line.note]
    kept = _("%(amount)s less: %(reason)s") % {
        "amount": voice.money(line.deduction, currency), "reason": line.deduction_reason,
    } if line.deduction else ""  # fmt: skip
    return LineShown(
        line.id, line.title, line.variant, pictures.url(line.picture), f"{line.quantity} ×", [text for text in about if text],
        voice.money(line.expected, currency) if line.expected and line.wish in MONEY else "", _came(line, voice), kept,
    )  # fmt: skip


def _wished(line: KeptReturnLine, wish: str) -> list[str]:
    """What was wished and is not to be had has nothing to do with the money that comes instead."""
    if not line.wanted:
        return [wish]
    if line.wish in MONEY:
        return [wish, _("The exchange was not to be had: “%(what)s”") % {"what": line.wanted}]
    return [_("%(wish)s: %(what)s") % {"wish": wish, "what": line.wanted}]


def _came(line: KeptReturnLine, voice: Voice) -> str:
    damaged = voice.ngettext("%(num)d damaged", "%(num)d are damaged", line.damaged)
    words = {
        "sound": _("%(num)d in order"), "damaged": damaged, "wrong_item": _("%(num)d of another kind"),
        "missing": _("%(num)d not in the parcel"),
    }  # fmt: skip
    return ", ".join(text % {"num": count} for name, text in words.items() if (count := getattr(line, name)))


def facts(kept: Kept, voice: Voice, *, desk: bool) -> list[tuple[str, str]]:
    """A customer has the orders as links."""
    it = kept.it
    found = [
        (_("Asked for on"), voice.moment(it.created_at)),
        (_("Order or contract"), it.contract or (it.order_numbers if desk and it.order is None else "")),
        (_("How it goes back"), asked.ways(voice, desk=desk).get(it.way, "")),
        (_("Send it back by"), _send_by(kept, voice)),
        (_("Decided"), voice.moment(it.decided_at) if it.decided_at else ""),
        (_("Sent back"), voice.moment(it.sent_at) if it.sent_at else ""),
        (_("Arrived"), voice.moment(it.received_at) if it.received_at else ""),
        (_("Money due by"), _money_by(kept, voice)),
    ]
    return [(label, text) for label, text in found if text]


def _money_by(kept: Kept, voice: Voice) -> str:
    end = kept.it.refund_by
    return voice.weekday(end - timedelta(seconds=1)) if end and kept.it.state not in states.LET_GO else ""


def _send_by(kept: Kept, voice: Voice) -> str:
    end = kept.it.send_by
    return voice.weekday(end - timedelta(seconds=1)) if end and states.to_send(kept.it) else ""


def _address(kept: Kept, voice: Voice) -> list[str]:
    address = msgspec.json.decode(kept.it.address)
    return layout.lines(address, "", voice.locale) if address else []
