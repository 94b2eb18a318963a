"""What a mail of news carries beside its words: headers, a few facts, and the same for machines."""

from datetime import datetime
from urllib.parse import urlsplit

from msgspec import Struct, convert

from app import db
from app.accounts import email_address
from app.i18n import Voice
from app.mail import looks, outbox
from app.mail.looks import Look
from app.money import to_text
from app.notifications.channels import Due, News
from app.notifications.said import text_of, time_of
from app.orders import json_ld
from app.orders.awaited import awaited
from app.orders.schema_org import KnownOrder, Organization, ParcelDelivery
from app.settings import settings
from app.tokens import hash_secret

ORDER = """
SELECT o.address, o.number, o.placed_at, o.stage, o.payment, o.carrier_status, o.total, o.currency, m.name AS shop, m.email,
  m.accent, m.logo
FROM orders o JOIN merchants m ON m.id = o.merchant WHERE o.id = {} AND o.customer = {}
"""


class About(Struct, frozen=True):
    """Columns of `Order`, then of its merchant; `shop` is its name."""

    address: str
    number: str
    placed_at: datetime
    stage: str
    payment: str
    carrier_status: str
    total: int
    currency: str
    shop: str
    email: str
    accent: str
    logo: str


async def order_of(customer: int, order: int | None) -> About | None:
    found = await db.one(ORDER, order, customer) if order is not None else None
    return convert(dict(found), About) if found else None


def headers(due: Due, order: About | None, stop: str) -> dict[str, str]:
    """The mails of one order hang together under an id that no mail has; who answers one writes to its merchant. `stop` is an
    address that ends mails of this kind by a POST (RFC 8058), empty where nothing does."""
    said = {"Message-ID": outbox.message_id(due.message_id)}
    if due.news.order is not None:
        root = outbox.message_id(f"order.{hash_secret(str(due.news.order), 'thread')[:24]}")
        said |= {"In-Reply-To": root, "References": root}
    if order and email_address.is_one(order.email):
        said["Reply-To"] = email_address.normal(order.email)
    if stop:
        host = urlsplit(settings.base_url).hostname
        said |= {
            "List-Id": f"<{due.news.topic.replace('_', '-')}.{host}>",  # RFC 2919
            "List-Unsubscribe": f"<{stop}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }  # fmt: skip
    return said


def look(topic: str, order: About | None) -> Look | None:
    """Its merchant's, where that has one; None for the counter's own, which news of who gets in always has."""
    if order is None or topic == "security":
        return None
    return looks.of_shop(order.shop, order.accent, order.logo)


def facts(news: News, voice: Voice) -> list[tuple[str, str]]:
    """(“Colissimo”, “6A123…”): what somebody types or reads out elsewhere. The order stands in the words already."""
    carrier, number = text_of(news.data, "carrier"), text_of(news.data, "tracking_number")
    return [(carrier or voice.gettext("Parcel number"), number)] if number else []


def markup(news: News, order: About | None) -> str:
    """schema.org's ParcelDelivery or Order as JSON for a `<script>`; empty where there is nothing to tell of. Neither names,
    addresses, nor what was bought: who gets the mail has them, who else reads it need not."""
    if order is None:
        return ""
    if not news.kind.startswith("shipment_"):
        return json_ld.script(_order(order, priced=True)) if news.topic == "orders" else ""
    carrier = text_of(news.data, "carrier")
    by = Organization(name=carrier) if carrier else None
    begin, end = _arrival(news)
    parcel = ParcelDelivery(
        context=json_ld.SCHEMA, tracking_number=text_of(news.data, "tracking_number"),
        tracking_url=f"{settings.base_url}{news.url}", provider=by, carrier=by,
        expected_arrival_from=begin, expected_arrival_until=end, part_of_order=_order(order),
    )  # fmt: skip
    return json_ld.script(parcel)


def _arrival(news: News) -> tuple[datetime | None, datetime | None]:
    """What the words say, as far as it is a time."""
    begin, end, voice = time_of(news.data, "estimated_from"), time_of(news.data, "estimated_to"), Voice("en")
    soon = awaited(news.kind.removeprefix("shipment_"), begin, end, voice, voice.today(), news.at)
    return (None, None) if soon is None or soon.driving else (begin, end)


def _order(order: About, *, priced: bool = False) -> KnownOrder:
    shop = Organization(name=order.shop)
    return KnownOrder(
        context=json_ld.SCHEMA if priced else "", order_number=order.number, order_date=order.placed_at,
        order_status=json_ld.status(order.stage, order.payment, order.carrier_status),
        url=f"{settings.base_url}/orders/{order.address}", seller=shop, merchant=shop,
        price=to_text(order.total, order.currency) if priced else "", price_currency=order.currency if priced else "",
    )  # fmt: skip
