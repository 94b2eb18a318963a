"""“What happened?”: what a customer can say of an item, and which right answers it. The strongest comes first; what is not
possible is said at the end, with the rule."""

from collections.abc import Sequence

from msgspec import Struct

from app import pictures
from app.i18n import Voice
from app.returns import cases, taking, way_costs, words
from app.returns.cases import Right
from app.returns.offered import Line, Offered, Order


class Saying(Struct, frozen=True):
    """“It does not work”, and where that leads; `costs`: of a change of mind, how it goes back and what that costs."""

    text: str
    url: str
    costs: list[str] = []


class Answer(Struct, frozen=True):
    """A right: what it is called, until when, by which law or rule, what it gives, and what may be said to use it."""

    code: str
    title: str
    when: str
    source: str
    gives: str
    notes: list[str]
    sayings: list[Saying]
    by_law: bool


class Closed(Struct, frozen=True):
    title: str
    when: str
    why: str
    source: str


class ItemShown(Struct, frozen=True):
    """`url` asks what happened to this one; `taken` names the returns that it is in: words and address."""

    title: str
    variant: str
    picture: str
    quantity: str
    url: str
    taken: list[tuple[str, str]]


# What may be said, by the right that answers: text's key, kind of request, reason, wish.
WRONG = (("defective", "claim"), ("damaged", "claim"), ("wrong_item", "claim"), ("missing_item", "claim"))
SAYINGS = {
    "guarantee": WRONG,
    "report": WRONG,
    "delivery_claim": (("not_delivered", "claim"),),
    "cancellation": (("cancel", "cancellation"),),
    "return": (("changed_mind", "return"),),
    "exchange": (("wrong_size", "return"),),
}


def said(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "withdraw": _("I changed my mind: withdraw from contract here"),
        "changed_mind": _("I changed my mind: send it back by the shop's rules"),
        "wrong_size": _("Wrong size or colour: exchange it"),
        "defective": _("It is broken or does not work"),
        "damaged": _("It came damaged"),
        "wrong_item": _("It is not what I ordered, or not as described"),
        "missing_item": _("Something is missing"),
        "not_delivered": _("It never came"),
        "cancel": _("I do not want it any more: cancel it before it is sent"),
    }


def item(order: Order, line: Line, voice: Voice) -> ItemShown:
    row, base = line.row, f"/orders/{order.address}"
    return ItemShown(
        row["title"], row["variant"], pictures.url(row["picture"]), f"{row['quantity']} ×",
        f"{base}/what-happened?line={line.id}", taking.links(line.taken, voice),
    )  # fmt: skip


def answers(order: Order, line: Line, voice: Voice) -> list[Answer]:
    """What is open, as `windows` sorts it."""
    return [_answer(it, _sayings(order, line, it, voice), voice) for it in line.rights if line.answers(it)]


def _answer(right: Right, sayings: list[Saying], voice: Voice) -> Answer:
    return Answer(
        right.code, words.title(right.code, voice), words.when(right, voice), words.source(right, voice),
        words.counted(right, voice), words.notes(right, voice), sayings, right.source not in (words.SHOP, *words.COUNTRY),
    )  # fmt: skip


def _sayings(order: Order, line: Line, right: Right, voice: Voice) -> list[Saying]:
    texts, base = said(voice), f"/orders/{order.address}"
    if right.code == "withdrawal":
        return [Saying(texts["withdraw"], f"{base}/withdrawal?line={line.id}", _costs(order, "withdraw", voice))]
    found = []
    for name, kind in SAYINGS[right.code]:
        more = "" if name == "cancel" else f"&reason={name}"
        wish = "&wish=exchange" if name == "wrong_size" else ""
        found.append(
            Saying(texts[name], f"{base}/returns/new?kind={kind}&line={line.id}{more}{wish}", _costs(order, name, voice))
        )
    return found


def _costs(order: Order, name: str, voice: Voice) -> list[str]:
    """What was never sent need not come back."""
    theirs, said = order.rights, voice.gettext("%(label)s: %(text)s")
    if name == "changed_mind":
        ways = way_costs.offered([(theirs.rules, name)], theirs.newest, order.worth.order["currency"], voice)
        return [said % {"label": way.title, "text": way.cost} for way in ways]
    return [way_costs.of_withdrawal(theirs.rules, voice)] if name == "withdraw" and theirs.bought.parcels else []


def closed(line: Line, voice: Voice) -> list[Closed]:
    return [_closed(it, voice) for it in cases.told(line.rights) if not it.open]


def _closed(right: Right, voice: Voice) -> Closed:
    when = words.when(right, voice) if right.until or right.from_day else ""
    return Closed(words.title(right.code, voice), when, words.why(right, voice), words.source(right, voice))


def of_whole(it: Offered, voice: Voice) -> list[Answer]:
    """Of an order with several items: what can be done with everything in it at once."""
    _, order, found = voice.gettext, it.order, []
    base = f"/orders/{order.address}"
    own = {"withdrawal": _("I changed my mind about all of it"), "cancellation": _("Cancel the whole order")}
    leads = {"withdrawal": f"{base}/withdrawal", "cancellation": f"{base}/returns/new?kind=cancellation&all=yes"}
    for code, text in own.items():
        lines = [line for line in order.lines if (line.withdrawable if code == "withdrawal" else line.free)]
        rights = [_of(line.rights, code) for line in lines]
        if rights and all(right.open for right in rights):
            found.append(_answer(_soonest(rights), [Saying(text, leads[code])], voice))
    return found


def _of(rights: Sequence[Right], code: str) -> Right:
    return next(it for it in rights if it.code == code)


def _soonest(rights: Sequence[Right]) -> Right:
    """The one that ends first: with it ends what can be done with all of them."""
    return min(rights, key=lambda it: (it.ends_at is None, it.ends_at))
