"""In words: what was given back of a return's orders beside it, shown at its desk next to what is decided."""

from collections.abc import Mapping, Sequence

from msgspec import Struct

from app import db
from app.i18n import Voice
from app.payments.refund_cards import COLUMNS, WITH, RefundCard, card
from app.returns import given_beside
from app.returns.given_beside import Given, Name
from app.returns.kept import Kept

ROWS = (
    f"SELECT {COLUMNS}, COALESCE(t.code, '') AS return_code, o.number FROM refunds r "  # noqa: S608 - our own words
    f'JOIN orders o ON o.id = r."order" LEFT JOIN returns t ON t.id = r.of_return {WITH} '
    "WHERE r.id IN ({marks}) ORDER BY r.id"
)
TITLES = 'SELECT "order", external_id, title FROM order_lines WHERE "order" IN ({marks})'


class GivenCard(Struct, frozen=True, kw_only=True):
    """`about`: from where, when, to where, for what, by which reference. `code`: of the return that it was for; `name`, the
    shop's id of one that names none and can be said to be for this one."""

    card: RefundCard
    about: list[str]
    code: str
    name: str


async def shown(it: Kept, voice: Voice) -> list[GivenCard]:
    """Without what was given for the return itself: that has its own place."""
    found = [one for one in await given_beside.of(it) if one.of_return != it.it.id]
    if not found:
        return []
    rows = {row["id"]: row for row in await db.rows(ROWS.format(marks=db.marks(len(found))), *[one.id for one in found])}
    orders = sorted({one.order for one in found})
    titles = {
        (row["order"], row["external_id"]): row["title"]
        for row in await db.rows(TITLES.format(marks=db.marks(len(orders))), *orders)
    }
    return [_card(one, rows[one.id], titles, voice) for one in found]


def _card(one: Given, row: db.Row, titles: Mapping[Name, str], voice: Voice) -> GivenCard:
    told = card(row, one.currency, voice)
    theirs = one.origin == "source" and one.again
    about = [_whose(one, voice), *_named(one, row, titles, told, voice)]
    return GivenCard(card=told, about=about, code=row["return_code"], name=one.external_id if theirs else "")


def _whose(one: Given, voice: Voice) -> str:
    _ = voice.gettext
    by = _("By the shop’s own system") if one.origin == "source" else _("From this desk")
    return f"{by} · {voice.day(one.at)}" if one.at else by


def _named(one: Given, row: db.Row, titles: Mapping[Name, str], told: RefundCard, voice: Voice) -> Sequence[str]:
    _ = voice.gettext
    what = [f"{count} × {titles.get((one.order, name), name)}" for name, count in one.lines.items()]
    said = _("For: %(what)s") % {"what": ", ".join(what)} if what else _("For what, nobody has said")
    by = told.reference or (one.external_id if one.origin == "source" else "")
    reference = _("Reference: %(text)s") % {"text": by} if by else ""
    order = _("Order %(number)s") % {"number": row["number"]}
    return [text for text in (order, "" if row["return_code"] and not what else said, reference, told.reason) if text]
