"""An address out of the fields of a shop."""

import re

from app.ingest.snapshot import Address

# Where a letter carries the region's postal code; elsewhere its name is what people write.
REGION_BY_CODE = {"US", "CA", "AU", "BR", "IT"}
COUNTRY_CODE = re.compile(r"[A-Z]{2}")


def known_address(said: Address, *, region_code: str = "", country_name: str = "") -> Address | None:
    """None when nothing but a name, a phone or a country is said: no parcel could be sent there.

    A country that is no ISO 3166-1 alpha-2 code can only be shown as it is: the lines then hold everything.
    """
    if not (said.street or said.postal_code or said.city):
        return None
    code = said.country.upper()
    if not COUNTRY_CODE.fullmatch(code):
        place = " ".join(filter(None, (said.postal_code, said.city)))
        written = (said.name, said.company, *said.street.split("\n"), place, said.region or region_code)
        said.lines = [line for line in (*written, country_name or said.country) if line]
        code = ""
    said.country = code
    said.region = (region_code or said.region) if code in REGION_BY_CODE else (said.region or region_code)
    return said


def street(*lines: str) -> str:
    return "\n".join(line for line in lines if line)
