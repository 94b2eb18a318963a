"""The lines of an order as its page shows them."""

from collections.abc import Sequence

from msgspec import Struct

from app import pictures
from app.i18n import Voice, _, ngettext
from app.orders.cards import Picture
from app.orders.kept import KeptLine, KeptOrder

NOT_ALL_SENT = ("unfulfilled", "partly_shipped", "partly_delivered")


class Mark(Struct, frozen=True):
    text: str
    tone: str


class LineRow(Struct, frozen=True):
    """`before` is the price without the discount, struck through; `url` leads to the shop's page of the product."""

    picture: Picture
    title: str
    variant: str
    facts: str
    total: str
    before: str
    marks: list[Mark]
    url: str


def lines(found: Sequence[KeptLine], order: KeptOrder, voice: Voice) -> list[LineRow]:
    return [_line(line, order, voice) for line in found]


def _line(line: KeptLine, order: KeptOrder, voice: Voice) -> LineRow:
    currency = order.currency
    # As the sums below have them: where tax comes on top, it is a row of its own there.
    amount = line.total - (0 if order.prices_include_tax else line.tax)
    before = voice.money(amount + line.discount, currency) if line.discount > 0 else ""
    return LineRow(
        picture=Picture(pictures.url(line.picture), ""),
        title=line.title,
        variant=line.variant,
        facts=" · ".join(_facts(line, order, voice)),
        total=voice.money(amount, currency),
        before=before,
        marks=_marks(line, order),
        url=web_address(line.product_url),
    )


def _facts(line: KeptLine, order: KeptOrder, voice: Voice) -> list[str]:
    price = voice.money(line.unit_price, order.currency)
    found = [f"{line.quantity} × {price}"]
    gross = line.quantity * line.unit_price
    if line.discount > 0 and gross > 0:
        found.append(_("%(share)d%% off") % {"share": round(100 * line.discount / gross)})
    if line.tax and not order.prices_include_tax:
        found.append(_("tax %(amount)s") % {"amount": voice.money(line.tax, order.currency)})
    if line.seller and line.seller != order.merchant_name:
        found.append(_("sold by %(seller)s") % {"seller": line.seller})
    found += [text for text in (line.condition, line.sku) if text and text.lower() != "new"]
    return found


def _marks(line: KeptLine, order: KeptOrder) -> list[Mark]:
    found = []
    if cancelled := line.cancelled_quantity:
        found.append(Mark(ngettext("%(num)d cancelled", "%(num)d cancelled", cancelled) % {"num": cancelled}, "plain"))
    off = line.called_off - line.refunded_quantity if order.fulfilment in NOT_ALL_SENT else 0
    if off > 0:
        found.append(Mark(ngettext("%(num)d being cancelled", "%(num)d being cancelled", off) % {"num": off}, "plain"))
    if refunded := line.refunded_quantity:
        found.append(Mark(ngettext("%(num)d refunded", "%(num)d refunded", refunded) % {"num": refunded}, "plain"))
    if line.difference and line.cancelled_quantity < line.quantity:
        found.append(Mark(_("price as the merchant states it"), "wait"))
    return found


def buy_again(found: Sequence[KeptLine]) -> str:
    """A single product's page; with several each line has its own link."""
    addresses = {address for line in found if (address := web_address(line.product_url))}
    return addresses.pop() if len(addresses) == 1 else ""


def web_address(url: str) -> str:
    """A link out only ever leads to the web: no script, no other scheme."""
    return url if url.startswith(("https://", "http://")) else ""
