"""What is said of an exchange: how much more or less it is worth; where it stands that one was cancelled, and the money that
goes back for that, which is its cancellation's."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from app import db
from app.i18n import Voice, _
from app.payments import ledger
from app.payments.refund_cards import RefundCard
from app.returns import exchanging, sentences
from app.returns.exchanging import Sending
from app.returns.kept import Kept

ASKED = """
SELECT DISTINCT r.code, r.kind, r.state, r.id FROM returns r JOIN return_lines l ON l.of_return = r.id
WHERE l."order" = {} AND r.merchant = {} AND r.kind IN ('cancellation', 'withdrawal')
  AND r.state NOT IN ('unconfirmed', 'cancelled', 'declined', 'unfounded') ORDER BY r.id
"""


class Difference(Struct, frozen=True):
    """`amount` as a text without its sign, `minor` as the form sends it back; `higher`: what is sent is worth more."""

    amount: str
    minor: str
    higher: bool
    can_ask: bool


def difference(it: Kept, what: Sending, said: Voice) -> Difference | None:
    amount = sum(one.difference for one in exchanging.compared(what.items, exchanging.lines(it)))
    if not amount:
        return None
    shown = said.money(abs(amount), it.it.currency)
    return Difference(shown, str(amount), amount > 0, amount > 0 and it.it.kind == "return")


async def links(it: Kept, voice: Voice, start: str = "") -> list[tuple[str, str]]:
    """What was asked for so that it is not sent: words and address below `start`."""
    found = await db.rows(ASKED, it.it.exchange, it.it.merchant) if it.it.exchange else []
    return [(_named(row, voice), f"{start}/returns/{row['code']}") for row in found]


def _named(row: db.Row, voice: Voice) -> str:
    kind, tag = sentences.kinds(voice)[row["kind"]], sentences.tags(voice)[row["state"]]
    return _("%(label)s: %(text)s") % {"label": f"{kind} {row['code']}", "text": tag}


async def refunds(it: Kept, voice: Voice) -> Sequence[RefundCard]:
    """Its own, and those for an exchange that was cancelled: what is to be done about these is done where they belong."""
    own = await ledger.of_return(it.it.id, voice)
    if it.it.exchange is None or it.it.exchange_off_at is None:
        return own
    there = await ledger.for_order(it.it.exchange, voice)
    return [*own, *(replace(one, waits="") for one in there if one.of_return != it.it.id)]
