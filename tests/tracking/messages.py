"""Messages as EasyPost, AfterShip and Shippo send them, made small: the shapes are theirs, parcels and places ours."""

import json
from typing import Any

NUMBER = "1Z999AA10123456784"


def easypost(*details: dict[str, Any], **about: Any) -> dict[str, Any]:
    tracker = {
        "id": "trk_1", "object": "Tracker", "tracking_code": NUMBER, "status": "in_transit", "carrier": "UPS",
        "updated_at": "2026-11-03T12:00:00Z", "est_delivery_date": None, "signed_by": None, "public_url": None,
        "tracking_details": list(details), "carrier_detail": None, **about,
    }  # fmt: skip
    return {
        "id": "evt_1", "object": "Event", "description": "tracker.updated", "mode": "production",
        "created_at": "2026-11-27T06:00:00Z", "result": tracker,
    }  # fmt: skip


def easypost_detail(status: str, at: str, detail: str = "", **about: Any) -> dict[str, Any]:
    where = {"object": "TrackingLocation", "city": "LYON", "state": None, "country": "FR", "zip": "69002"}
    return {
        "object": "TrackingDetail", "message": f"It is {status}", "status": status, "status_detail": detail, "datetime": at,
        "source": "UPS", "tracking_location": where, **about,
    }  # fmt: skip


def aftership(*checkpoints: dict[str, Any], **about: Any) -> dict[str, Any]:
    tracking = {
        "id": "t1",
        "tracking_number": NUMBER,
        "slug": "ups",
        "tag": "InTransit",
        "checkpoints": list(checkpoints),
        **about,
    }
    return {"event": "tracking_update", "event_id": "e-1", "ts": 1795759200, "msg": tracking}


def checkpoint(tag: str, subtag: str, at: str, **about: Any) -> dict[str, Any]:
    return {
        "tag": tag, "subtag": subtag, "message": f"It is {tag}", "checkpoint_time": at, "city": "Lyon", "country_iso3": "FRA",
        **about,
    }  # fmt: skip


def shippo(*history: dict[str, Any], **about: Any) -> dict[str, Any]:
    track = {
        "carrier": "ups", "tracking_number": NUMBER, "eta": None, "servicelevel": {"token": "ups_ground", "name": "Ground"},
        "tracking_status": history[-1] if history else None, "tracking_history": list(history), **about,
    }  # fmt: skip
    return {"event": "track_updated", "test": False, "data": track}


def shippo_point(status: str, at: str, substatus: str = "", **about: Any) -> dict[str, Any]:
    finer = {"code": substatus, "text": "", "action_required": False} if substatus else None
    where = {"city": "Lyon", "state": "", "zip": "69002", "country": "FR"}
    return {
        "object_id": "x", "status": status, "status_details": f"It is {status}", "status_date": at, "substatus": finer,
        "location": where, **about,
    }  # fmt: skip


def raw(message: dict[str, Any]) -> bytes:
    return json.dumps(message).encode()
