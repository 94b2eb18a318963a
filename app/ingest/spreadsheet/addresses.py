"""The address columns of a spreadsheet; countries come as names as often as codes."""

from functools import lru_cache

from babel import Locale

from app.ingest.rows import Row
from app.ingest.snapshot import Address
from app.ingest.spreadsheet.fields import Section

TEXTS = ("name", "company", "street", "postal_code", "city", "region", "phone")


def address(row: Row, section: Section | None, countries: dict[str, str]) -> Address | None:
    """`countries`: codes of names that the standard does not know. The lines keep what the row says."""
    if section is None:
        return None
    texts = {name: section.text(row, name) for name in TEXTS}
    country = section.text(row, "country")
    place = " ".join(texts[name] for name in ("postal_code", "city", "region") if texts[name])
    lines = [text for text in (texts["name"], texts["company"], texts["street"], place, country) if text]
    code = countries.get(country) or _country(country)
    return Address(lines=lines, country=code, **texts) if lines else None


@lru_cache(256)
def _country(name: str) -> str:
    """The ISO 3166-1 code of a country written so, or by its English name; "" when it is neither."""
    countries = {code: english for code, english in Locale("en").territories.items() if len(code) == 2 and code != "ZZ"}
    if name.upper() in countries:
        return name.upper()
    return next((code for code, english in countries.items() if english.casefold() == name.casefold()), "")
