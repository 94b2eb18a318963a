"""A snapshot as rows: what each table keeps of it. `kept.py` is the way back."""

import hashlib
from typing import Any

import msgspec

from app.ingest.snapshot import Address, Line, OrderSnapshot, Payment, Refund, Shipment, difference, line_difference
from app.orders.summary import Parcel, Quantities, Summary, summarise
from app.search import folded
from app.shipments.destinations import destination

Record = dict[str, Any]
MOST_TITLES, MOST_PICTURES = 3, 4
canonical = msgspec.json.Encoder(order="deterministic")


def content_hash(order: OrderSnapshot) -> str:
    """Of all a source says but when it said so: the same content sent again is no change."""
    said = msgspec.structs.replace(order, updated_at=None)
    return hashlib.blake2b(canonical.encode(said), digest_size=20).hexdigest()


def order_record(order: OrderSnapshot, merchant_name: str) -> Record:
    """The order's own row but for whom it belongs to and its address."""
    return _head(order) | _money(order) | _texts(order) | {
        "search_text": search_text(order, merchant_name),
    } | msgspec.structs.asdict(summary(order))  # fmt: skip


def _head(order: OrderSnapshot) -> Record:
    return {
        "number": order.number,
        "placed_at": order.placed_at,
        "currency": order.currency,
        "total": order.total,
        "payment": order.payment,
        "cancelled_at": order.cancelled_at,
        "refunded": sum(refund.amount for refund in order.refunds if refund.state == "succeeded"),
        "line_count": len(order.lines),
        "item_count": sum(max(line.quantity, 0) for line in order.lines),
        "titles": "\n".join(line.title for line in order.lines[:MOST_TITLES]),
        "pictures": _json([line.picture for line in order.lines[:MOST_PICTURES]]),
        "source": order.source,
        "external_id": order.external_id,
        "content_hash": content_hash(order),
        "source_updated_at": order.updated_at,
        "customer_email": order.customer.email,
        "customer_name": order.customer.name,
        "customer_locale": order.customer.locale,
    }


def _money(order: OrderSnapshot) -> Record:
    return {
        "prices_include_tax": order.prices_include_tax,
        "shipping": order.shipping,
        "shipping_tax": order.shipping_tax,
        "discount": order.discount,
        "discount_codes": _json(order.discount_codes),
        "tax": order.tax,
        "fees": _json(order.fees),
        "difference": difference(order),
    }


def _texts(order: OrderSnapshot) -> Record:
    return {
        "shipping_method": order.shipping_method,
        "shipping_address": _json(order.shipping_address),
        "billing_address": _json(order.billing_address),
        "gift_message": order.gift_message,
        "note": order.note,
        "cancel_reason": order.cancel_reason,
        "closed_at": order.closed_at,
    }


def search_text(order: OrderSnapshot, merchant_name: str) -> str:
    """Each word group once: number, titles, variants, SKUs, sellers, merchant."""
    groups = [order.number, order.external_id, merchant_name]
    for line in order.lines:
        groups += (line.title, line.variant, line.sku, line.seller)
    return folded("\n".join(dict.fromkeys(group for group in groups if group)))


def summary(order: OrderSnapshot) -> Summary:
    return summarise(
        [Quantities(line.id, line.quantity, line.cancelled_quantity, line.needs_shipping) for line in order.lines],
        [_parcel(shipment) for shipment in order.shipments],
        payment=order.payment,
        cancelled=order.cancelled_at is not None,
        closed=order.closed_at is not None,
    )


def _parcel(shipment: Shipment) -> Parcel:
    return Parcel(
        shipment.state, shipment.status, shipment.carrier, shipment.shipped_at, shipment.estimated_from,
        shipment.estimated_to, shipment.delivered_at, {part.line: part.quantity for part in shipment.lines},
    )  # fmt: skip


def line_records(order: OrderSnapshot) -> list[Record]:
    refunded: dict[str, int] = {}
    for refund in order.refunds:
        for part in refund.lines if refund.state == "succeeded" else ():
            refunded[part.line] = refunded.get(part.line, 0) + part.quantity
    return [_line(order, line, n, refunded.get(line.id, 0)) for n, line in enumerate(order.lines)]


def _line(order: OrderSnapshot, line: Line, position: int, refunded: int) -> Record:
    return {
        "position": position,
        "external_id": line.id,
        "sku": line.sku,
        "title": line.title,
        "variant": line.variant,
        "quantity": line.quantity,
        "unit_price": line.unit_price,
        "total": line.total,
        "tax": line.tax,
        "discount": line.discount,
        "cancelled_quantity": line.cancelled_quantity,
        "refunded_quantity": refunded,
        "picture": line.picture,
        "product_url": line.product_url,
        "category": line.category,
        "condition": line.condition,
        "seller": line.seller,
        "needs_shipping": line.needs_shipping,
        "difference": line_difference(order, line),
    }


def payment_record(payment: Payment, position: int) -> Record:
    return {"position": position, **msgspec.structs.asdict(payment)}


def refund_record(refund: Refund, position: int) -> Record:
    record = {
        "position": position,
        "external_id": refund.id,
        **msgspec.structs.asdict(refund),
        "lines": _json(refund.lines),
    }
    del record["id"]
    return record


def shipment_record(shipment: Shipment, position: int, to: Address | None) -> Record:
    """`to`: where the order goes."""
    record = {"position": position, "external_id": shipment.id, **msgspec.structs.asdict(shipment)}
    del record["id"], record["lines"]
    return record | {"destination": destination(to.country, to.region, to.postal_code) if to else ""}


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()
