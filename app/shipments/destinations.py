"""Where a parcel goes, as far as it matters for how long it takes: ISO 3166 country, and its region where that is plain.

French departments are the beginning of the postal code; overseas ones have three digits, Corsica's two share theirs.
Elsewhere a region counts that is written as its ISO 3166-2 code ("CA", "NSW").
"""

import re

COUNTRY = re.compile(r"[A-Z]{2}")
CODE = re.compile(r"[A-Z0-9]{1,3}")
FRENCH = re.compile(r"(97\d|98\d|\d\d)\d{2,3}")


def destination(country: str, region: str, postal_code: str) -> str:
    """ "FR-69", "US-CA", "DE"; an empty text where the country is not known."""
    land, part = country.strip().upper(), region.strip().upper()
    if not COUNTRY.fullmatch(land):
        return ""
    if land == "FR":
        found = FRENCH.fullmatch(postal_code.strip())
        part = found[1] if found else ""
    part = part.removeprefix(f"{land}-")
    return f"{land}-{part}" if CODE.fullmatch(part) else land
