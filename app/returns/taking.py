"""Which of somebody's returns have taken an item, so that it cannot be asked for: what is under way, what is settled, and a
refusal that is looked at again."""

from collections.abc import Collection

from msgspec import Struct

from app import db
from app.i18n import Voice
from app.returns import doubts, sentences
from app.returns.kept import Kept
from app.returns.states import LET_GO
from app.returns.under_way import DONE

# CROSS JOIN: SQLite begins with the few lines, not with all that the customer ever sent back.
TAKEN = """
SELECT DISTINCT l.line, r.code, r.kind, r.state, r.id, r.grounds FROM return_lines l CROSS JOIN returns r
WHERE r.id = l.of_return AND l."order" IN ({orders}) AND r.customer = {{}} AND r.state <> 'unconfirmed'
  AND (l.held > 0 OR r.state NOT IN ({done}) OR (r.state IN ('declined', 'denied') AND r.waiting_on = 'seller')) ORDER BY r.id
"""

INSTEAD = """
SELECT DISTINCT r.code, r.kind, r.state, r.id FROM returns r JOIN return_lines l ON l.of_return = r.id
WHERE r.customer = {{}} AND l.held > 0 AND l.line IN ({marks}) ORDER BY r.id
"""


class Taken(Struct, frozen=True):
    """`unclear`: a withdrawal of which only words say which items are meant."""

    code: str
    kind: str
    state: str
    unclear: bool = False

    @property
    def undecided(self) -> bool:
        return self.kind == "claim" and self.state == "open"


async def of_orders(customer: int, orders: Collection[int]) -> dict[int, list[Taken]]:
    """By the line's id, the oldest first."""
    found: dict[int, list[Taken]] = {}
    if orders:
        sql = TAKEN.format(orders=db.marks(len(orders)), done=db.marks(len(DONE)))
        for row in await db.rows(sql, *orders, customer, *DONE):
            found.setdefault(row["line"], []).append(
                Taken(row["code"], row["kind"], row["state"], doubts.in_(row["grounds"]) == "unclear")
            )
    return found


async def instead(it: Kept) -> list[Taken]:
    """Of one that was let go: which others have taken its items since."""
    if it.it.state not in LET_GO or it.it.customer is None or not it.lines:
        return []
    found = await db.rows(INSTEAD.format(marks=db.marks(len(it.lines))), it.it.customer, *(line.line for line in it.lines))
    return [Taken(row["code"], row["kind"], row["state"]) for row in found]


def words(it: Taken, voice: Voice) -> str:
    """“Return under way: R-7K3F9QXM”, “Return R-7K3F9QXM: Refunded”."""
    _, kind = voice.gettext, sentences.kinds(voice)[it.kind]
    if it.state in ("declined", "denied"):
        return _("Your objection is being looked at: %(code)s") % {"code": it.code}
    if it.unclear:
        return _("May be in withdrawal %(code)s: say there which items you mean") % {"code": it.code}
    if it.state in DONE:
        tag = sentences.tags(voice)[it.state]
        return _("%(label)s: %(text)s") % {"label": f"{kind} {it.code}", "text": tag}
    return _("%(kind)s under way: %(code)s") % {"kind": kind, "code": it.code}


def links(several: Collection[Taken], voice: Voice) -> list[tuple[str, str]]:
    """The words, and where that is."""
    return [(words(it, voice), f"/returns/{it.code}") for it in several]
