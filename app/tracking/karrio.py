"""Carriers that are asked, through Karrio's connectors: the only place that knows it. Blocking; for a thread.

Its statuses and incidents are ours but for some names. Its times are the carrier's local ones, behind which it writes a “Z”
that nobody said: they are read as times without a zone.
"""

import ssl
import warnings
from datetime import datetime
from functools import cache
from typing import Any, get_args

from app.setting_values import Carrier
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.shipments.statuses import CarrierStatus, Reason
from app.tracking.fields import moment, window
from app.typed import UNSPEAKABLE

STATUSES: dict[str, CarrierStatus] = {
    **{name: name for name in get_args(CarrierStatus)},
    "delivery_failed": "attempt_failed",
    "delivery_delayed": "delayed",
    "return_to_sender": "returned_to_sender",
}
# What a connector makes something else of, or nothing: its name and the carrier's code.
CODES: dict[tuple[str, str], CarrierStatus] = {
    ("dhl_universal", "unknown"): "unknown",
    ("dhl_universal", "pre-transit"): "info_received",
}
REASONS: dict[str, Reason] = {name: name for name in get_args(Reason)}
NOT_FOUND = frozenset({"404", "TW0001", "151018", "151044"})  # DHL; UPS: no information yet, or a number it does not know
HOURS = ("%I:%M %p", "%H:%M", "%H:%M:%S")


class NoAnswer(Exception):
    """The carrier cannot be asked, or does not let us in: the message says why."""


def asked(carrier: Carrier, numbers: list[str]) -> list[TrackingSnapshot]:
    """What the carrier knows of these; nothing of those it does not know. Raises NoAnswer."""
    try:
        sdk = _library()
        gateway = sdk.gateway[carrier.connector].create(dict(carrier.credentials))
        details, messages = sdk.Tracking.fetch({"tracking_numbers": numbers}).from_(gateway).parse()
    except Exception as error:  # connectors raise whatever they stumble over
        raise NoAnswer(f"{type(error).__name__}: {error}"[:400]) from error
    faults = [one for one in messages or [] if str(one.code) not in NOT_FOUND]
    if not details and faults:
        raise NoAnswer(f"{faults[0].code or ''} {faults[0].message or ''}".strip()[:400] or "no reason was given")
    return [_news(carrier.connector, one) for one in details or []]


@cache
def _library() -> Any:
    """Imported when a carrier is asked for the first time: it takes a second. Karrio turns the checking of certificates off for
    the whole process, lets Pillow take pictures that are cut off, and logs in colours: none of that stays."""
    import PIL.ImageFile
    from loguru import logger

    logger.disable("karrio")
    checked, whole = ssl._create_default_https_context, PIL.ImageFile.LOAD_TRUNCATED_IMAGES
    try:
        with warnings.catch_warnings(action="ignore"):  # of libraries that it has not yet replaced
            import karrio.sdk
    finally:
        ssl._create_default_https_context, PIL.ImageFile.LOAD_TRUNCATED_IMAGES = checked, whole
    return karrio.sdk


def _news(connector: str, found: Any) -> TrackingSnapshot:
    first, last = window(_text(found.estimated_delivery))
    info = found.info
    return TrackingSnapshot(
        source=f"karrio:{connector}"[:20],
        tracking_number=_text(found.tracking_number),
        service=_text(info and info.shipment_service),
        tracking_url=_text(info and info.carrier_tracking_link),
        scans=[scan for event in found.events or [] if (scan := _scan(connector, event))],
        estimated_from=first,
        estimated_to=last,
        signed_by=_text(info and info.signed_by),
    )


def _scan(connector: str, event: Any) -> ScanSnapshot | None:
    """None without a time: it says not when."""
    at, code, reason = _time(event), _text(event.code), _text(event.reason)
    if at is None:
        return None
    status = CODES.get((connector, code.lower())) or STATUSES.get(_text(event.status), "unknown")
    return ScanSnapshot(
        at=at, status=status, reason=REASONS.get(reason, ""), words=_text(event.description), code=code,
        place=_text(event.location), latitude=event.latitude, longitude=event.longitude,
    )  # fmt: skip


def _time(event: Any) -> datetime | None:
    if at := moment(_text(event.timestamp)):
        return at.replace(tzinfo=None)
    hour = _text(event.time)
    for form in HOURS if hour else ():
        try:
            return moment(datetime.strptime(f"{event.date} {hour}", f"%Y-%m-%d {form}").isoformat())  # noqa: DTZ007
        except ValueError:
            continue
    return moment(_text(event.date))


def _text(value: object) -> str:
    return UNSPEAKABLE.sub("", str(value or "")).strip()[:500]
