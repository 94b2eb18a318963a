"""What Karrio's API takes and answers, read with care: what is missing or has another shape than expected is nothing."""

import re
from collections.abc import Mapping, Sequence
from math import inf, isfinite
from typing import Any
from urllib.parse import urlsplit

from app import money
from app.settings import settings

MOST = 1_000_000  # of a currency: dearer is no label
Rate = Mapping[str, Any]


def address(address: Mapping[str, Any], email: str) -> dict[str, str]:
    """Street lines are joined by a line break. Karrio wants no empty texts."""
    first, _break, rest = text(address.get("street")).partition("\n")
    given = {
        "person_name": address.get("name"), "company_name": address.get("company"), "address_line1": first,
        "address_line2": " ".join(rest.split()), "postal_code": address.get("postal_code"), "city": address.get("city"),
        "state_code": address.get("region"), "country_code": address.get("country"), "phone_number": address.get("phone"),
        "email": email,
    }  # fmt: skip
    return {name: plain for name, value in given.items() if (plain := text(value))}


def fits(rate: Rate) -> bool:
    wanted = settings.karrio_services
    return bool(rate.get("id")) and (not wanted or rate.get("service") in wanted)


def price(rate: Rate) -> float:
    charge = rate.get("total_charge")
    return float(charge) if isinstance(charge, int | float) else inf


def currency(rate: Rate) -> str:
    """Empty where it is none that is known."""
    found = text(rate.get("currency")).upper()
    return found if found in money.currencies() else ""


def by_currency(rates: Sequence[Rate]) -> dict[str, list[Rate]]:
    """Those whose price is known."""
    found: dict[str, list[Rate]] = {}
    for rate in rates:
        if (known := currency(rate)) and isfinite(price(rate)) and 0 <= price(rate) < MOST:
            found.setdefault(known, []).append(rate)
    return found


def minor(rate: Rate, currency: str) -> int:
    """Some carriers' prices are finer than what can be paid."""
    charge = price(rate)
    if not currency or not isfinite(charge) or not 0 <= charge < MOST:
        return 0
    return money.to_minor(f"{charge:.{money.exponent(currency)}f}", currency)


def carrier(shipment: Mapping[str, Any], rate: Rate) -> str:
    """As it calls itself where Karrio says so, else Karrio's name of its connector."""
    meta = rate.get("meta")
    named = meta.get("carrier") if isinstance(meta, dict) else ""
    names = (named, shipment.get("carrier_name"), rate.get("carrier_name"))
    return next((plain for name in names if (plain := text(name))), "")


def identity(shipment: Mapping[str, Any]) -> str:
    """Goes into an address: nothing else than an id. Raises ValueError."""
    found = text(shipment.get("id"))
    if not (found.isascii() and found.replace("_", "").replace("-", "").isalnum()) or len(found) > 80:
        raise ValueError("Karrio gives no id")
    return found


def said(found: Any) -> str:
    """The first of its errors, or of a carrier's messages, without the name of the server itself."""
    several = (found.get("errors") or found.get("messages") or []) if isinstance(found, dict) else []
    first = several[0] if isinstance(several, list) and several else {}
    words = text(first.get("message")) if isinstance(first, dict) else ""
    parts = urlsplit(settings.karrio_url)
    for name in (parts.netloc, parts.hostname or ""):
        words = re.sub(rf"(?<![\w.-]){re.escape(name)}(?![\w-])", "Karrio", words, flags=re.IGNORECASE) if name else words
    return words


def text(value: Any) -> str:
    given = value if isinstance(value, str) else ""
    return "".join(letter for letter in given if letter.isprintable() or letter == "\n").strip()[:500]
