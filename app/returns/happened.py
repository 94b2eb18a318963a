"""What happened to a return: every step with who took it, and the words that were exchanged; newest first."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from app import db
from app.events import of_order
from app.events.actions import data_of
from app.i18n import Voice, _
from app.merchants import members
from app.returns import happened_words
from app.returns.kept import Kept

A_SECOND = timedelta(seconds=1)  # a deadline is the instant at which its last day is over
# The plus leads SQLite to what has become of the order, not to all that was said about it.
EVENTS = f"""
SELECT id, kind, at, data FROM events WHERE "order" = {{}} AND kind LIKE {{}} AND {of_order.ITSELF} ORDER BY +id DESC LIMIT 500
"""  # noqa: S608 - our own words
UNBOUND = """
SELECT id, kind, at, data FROM events WHERE customer {whose} AND "order" IS NULL AND merchant = {{}} AND kind LIKE {{}}
ORDER BY id DESC LIMIT 500
"""
OF_MONEY = f"""
SELECT id, kind, at, data FROM events WHERE "order" IN (SELECT "order" FROM refunds WHERE of_return = {{}})
AND kind IN ({{marks}}) AND {of_order.ITSELF} ORDER BY +id DESC LIMIT 500
"""  # noqa: S608 - our own words
NAMED = "SELECT id, kind, at, data FROM events WHERE id IN ({marks}) ORDER BY id DESC"


class Moment(Struct, frozen=True):
    """`text` is what happened, `detail` what was written or for how much, `who` did it."""

    text: str
    detail: str
    when: str
    who: str
    current: bool


async def told(it: Kept, voice: Voice, *, desk: bool = False) -> list[Moment]:
    """`desk`: for the merchant's people, who are told which of them it was."""
    found = [(event, data_of(event["data"])) for event in await events(it)]
    own = [(event, data) for event, data in found if data.get("code") == it.it.code] + await _money(it)
    own.sort(key=lambda one: one[0]["id"], reverse=True)
    names = await members.names_of([str(data.get("by", "")) for _event, data in own]) if desk else {}
    words = {**happened_words.kinds(voice), **(happened_words.at_desk(voice) if desk else {})}
    known = [(event, data, str(data.get("by", ""))) for event, data in own if event["kind"] in words]
    return [
        Moment(
            _named(event["kind"], data, words, voice),
            _detail(data, voice),
            voice.moment(event["at"]),
            _who(by, it, names),
            n == 0,
        )
        for n, (event, data, by) in enumerate(known)
    ]


async def _money(it: Kept) -> list[tuple[db.Row, dict[str, object]]]:
    """What became of its refunds once they were approved; what was told when it was sent is not told again."""
    refunds = {row["id"] for row in await db.rows("SELECT id FROM refunds WHERE of_return = {}", it.it.id)}
    if not refunds:
        return []
    sql = OF_MONEY.replace("{marks}", db.marks(len(happened_words.MONEY)))
    found = [(event, data_of(event["data"])) for event in await db.rows(sql, it.it.id, *happened_words.MONEY)]
    return [(event, data) for event, data in found if data.get("refund") in refunds and not data.get("told")]


def _named(kind: str, data: Mapping[str, object], words: Mapping[str, str], voice: Voice) -> str:
    """A claim is made good in several ways, and what is only agreed to is not settled yet; of what was never charged nothing is
    given back."""
    if data.get("uncharged") and not data.get("amount"):
        return voice.gettext("Settled: nothing was charged for it")
    if kind == "claim_resolved" and data.get("exchange"):
        return words["claim_exchange_sent"]
    return voice.gettext("Refund approved") if kind == "claim_resolved" and data.get("amount") else words[kind]


async def events(it: Kept) -> Sequence[db.Row]:
    """Of its order and kind, newest first; those of others like it are among them. Of one that was attached to its order later
    those of before as well, which that event names."""
    row = it.it
    if row.order is not None:
        found = await db.rows(EVENTS, row.order, f"{row.kind}_%")
        return [*found, *await _earlier(it, found)] if row.kind == "withdrawal" else found
    if row.customer is None:
        return await db.rows(UNBOUND.format(whose="IS NULL"), row.merchant, f"{row.kind}_%")
    return await db.rows(UNBOUND.format(whose="= {}"), row.customer, row.merchant, f"{row.kind}_%")


async def _earlier(it: Kept, found: Sequence[db.Row]) -> Sequence[db.Row]:
    attached = [data_of(event["data"]) for event in found if event["kind"] == "withdrawal_attached"]
    named = [number for data in attached if data.get("code") == it.it.code for number in data.get("earlier", [])]
    return await db.rows(NAMED.format(marks=db.marks(len(named))), *named) if named else []


def _detail(data: dict[str, object], voice: Voice) -> str:
    """An objection names the day of its answer, whatever was written with it."""
    words, due = _words(data, voice), data.get("due")
    if not isinstance(due, str) or not due:
        return words
    by = _("Answer due by %(day)s") % {"day": voice.weekday(datetime.fromisoformat(due) - A_SECOND)}
    return f"{words} · {by}" if words else by


def _words(data: dict[str, object], voice: Voice) -> str:
    if withdrawal := data.get("withdrawal"):
        return _("Its items are in withdrawal %(code)s now") % {"code": withdrawal}
    if isinstance(claims := data.get("claims"), list):
        return ", ".join(map(str, claims))
    if isinstance(now := data.get("now"), list):
        return f"{_counted(data.get('was'))} → {_counted(now)}"
    for name in ("text", "answer", "note"):
        if isinstance(said := data.get(name), str) and said:
            return said
    currency = str(data.get("currency") or "")
    for name, text in _amounts(voice).items():
        if isinstance(amount := data.get(name), int) and amount and currency:
            more = (str(data.get(one) or "") for one in ("less", "reference"))
            return " · ".join(one for one in (text % {"amount": voice.money(amount, currency)}, *more) if one)
    named = (str(data.get(name) or "") for name in ("carrier", "tracking_number", "number"))
    return " ".join(text for text in named if text)


def _counted(lines: object) -> str:
    """“2 × Teapot, 1 × Cup”."""
    found = [one for one in lines if isinstance(one, list) and len(one) == 2] if isinstance(lines, list) else []
    return ", ".join(f"{count} × {title}" for title, count in found)


def _amounts(voice: Voice) -> dict[str, str]:
    """What an amount is, by its name: of the difference in price of an exchange, who pays it."""
    _ = voice.gettext
    given, to_pay = _("The difference is paid back: %(amount)s"), _("The difference is to be paid: %(amount)s")
    not_charged = _("The shop does not charge %(amount)s")
    return {"amount": "%(amount)s", "given": given, "to_pay": to_pay, "uncharged": not_charged}


def _who(by: str, it: Kept, names: dict[str, str]) -> str:
    """In the customer's eyes the seller is one; its own people know each other."""
    kind, _colon, name = by.partition(":")
    if kind in ("customer", "guest"):
        return it.it.name or it.it.email
    if kind == "carrier":
        return name
    if by in names:
        return names[by]
    return {
        "member": it.it.merchant_name, "program": it.it.merchant_name, "source": it.it.merchant_name,
        "rules": _("by the shop's rules"),
    }.get(kind, "")  # fmt: skip
