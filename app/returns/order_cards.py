"""What an order's page says of its returns: their names, as links; what ships in exchange, and of which order that came; and
what they hold of its lines."""

from collections.abc import Collection, Sequence
from datetime import datetime

from msgspec import Struct

from app import db
from app.i18n import Voice, _
from app.reading import Part
from app.returns import holding, outcome_words, sentences
from app.returns.outcomes import OUTCOME


class OfOrder(Struct, frozen=True, array_like=True):
    """`titles`: the first of what is in it, a line each; `lines` how many there are. `number` and `address` of the order that
    ships in exchange for it, empty without one."""

    code: str
    kind: str
    titles: str
    lines: int
    number: str
    address: str


class Exchanged(Struct, frozen=True, array_like=True):
    """The return in exchange for which this order ships, and the order that it came of. See `outcomes.OUTCOME`."""

    code: str
    kind: str
    number: str
    address: str
    currency: str
    exchange_off_at: datetime | None
    exchange_back: int
    exchange_sent: int


CODES = "SELECT id, code FROM returns WHERE id IN ({marks})"
LINES = "(SELECT count(*) FROM return_lines l WHERE l.of_return = r.id)"
ITS_ORDER = "coalesce({0}.number, ''), coalesce({0}.address, '')"
# For `reading.together` with the order's id.
PARTS = (
    Part(
        OfOrder,
        "FROM returns r LEFT JOIN orders x ON x.id = r.exchange AND x.customer = r.customer "
        "WHERE r.id IN (SELECT of_return FROM return_lines WHERE \"order\" = {}) AND r.state <> 'unconfirmed' ORDER BY r.id",
        f"r.code, r.kind, r.titles, {LINES}, {ITS_ORDER.format('x')}",
    ),
    holding.PART,
    Part(
        Exchanged,
        'FROM returns r LEFT JOIN orders f ON f.id = r."order" AND f.customer = r.customer WHERE r.exchange = {} ORDER BY r.id',
        f"r.code, r.kind, {ITS_ORDER.format('f')}, r.currency, "
        + ", ".join(OUTCOME[name] for name in ("exchange_off_at", "exchange_back", "exchange_sent")),
    ),
)


def links(found: Sequence[OfOrder], came_of: Sequence[Exchanged], voice: Voice) -> list[tuple[str, str]]:
    """Name and address of each, the oldest first."""
    names, links = sentences.kinds(voice), []
    for it in came_of:
        said = {"what": f"{names[it.kind]} {it.code}"}
        links.append((_("In place of what came back: %(what)s") % said + _off(it, voice), f"/returns/{it.code}"))
        if it.address:
            links.append((_("First order: %(number)s") % {"number": it.number}, f"/orders/{it.address}"))
    for one in found:
        links.append((_named(one, voice), f"/returns/{one.code}"))
        if one.address:
            links.append((_("Sent in exchange: order %(number)s") % {"number": one.number}, f"/orders/{one.address}"))
    return links


def _off(it: Exchanged, voice: Voice) -> str:
    """“ · €42.50 is going back”, of one that was cancelled."""
    back = outcome_words.back(it, voice) if it.exchange_off_at is not None else ""
    return f" · {back}" if back else ""


def _named(it: OfOrder, voice: Voice) -> str:
    """“Return R-7K3F9QXM: Teapot and 1 more”."""
    title, more = it.titles.partition("\n")[0], it.lines - 1
    rest = f" {voice.ngettext('and %(num)d more', 'and %(num)d more', more) % {'num': more}}" if more > 0 else ""
    return _("%(kind)s %(code)s: %(what)s") % {"kind": sentences.kinds(voice)[it.kind], "code": it.code, "what": title + rest}


async def codes(returns: Collection[int]) -> dict[int, str]:
    """By id."""
    found = await db.rows(CODES.format(marks=db.marks(len(returns))), *sorted(returns)) if returns else []
    return {row["id"]: row["code"] for row in found}
