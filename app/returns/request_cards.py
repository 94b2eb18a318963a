"""The forms with which something is asked for, every text formatted once: items to choose from, those that are chosen, and the
ways to send them."""

from msgspec import Struct

from app import pictures
from app.i18n import Voice
from app.returns import asked, cases, taking, way_costs, words
from app.returns.asked import AskedLine
from app.returns.drafts import Draft
from app.returns.offered import Line, Offered, Order
from app.returns.rule_book import Rules
from app.returns.way_costs import Way

Choices = list[tuple[str, str]]


class Item(Struct, frozen=True):
    """To choose from. `most` of it can be chosen; where that is nothing, `why` says so."""

    id: int
    title: str
    variant: str
    picture: str
    most: int
    quantity: int
    until: str
    why: str
    taken: list[tuple[str, str]]


class Chosen(Struct, frozen=True):
    """With what is said of it: `quantity` as typed. `exchange`: it can be had."""

    item: Item
    line: AskedLine
    reasons: Choices
    wishes: Choices
    reason: str
    wish: str


class Group(Struct, frozen=True):
    """Of one order: `chosen` are open forms, `items` wait to be chosen, `closed` cannot be."""

    number: str
    url: str
    chosen: list[Chosen]
    items: list[Item]
    closed: list[Item]


def of_all(draft: Draft, voice: Voice) -> tuple[Choices, Choices]:
    """Reasons and wishes that can be said of many at once: none that needs words for each."""
    reasons, wishes = asked.reasons(voice), asked.wishes(voice)
    wished = [code for code in asked.WISHES[draft.kind] if code != "exchange"]
    return [(code, reasons[code]) for code in asked.REASONS[draft.kind]], [(code, wishes[code]) for code in wished]


def titles(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "return": _("Send something back"), "claim": _("Something is wrong with it"), "cancellation": _("Cancel items"),
    }  # fmt: skip


def groups(it: Offered, draft: Draft, voice: Voice) -> list[Group]:
    chosen = {line.line: line for line in draft.lines}
    return [_group(order, draft, chosen, voice) for order in it.orders]


def _group(order: Order, draft: Draft, chosen: dict[int, AskedLine], voice: Voice) -> Group:
    open_ones: list[Chosen] = []
    items: list[Item] = []
    closed: list[Item] = []
    for line in order.lines:
        item = _item(line, draft.kind, chosen.get(line.id), voice)
        if line.id in chosen and draft.stands_open(line.id):
            open_ones.append(_chosen(item, line, chosen[line.id], order.rights.rules, draft, voice))
        else:
            (items if item.most else closed).append(item)
    return Group(order.number, f"/orders/{order.address}", open_ones, items, closed)


def _item(line: Line, kind: str, said: AskedLine | None, voice: Voice) -> Item:
    row, right, is_open = line.row, line.right(kind), line.open(kind)
    ways = taking.links(line.taken, voice)
    why = "" if is_open else words.why(right, voice) or _taken(ways, voice)
    return Item(
        line.id, row["title"], row["variant"], pictures.url(row["picture"]), line.free if is_open else 0,
        said.quantity if said else 0, words.when(right, voice) if is_open else "", why, ways,
    )  # fmt: skip


def _taken(ways: Choices, voice: Voice) -> str:
    return voice.gettext("Nothing is left of it to be asked for.") if not ways else ""


def _chosen(item: Item, line: Line, said: AskedLine, theirs: Rules, draft: Draft, voice: Voice) -> Chosen:
    reasons, wishes = asked.reasons(voice), asked.wishes(voice)
    codes = [code for code in asked.REASONS[draft.kind] if _fits(line, draft.kind, code)]
    return Chosen(
        item, said, [(code, reasons[code]) for code in codes],
        [(code, wishes[code] + _bonus(code, theirs, voice)) for code in asked.WISHES[draft.kind]],
        reasons.get(said.reason, ""), wishes.get(said.wish, ""),
    )  # fmt: skip


def _fits(line: Line, kind: str, reason: str) -> bool:
    return kind != "claim" or any(right.code in cases.of_claim(reason) and right.open for right in line.rights)


def _bonus(wish: str, theirs: Rules, voice: Voice) -> str:
    """“, 5 % more”."""
    if wish != "store_credit" or not theirs.credit_bonus:
        return ""
    share = f"{theirs.credit_bonus / 100:g}"
    return voice.gettext(", %(share)s %% more") % {"share": share if voice.locale == "en" else share.replace(".", ",")}


def reviewed(it: Offered, draft: Draft, voice: Voice) -> list[Chosen]:
    """What is asked for, line by line, in words."""
    there, theirs = it.lines, it.rules
    found = [(line, there[line.line]) for line in draft.lines if line.line in there]
    return [
        _chosen(_item(at, draft.kind, line, voice), at, line, theirs[at.row["order"]], draft, voice) for line, at in found
    ]  # fmt: skip


def ways(draft: Draft, it: Offered, voice: Voice) -> list[Way]:
    """As the shop offers them, with who bears what they cost. Of a return alone: what a claim is about comes back as the seller
    says, who bears it."""
    if draft.kind != "return":
        return []
    there, theirs = it.lines, it.rules
    asked_for = [(theirs[there[line.line].row["order"]], line.reason) for line in draft.lines]
    return way_costs.offered(asked_for, it.newest, it.currency, voice)


def photos_wanted(draft: Draft) -> bool:
    """For what a picture shows."""
    return any(line.reason in ("damaged", "defective", "wrong_item", "not_as_described") for line in draft.lines)
