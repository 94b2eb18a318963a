"""Where a parcel goes, roughly: what its time on the way depends on. “FR-69”, “CA-ON”, “DE”."""

import re

import msgspec

REGION = re.compile(r"[A-Z0-9]{1,3}")


def destination(country: str, region: str, postal_code: str) -> str:
    """The ISO 3166-1 country, with its ISO 3166-2 subdivision where the address names it by its code; empty without a
    country."""
    country = country.strip().upper()
    if len(country) != 2 or not country.isascii() or not country.isalpha():
        return ""
    code = region.strip().upper().removeprefix(f"{country}-")
    if not REGION.fullmatch(code):
        code = _departement(postal_code) if country == "FR" else ""
    return f"{country}-{code}" if code else country


def of_address(json: str) -> str:
    """Of the column `orders.shipping_address`."""
    address = msgspec.json.decode(json)
    names = ("country", "region", "postal_code")
    return destination(*(str(address.get(name) or "") for name in names)) if isinstance(address, dict) else ""


def _departement(postal_code: str) -> str:
    """The first two digits of a French postal code say it, but for Corsica's two and those overseas (three)."""
    code = postal_code.strip()
    if len(code) != 5 or not (code.isascii() and code.isdigit()):
        return ""
    if code.startswith("20"):
        return "2A" if code[2] in "01" else "2B"
    return code[:3] if code.startswith(("97", "98")) else code[:2]
