"""The Karrio server that sells return labels; else Misconfigured, see `setting_values.py`. What is secret is never repeated."""

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from app.setting_money import of_merchants
from app.setting_values import parsed, wrong

KEY = re.compile(r"[A-Za-z0-9_-]{8,200}")
HEAVIEST = 70  # kilograms: more is freight


def karrio(given: Mapping[str, str]) -> dict[str, Any]:
    """The settings of it."""
    url = _url(given.get("KARRIO_URL", ""))
    keys = of_merchants("KARRIO_KEY", given.get("KARRIO_KEY", ""), KEY, "key_…")
    if bool(url) != bool(keys):
        raise wrong("KARRIO_URL", "it goes together with COMPTOIR_KARRIO_KEY")
    return {
        "karrio_url": url, "karrio_key": keys, "karrio_weight": _weight(given.get("KARRIO_WEIGHT") or "2"),
        "karrio_services": tuple(name for part in given.get("KARRIO_SERVICES", "").split(",") if (name := part.strip())),
    }  # fmt: skip


def _url(text: str) -> str:
    """It may be within the operator's own network, without TLS."""
    url = parsed(text)
    if text and (url.scheme not in ("http", "https") or not url.hostname or url.username or url.query or url.fragment):
        raise wrong("KARRIO_URL", "expected an address such as https://karrio.example.com")
    return text.rstrip("/")


def _weight(text: str) -> float:
    try:
        found = Decimal(text)
    except InvalidOperation:
        found = Decimal(0)
    if not found.is_finite() or not 0 < found <= HEAVIEST:
        raise wrong("KARRIO_WEIGHT", f"“{text}” are not kilograms of a parcel, such as 2 or 0.5")
    return float(found)
