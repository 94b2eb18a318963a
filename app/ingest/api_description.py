"""What `api.py` answers, in the words of OpenAPI 3.1: its paths, its schemas and an order as an example."""

from typing import Any, Literal

import msgspec
from msgspec import Struct

from app.ingest.api_limits import ID, limited
from app.ingest.decoding import OrderBody

JSON, PDF, PROBLEM = "application/json", "application/pdf", "application/problem+json"


class Taken(Struct, frozen=True):
    """What became of an order. `difference`: what the stated total has beyond its parts, in minor units (0 when the sums
    add up). `url`: the path of the customer's page."""

    number: str
    external_id: str
    result: Literal["new", "updated", "unchanged"]
    difference: int
    url: str


class BadField(Struct):
    """`pointer` is a JSON pointer (RFC 6901) into what was sent; empty for the whole of it."""

    pointer: str
    detail: str


class Problem(Struct):
    """RFC 9457. `errors` names every bad field at once."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[BadField] = []


EXAMPLE = {
    "number": "1001",
    "customer": {"email": "alice@example.com", "name": "Alice Martin", "locale": "fr"},
    "placed_at": "2026-11-02T10:30:00+01:00",
    "updated_at": "2026-11-03T08:00:00Z",
    "currency": "EUR",
    "prices_include_tax": True,
    "lines": [
        {"id": "1", "title": "Teapot “Brume”", "variant": "Grey", "quantity": 1, "unit_price": 4800, "tax": 800, "total": 4800,
         "sku": "TEA-1", "product_url": "https://shop.example/teapot"},
        {"id": "2", "title": "Cup", "quantity": 4, "unit_price": 1200, "discount": 480, "tax": 720, "total": 4320},
    ],
    "shipping": 490,
    "shipping_method": "Colissimo",
    "total": 9610,
    "payments": [{"kind": "card", "brand": "Visa", "last_four": "4242", "amount": 9610}],
    "shipping_address": {
        "name": "Alice Martin", "street": "6 rue des Lilas", "postal_code": "69003", "city": "Lyon", "country": "FR",
    },
    "shipments": [
        {"id": "F1", "carrier": "Colissimo", "tracking_number": "6A12345678901", "status": "in_transit",
         "shipped_at": "2026-11-03T07:45:00Z", "lines": [{"line": "1", "quantity": 1}]},
    ],
}  # fmt: skip
KEPT = EXAMPLE | {"source": "api", "external_id": "A/1", "merchant": "atelier-mo"}
TAKEN = {"number": "1001", "external_id": "A/1", "result": "new", "difference": 0, "url": "/orders/1001"}
REFUSED = {
    "type": "about:blank", "title": "Unprocessable Content", "status": 422,
    "detail": "The order was not taken: 2 things to put right",
    "errors": [
        {"pointer": "/currency", "detail": "“EURO” is not an ISO 4217 code"},
        {"pointer": "/lines/0/unit_price", "detail": "expected a whole number"},
    ],
}  # fmt: skip
REASONS = {
    400: "The body is not JSON, or the address not UTF-8.",
    401: "No API key, an unknown or a revoked one.",
    404: "This merchant has no such order or parcel.",
    409: "A newer state of this order is kept.",
    413: "More than 4 MB.",
    415: "Another media type, or compressed.",
    422: "What was sent cannot be taken; `errors` names every reason.",
    429: "Too many requests with this key; `Retry-After` says how long to wait.",
}
PLACE = {
    "name": "external_id", "in": "path", "required": True, "schema": {"type": "string"} | ID,
    "description": "The order's id in the shop, percent-encoded: `#1001` is `%231001`, `A/1` is `A%2F1`.",
    "examples": {"plain": {"value": "1001"}, "with a slash": {"value": "A/1"}},
}  # fmt: skip


def problems(*statuses: int) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for status in sorted((*statuses, 400, 401, 429)):
        content = {"schema": {"$ref": "#/components/schemas/Problem"}} | ({"example": REFUSED} if status == 422 else {})
        found[str(status)] = {"description": REASONS[status], "content": {PROBLEM: content}}
    found["401"]["headers"] = {"WWW-Authenticate": {"schema": {"type": "string"}, "required": True}}
    found["429"]["headers"] = {"Retry-After": {"schema": {"type": "integer"}, "description": "Seconds.", "required": True}}
    return found


def content(schema: str, example: dict[str, Any]) -> dict[str, Any]:
    return {JSON: {"schema": {"$ref": f"#/components/schemas/{schema}"}, "example": example}}


def _pdf() -> dict[str, Any]:
    return {PDF: {"schema": {"type": "string", "contentMediaType": PDF, "maxLength": 4 * 1024 * 1024}}}


LOCATION = {"Location": {"schema": {"type": "string"}, "description": "This address.", "required": True}}
PATHS = {
    "/api/v1/orders/{external_id}": {
        "parameters": [PLACE],
        "put": {
            "operationId": "putOrder", "tags": ["Orders"], "summary": "Take in an order, or its newer state",
            "description": "The whole order, each time. Sent again, nothing changes. Sums that do not add up are kept as they "
            "are; `difference` says by how much. Refunds and parcels once told of stay, also when later left out.",
            "requestBody": {"required": True, "content": content("Order", EXAMPLE)},
            "responses": {
                "200": {"description": "Updated, or unchanged.", "content": content("Taken", TAKEN | {"result": "updated"})},
                "201": {"description": "New.", "headers": LOCATION, "content": content("Taken", TAKEN)},
                **problems(409, 413, 415, 422),
            },
        },
        "get": {
            "operationId": "getOrder", "tags": ["Orders"], "summary": "Read an order as it is kept",
            "responses": {
                "200": {"description": "It can be put again as it is.", "content": content("KeptOrder", KEPT)},
                **problems(404),
            },
        },
    },
    "/api/v1/orders/{external_id}/invoice": {
        "parameters": [PLACE],
        "put": {
            "operationId": "putInvoice", "tags": ["Invoices"], "summary": "Keep the merchant's own invoice of an order",
            "description": "The customer is offered this file in place of our summary.",
            "requestBody": {"required": True, "content": _pdf()},
            "responses": {"204": {"description": "Kept."}, **problems(404, 413, 415, 422)},
        },
        "get": {
            "operationId": "getInvoice", "tags": ["Invoices"], "summary": "Read it back",
            "responses": {"200": {"description": "The file.", "content": _pdf()}, **problems(404)},
        },
    },
}  # fmt: skip


def schemas() -> dict[str, Any]:
    """By name. What is kept has the fields of what is sent, and always says whose it is."""
    _, found = msgspec.json.schema_components([OrderBody, Taken, Problem], ref_template="#/components/schemas/{name}")
    for schema in found.values():
        schema["description"] = " ".join(schema.get("description", "").split())
    order = found.pop("OrderBody") | {"title": "Order"}
    always = [*order["required"], "source", "external_id", "merchant"]
    return limited({"Order": order, **found}) | {"KeptOrder": order | {"title": "KeptOrder", "required": always}}
