"""The last days of an order's rights, for one's own calendar."""

from collections.abc import Iterator

from app.errors import Missing
from app.i18n import Voice
from app.returns import rights, words
from app.returns.ordered import OrderRights
from app.shipments import calendar
from app.shipments.calendar import Day

CODES = ("withdrawal", "return", "guarantee")


async def of_order(customer: int, address: str, voice: Voice) -> bytes:
    """Raises Missing for a stranger's order, and for one of which no last day is to come that can be said."""
    days = list(_days(await rights.of_order(customer, address), voice))
    if not days:
        raise Missing
    return calendar.of_days(days, voice)


def there(found: OrderRights) -> bool:
    return any(right.open and right.until for one in found.lines for right in one.rights if right.code in CODES)


def _days(found: OrderRights, voice: Voice) -> Iterator[Day]:
    """One for all items whose right ends on the same day."""
    _ = voice.gettext
    summaries = {
        "withdrawal": _("Last day to withdraw: %(titles)s"),
        "return": _("Last day to return: %(titles)s"),
        "guarantee": _("Last day of the guarantee: %(titles)s"),
    }
    order = found.order
    for code in CODES:
        several = [one.right(code) for one in found.lines]
        for until in sorted({right.until for right in several if right.open and right.until}):
            held = [one for one in found.lines if one.right(code).open and one.right(code).until == until]
            titles = ", ".join(dict.fromkeys(one.line.title.replace("\n", " ") for one in held))
            about = _("Order %(number)s") % {"number": order.number} + f" · {order.merchant_name}"
            yield Day(
                f"order-{order.id}-{code}-{held[0].item.id}", until, summaries[code] % {"titles": titles},
                f"{about}\n{words.source(held[0].right(code), voice)}", f"/orders/{order.address}/rights",
            )  # fmt: skip
