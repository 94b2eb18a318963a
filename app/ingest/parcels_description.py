"""What `tracking/parcels_api.py` answers, in the words of OpenAPI 3.1."""

from typing import Any

import msgspec

from app.ingest.api_description import JSON, content, problems
from app.ingest.api_limits import ID, PIECES
from app.merchants.actions import SLUG
from app.shipments.bodies import Parcels, ParcelTaken, Tracking
from app.shipments.checks import LONGEST_NUMBER, MOST_SCANS
from app.shipments.proofs import MEDIA_TYPES
from app.shipments.scans import LONGEST_CODE, LONGEST_TEXT
from app.shipments.snapshot import ScanSnapshot

# Carriers often write no zone: such a time is taken, too.
LOCAL_TIME = {
    "description": "RFC 3339; without a zone it is read by the clock of the place.", "format": "date-time",
}  # fmt: skip
PAST_TIME = LOCAL_TIME | {"description": f"{LOCAL_TIME['description']} At most a day from now: later ones are refused."}
TEXT = {"maxLength": LONGEST_TEXT}
PLACED = {"latitude": {"minimum": -90, "maximum": 90}, "longitude": {"minimum": -180, "maximum": 180}}
LIMITS: dict[str, dict[str, dict[str, Any]]] = {
    "Tracking": {
        **dict.fromkeys(("carrier", "service", "tracking_url", "signed_by"), TEXT),
        **dict.fromkeys(("estimated_from", "estimated_to"), LOCAL_TIME),
        "said_at": PAST_TIME,
        "scans": {"maxItems": MOST_SCANS},
        "order": {"maxLength": 160, "description": "The id in the shop of the order that it belongs to."},
    },
    "ScanSnapshot": {
        "at": PAST_TIME,
        "id": TEXT | {"description": "The carrier's own. Without one a scan is known by its time, words, code and place."},
        "words": TEXT | {"description": "The carrier's, verbatim."},
        "code": {"maxLength": LONGEST_CODE, "description": "The carrier's, verbatim."},
        "place": TEXT,
        "country": {"pattern": "^([A-Z]{2})?$", "description": "ISO 3166-1 alpha-2, such as FR."},
        **PLACED,
    },
    "PickupPoint": {"until": LOCAL_TIME, **PLACED},
    "Content": {"line": ID | {"description": "The id of a line of this order."}, "quantity": PIECES | {"minimum": 1}},
}
SCAN = {
    "at": "2026-11-04T09:12:00+01:00", "status": "out_for_delivery", "words": "Votre colis est en cours de livraison",
    "place": "Lyon", "country": "FR", "latitude": 45.76, "longitude": 4.84,
}  # fmt: skip
EXAMPLE = {
    "carrier": "Colissimo", "order": "A/1", "lines": [{"line": "1", "quantity": 1}], "scans": [SCAN],
    "estimated_from": "2026-11-04T10:00:00+01:00", "estimated_to": "2026-11-04T13:00:00+01:00",
}  # fmt: skip
TAKEN = {"tracking_number": "6A12345678901", "result": "updated", "scans": 1}
PLACE = [
    {
        "name": "merchant", "in": "path", "required": True, "schema": {"type": "string", "pattern": SLUG.pattern},
        "description": "The short name of the API key's merchant.",
    },
    {
        "name": "tracking_number", "in": "path", "required": True,
        "schema": {"type": "string", "minLength": 1, "maxLength": LONGEST_NUMBER, "pattern": "^[0-9A-Za-z -]*[0-9A-Za-z]$"},
        "description": "However it is written: spaces, hyphens and small letters do not count.",
    },
]  # fmt: skip


def _proof(kind: str) -> dict[str, Any]:
    picture = {kind: {"schema": {"type": "string", "contentMediaType": kind, "maxLength": 4 << 20}} for kind in MEDIA_TYPES}
    return {
        "parameters": PLACE,
        "put": {
            "operationId": f"put{kind.title()}", "tags": ["Parcels"], "summary": f"Keep the {kind} that proves delivery",
            "description": "A JPEG, PNG or WebP picture. It is made anew: what it says of place and camera is not kept.",
            "requestBody": {"required": True, "content": picture},
            "responses": {"204": {"description": "Kept."}, **problems(404, 413, 415, 422)},
        },
    }  # fmt: skip


ADDRESS = "/api/v1/shipments/{merchant}/{tracking_number}"
SCANS_BODY = {
    JSON: {
        "schema": {
            "anyOf": [
                {"$ref": "#/components/schemas/ScanSnapshot"},
                {"type": "array", "items": {"$ref": "#/components/schemas/ScanSnapshot"}, "maxItems": MOST_SCANS},
            ]
        },
        "example": SCAN,
    }
}
PATHS = {
    ADDRESS: {
        "parameters": PLACE,
        "put": {
            "operationId": "putParcel", "tags": ["Parcels"], "summary": "Take in what is known of a parcel",
            "description": "Sent again, nothing changes; in another order it ends in the same. A parcel that no order has yet "
            "is added to the one that `order` names.",
            "requestBody": {"required": True, "content": content("Tracking", EXAMPLE)},
            "responses": {
                "200": {"description": "Updated, or unchanged.", "content": content("ParcelTaken", TAKEN)},
                "201": {"description": "Added to its order.", "content": content("ParcelTaken", TAKEN | {"result": "new"})},
                **problems(404, 413, 415, 422),
            },
        },
        "get": {
            "operationId": "getParcel", "tags": ["Parcels"], "summary": "Read a parcel as it is kept, with its scans",
            "responses": {
                "200": {
                    "description": "All with that number.",
                    "content": {JSON: {"schema": {"$ref": "#/components/schemas/Parcels"}}},
                },
                **problems(404),
            },
        },
    },
    f"{ADDRESS}/scans": {
        "parameters": PLACE,
        "post": {
            "operationId": "postScans", "tags": ["Parcels"], "summary": "Add one scan, or several",
            "description": "In any order; one that is known already is not added again.",
            "requestBody": {"required": True, "content": SCANS_BODY},
            "responses": {
                "200": {"description": "Taken.", "content": content("ParcelTaken", TAKEN)},
                **problems(404, 413, 415, 422),
            },
        },
    },
    f"{ADDRESS}/proof/photo": _proof("photo"),
    f"{ADDRESS}/proof/signature": _proof("signature"),
}  # fmt: skip


def schemas() -> dict[str, Any]:
    kinds = [Tracking, ParcelTaken, Parcels, ScanSnapshot]
    _, found = msgspec.json.schema_components(kinds, ref_template="#/components/schemas/{name}")
    for name, schema in found.items():
        schema["description"] = " ".join(schema.get("description", "").split())
        for field, limit in LIMITS.get(name, {}).items():
            property_ = schema["properties"][field]
            (property_["anyOf"][0] if "anyOf" in property_ else property_).update(limit)
    return found
