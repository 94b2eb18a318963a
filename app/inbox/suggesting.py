"""What may already answer a question about an order or a return, by how that stands just now: each leads to the page that does
it, instead of telling."""

from msgspec import Struct

from app import db
from app.i18n import Voice
from app.inbox.about import About
from app.orders import kept as orders
from app.orders.kept import KeptOrder
from app.orders.sentences import told
from app.returns import kept as returns
from app.returns import objections, sentences, states
from app.returns.kept import Kept
from app.shipments import missing, owned

GONE = ("cancelled", "returned")
CAME = ("delivered", "partly_delivered", "partly_returned", "returned")
PARCELS = "SELECT id FROM shipments WHERE \"order\" = {} AND state <> 'cancelled' ORDER BY position, id LIMIT 4"


class Suggestion(Struct, frozen=True):
    """`detail` is how it stands, where that answers already."""

    icon: str
    text: str
    detail: str
    url: str


async def of(
    customer: int, what: About, voice: Voice, *, order: str = "", of_return: str = "", line: str = ""
) -> list[Suggestion]:
    """The likeliest first; none for what is about nothing. Raises Missing."""
    if of_return:
        return _of_return(await returns.owned_by(customer, of_return), voice)
    if order and what.order is not None:
        it = await orders.owned_by(customer, order)
        first, goods = _where(it, voice), _of_goods(it, line, voice)
        lost = _lost(await _never_came(customer, it), voice)
        middle = [*goods, *lost] if it.fulfilment in CAME else [*lost, *goods]
        return [*first, *middle, *_of_money(it, voice)]
    return []


def _where(it: KeptOrder, voice: Voice) -> list[Suggestion]:
    """Of what has not come yet."""
    if it.stage in GONE or it.fulfilment in ("delivered", "partly_returned"):
        return []
    said = told(it, voice, voice.today())
    detail = " · ".join(text for text in (said.headline, said.detail) if text)
    return [Suggestion("truck", voice.gettext("Where is it?"), detail, f"/orders/{it.address}#parcels")]


def _lost(never: str, voice: Voice) -> list[Suggestion]:
    """`never`: the page on which that is said, empty for none."""
    _ = voice.gettext
    return (
        [Suggestion("circle-alert", _("It never came"), _("Say so: it is looked for, and you are told"), never)]
        if never
        else []
    )


def _of_goods(it: KeptOrder, line: str, voice: Voice) -> list[Suggestion]:
    _, url = voice.gettext, f"/orders/{it.address}/what-happened" + (f"?line={line}" if line else "")
    if it.stage in GONE:
        return []
    if it.fulfilment in CAME:
        text, detail = _("Send it back, or say what is wrong with it"), _("Your rights, and what each of them gives")
        return [Suggestion("undo-2", text, detail, url)]
    return [Suggestion("x", _("Cancel it"), _("As long as it was not sent, or when it comes"), url)]


def _of_money(it: KeptOrder, voice: Voice) -> list[Suggestion]:
    _, url = voice.gettext, f"/orders/{it.address}"
    found = []
    if it.refunded > 0 or it.payment in ("partly_refunded", "refunded") or it.stage in GONE:
        back = _("%(amount)s given back so far") % {"amount": voice.money(it.refunded, it.currency)} if it.refunded else ""
        found.append(Suggestion("wallet", _("Where is my money?"), back, f"{url}/money"))
    if it.invoice_file:
        found.append(Suggestion("file-text", _("The invoice"), _("As a PDF"), f"{url}/invoice.pdf"))
    else:
        found.append(Suggestion("file-text", _("A paper about it"), _("Order summary (PDF)"), f"{url}/summary.pdf"))
    return found


async def _never_came(customer: int, it: KeptOrder) -> str:
    """The page of the first parcel of which that can be said; empty for none."""
    for row in await db.rows(PARCELS, it.id):
        if missing.offered(await owned.parcel(customer, it.address, row["id"])):
            return f"/orders/{it.address}/parcels/{row['id']}/missing"
    return ""


def _of_return(it: Kept, voice: Voice) -> list[Suggestion]:
    _, url = voice.gettext, f"/returns/{it.it.code}"
    said = sentences.told(it.it, voice)
    detail = " · ".join(text for text in (said.headline, said.detail) if text)
    found = [Suggestion("clock", _("How far is it?"), detail, url)]
    if states.to_send(it.it):
        found.insert(0, Suggestion("package", _("How do I send it back?"), _("Label, address, until when"), f"{url}/sending"))
    if objections.possible(it):
        found.append(Suggestion("circle-alert", _("I do not agree"), _("It is looked at again"), f"{url}/objection"))
    if it.it.expected or it.it.refunded:
        found.append(Suggestion("wallet", _("Where is my money?"), _("What comes back, how and when"), f"{url}#money"))
    return found
