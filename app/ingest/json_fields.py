"""Typed access to a record as it came: a field of the wrong type is an error that names the field, never a surprise.

What is absent and what is null are the same: "", 0, nothing.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any, NoReturn, Protocol, TypeVar
from zoneinfo import ZoneInfo

from app.ingest.amounts import Unreadable
from app.money import NotMoney, currencies, to_minor
from app.typed import UNSPEAKABLE

MOST = 1_000_000  # of one thing in one order
MOST_MONEY = 10**15  # minor units: thousands of such amounts still add up to less than 2**63
PLAIN_NUMBER = re.compile(r"[+-]?\d{1,20}(\.\d{0,12})?", re.ASCII)
ZONE_AFTER_SPACE = re.compile(r" (?:(?=[+-]\d\d:?\d\d$)|UTC$)")
EMAIL = re.compile(r"[^@\s]+@[^@\s]+")


class Identified(Protocol):
    id: str


T = TypeVar("T", bound=Identified)


@dataclass(frozen=True, slots=True)
class Record:
    """`path` leads from the whole record to this part of it: "line_items[2]"."""

    values: dict[str, Any]
    path: str = ""

    @classmethod
    def of(cls, value: object, path: str = "") -> "Record":
        if not isinstance(value, dict):
            raise Unreadable(f"{path or 'the record'}: {_kind(value)} where an object was expected")
        return cls(value, path)

    def refuse(self, key: str, why: str) -> NoReturn:
        raise Unreadable(f"{self._name(key)}: {why}")

    def has(self, key: str) -> bool:
        """Whether anything is said: not absent, null or blank."""
        return self.values.get(key) not in (None, "")

    def text(self, key: str) -> str:
        """Trimmed; a number is written out."""
        value = self.values.get(key)
        if value is None:
            return ""
        if isinstance(value, bool) or not isinstance(value, str | int | Decimal):
            self.refuse(key, f"{_kind(value)} where text was expected")
        return UNSPEAKABLE.sub("", str(value)).strip()

    def required(self, key: str) -> str:
        return self.text(key) or self.refuse(key, "missing")

    def first(self, *keys: str) -> str:
        """The text of the first of these fields that says anything."""
        return next((text for key in keys if (text := self.text(key))), "")

    def link(self, key: str) -> str:
        """A web address, or nothing: other schemes are not kept."""
        text = self.text(key)
        return text if text.lower().startswith(("https://", "http://")) and not re.search(r"\s", text) else ""

    def email(self, key: str) -> str:
        text = self.text(key)
        return text if not text or EMAIL.fullmatch(text) else self.refuse(key, f"“{text[:40]}” is not an e-mail address")

    def flag(self, key: str, default: bool = False) -> bool:
        value = self.values.get(key)
        if value is None or value == "":
            return default
        if isinstance(value, str) and value.strip().lower() in ("true", "false"):
            return value.strip().lower() == "true"
        return value if isinstance(value, bool) else self.refuse(key, f"{_kind(value)} where true or false was expected")

    def amount(self, key: str, currency: str) -> int:
        """Minor units."""
        text = self.text(key)
        if not text:
            return 0
        if not PLAIN_NUMBER.fullmatch(text):
            self.refuse(key, f"“{text[:40]}” is not an amount")
        try:
            return self.bounded(key, to_minor(text, currency))
        except NotMoney as error:
            self.refuse(key, str(error))

    def bounded(self, key: str, amount: int) -> int:
        """The amount itself, read or made from this field, if it is one that can be kept."""
        return amount if abs(amount) <= MOST_MONEY else self.refuse(key, "the amount is too large")

    def currency(self, key: str) -> str:
        code = self.required(key).upper()
        return code if code in currencies() else self.refuse(key, f"“{code[:40]}” is not a currency")

    def count(self, key: str, default: int = 0) -> int:
        """How many: a whole number from 0 on."""
        text = self.text(key)
        if not text:
            return default
        number = Decimal(text) if PLAIN_NUMBER.fullmatch(text) else Decimal("NaN")
        if number.is_nan() or number != int(number) or not 0 <= number <= MOST:
            self.refuse(key, f"“{text[:40]}” is not a quantity")
        return int(number)

    def time(self, key: str, zone: str = "UTC") -> datetime | None:
        """In UTC. `zone` is taken for a time that names none."""
        text = self.text(key)
        if not text:
            return None
        try:
            read = datetime.fromisoformat(ZONE_AFTER_SPACE.sub(lambda found: "Z" if "U" in found[0] else "", text))
            time = (read if read.tzinfo else read.replace(tzinfo=ZoneInfo(zone))).astimezone(UTC)
        except (ValueError, OverflowError):
            self.refuse(key, f"“{text[:40]}” is not a time")
        return time if 1900 <= time.year <= 2200 else self.refuse(key, f"{time:%Y-%m-%d} cannot be")

    def part(self, key: str) -> "Record":
        """The object there; an empty one when there is none."""
        value = self.values.get(key)
        return Record({}, self._name(key)) if value is None else Record.of(value, self._name(key))

    def each(self, key: str) -> Iterator["Record"]:
        for number, value in enumerate(self._items(key)):
            yield Record.of(value, f"{self._name(key)}[{number}]")

    def distinct(self, key: str, parts: list[T]) -> list[T]:
        """What was made of this field, if no two have the same id."""
        ids = {part.id for part in parts}
        return parts if len(ids) == len(parts) else self.refuse(key, "two of them have the same id")

    def texts(self, key: str) -> list[str]:
        """The texts of a list that say anything."""
        items = self._items(key)
        each = Record({str(number): value for number, value in enumerate(items)}, self._name(key))
        return [text for number in range(len(items)) if (text := each.text(str(number)))]

    def _items(self, key: str) -> list[Any]:
        value = self.values.get(key)
        if value is None:
            return []
        return value if isinstance(value, list) else self.refuse(key, f"{_kind(value)} where a list was expected")

    def _name(self, key: str) -> str:
        return f"{self.path}.{key}" if self.path else key


def _kind(value: object) -> str:
    names = {
        bool: "true or false",
        str: "text",
        int: "a number",
        Decimal: "a number",
        list: "a list",
        dict: "an object",
    }
    return "nothing" if value is None else names.get(type(value), "something else")
