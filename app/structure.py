"""Plain data against a Struct, to the end: every place that does not fit, not only the first as msgspec's decoder has it.

Only asked when decoding failed, so it may take its time.
"""

from datetime import UTC, datetime
from typing import Any

import msgspec
from msgspec import inspect

MOST = 1_000  # places named in one answer
BLANKS: dict[type, Any] = {
    inspect.StrType: "", inspect.IntType: 0, inspect.BoolType: False, inspect.FloatType: 0.0,
    inspect.DateTimeType: datetime(2000, 1, 1, tzinfo=UTC),
}  # fmt: skip
WORDS = {
    inspect.StrType: "expected text",
    inspect.IntType: "expected a whole number",
    inspect.BoolType: "expected true or false",
    inspect.FloatType: "expected a number",
    inspect.DateTimeType: "expected a time with its zone, such as 2026-11-21T10:00:00Z",
}
PLAIN: dict[type, tuple[type, ...]] = {
    inspect.StrType: (str,), inspect.IntType: (int,), inspect.BoolType: (bool,), inspect.FloatType: (float, int),
}  # fmt: skip


class Walk:
    """`wrong` maps the JSON pointer of each misfit to what was expected there; it ends at `MOST`."""

    def __init__(self) -> None:
        self.wrong: dict[str, str] = {}

    def struct(self, kind: Any, value: Any, pointer: str = "") -> Any:
        """The Struct, with blanks where nothing fits: what does fit can then be checked further."""
        if not isinstance(value, dict):
            self._note(pointer, "expected an object")
            return self._blank(kind)
        names = {field.encode_name for field in kind.fields}
        for name in (name for name in value if name not in names):
            self._note(f"{pointer}/{escaped(name)}", "there is no such field")
        made = {}
        for field in kind.fields:
            inner = f"{pointer}/{field.encode_name}"
            if field.encode_name in value:
                made[field.name] = self.any(field.type, value[field.encode_name], inner)
            elif field.required:
                self._note(inner, "missing")
                made[field.name] = self._blank(field.type)
        return kind.cls(**made)

    def any(self, kind: inspect.Type, value: Any, pointer: str) -> Any:
        if isinstance(kind, inspect.UnionType):
            return None if value is None else self.any(_present(kind), value, pointer)
        if isinstance(kind, inspect.StructType):
            return self.struct(kind, value, pointer)
        if isinstance(kind, inspect.ListType):
            return self._list(kind, value, pointer)
        return self._leaf(kind, value, pointer)

    def _list(self, kind: inspect.ListType, value: Any, pointer: str) -> list[Any]:
        if not isinstance(value, list):
            self._note(pointer, "expected a list")
            return []
        return [self.any(kind.item_type, item, f"{pointer}/{n}") for n, item in enumerate(value) if len(self.wrong) < MOST]

    def _leaf(self, kind: inspect.Type, value: Any, pointer: str) -> Any:
        if isinstance(kind, inspect.LiteralType):
            if isinstance(value, str) and value in kind.values:
                return value
            self._note(pointer, "expected one of " + ", ".join(sorted(map(str, kind.values))))
        elif isinstance(kind, inspect.DateTimeType):
            try:
                return msgspec.convert(value, datetime)
            except msgspec.ValidationError:
                self._note(pointer, WORDS[inspect.DateTimeType])
        elif type(value) in PLAIN[type(kind)]:
            return value
        else:
            self._note(pointer, WORDS[type(kind)])
        return self._blank(kind)

    def _blank(self, kind: inspect.Type) -> Any:
        if isinstance(kind, inspect.StructType):
            return kind.cls(**{field.name: self._blank(field.type) for field in kind.fields if field.required})
        if isinstance(kind, inspect.LiteralType):
            return kind.values[0]
        return [] if isinstance(kind, inspect.ListType) else BLANKS.get(type(kind))

    def _note(self, pointer: str, expected: str) -> None:
        if len(self.wrong) < MOST:
            self.wrong[pointer] = expected


def escaped(name: str) -> str:
    """A member's name in a JSON pointer (RFC 6901, section 3)."""
    return name.replace("~", "~0").replace("/", "~1")


def _present(kind: inspect.UnionType) -> inspect.Type:
    return next(one for one in kind.types if not isinstance(one, inspect.NoneType))
