"""What somebody is about to ask for, as the forms send it to and fro: nothing of it is kept anywhere before it is sent."""

import re
from collections.abc import Mapping, Sequence

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from app.errors import Invalid, Missing
from app.i18n import _
from app.returns import asked as asking
from app.returns.asked import Asked, AskedLine
from app.returns.offered import MOST_BESIDE, Offered
from app.tokens import new_token
from app.typed import MOST_LETTERS

KINDS = ("return", "claim", "cancellation")  # a withdrawal is declared elsewhere, and never asked for
QUANTITY = re.compile(r"quantity-([1-9]\d{0,9})")
MOST_OPEN = 20  # items that each have a form of their own; of more, one reason and one wish are asked for
MOST_FIELD = 4 * MOST_LETTERS  # of what is shown again though it is too long
FIRST_WISH = {"return": "refund", "claim": "repair", "cancellation": "refund"}
Fields = Sequence[tuple[str, str]]


class Draft(Struct, frozen=True, forbid_unknown_fields=True):
    """`beside`: addresses of the other orders that go along. `reason` and `wish`: what a line begins with that is chosen now;
    `opened`: the lines whose reason and wish have been on show. `key`: of the form that is sent, see `asking.ask`.
    `of_all`: reason and wish were said of many at once."""

    kind: str
    lines: tuple[AskedLine, ...] = ()
    beside: tuple[str, ...] = ()
    way: str = ""
    note: str = ""
    reason: str = ""
    wish: str = ""
    opened: tuple[int, ...] = ()
    key: str = ""
    of_all: bool = False

    @property
    def asked(self) -> Asked:
        return Asked(self.kind, self.lines, self.way, self.note)

    @property
    def unopened(self) -> bool:
        """Whether something was chosen of which nobody has said yet why; a cancellation needs no reason."""
        if self.kind == "cancellation" or (self.many and self.of_all and self.reason):
            return False
        return any(line.line not in self.opened for line in self.lines)

    @property
    def many(self) -> bool:
        return len(self.lines) > MOST_OPEN and self.kind != "cancellation"

    def stands_open(self, line: int) -> bool:
        """Whether that one, which is chosen, has a form of its own."""
        return self.kind != "cancellation" and (not self.many or line in self.opened)

    @property
    def text(self) -> str:
        return msgspec.json.encode(self).decode()


def begun(query: Sequence[tuple[str, str]]) -> Draft:
    """From an address: `kind`, `line` (its id), `reason`, `wish`, `with` (another order). Nonsense is the same as nothing."""
    one = dict(query)
    kind = kind if (kind := one.get("kind", "")) in KINDS else "return"
    reason = reason if (reason := one.get("reason", "")) in asking.REASONS[kind] else ""
    wish = wish if (wish := one.get("wish", "")) in asking.WISHES[kind] else FIRST_WISH[kind]
    if reason in asking.ANOTHER and "wish" not in one:
        wish = "replacement"
    number = int(line) if re.fullmatch(r"[1-9]\d{0,9}", line := one.get("line", "")) else 0
    lines = (AskedLine(number, 1, reason, wish),) if number else ()
    return Draft(kind, lines, _beside(query), reason=reason, wish=wish, opened=(number,) if number else ())


def first_chosen(draft: Draft, it: Offered, *, everything: bool) -> Draft:
    """With what need not be chosen: the only line there is, or all of them; only what can be asked for."""
    there = {line.id: line for line in it.order.lines if line.open(draft.kind)}
    if everything:
        chosen = tuple(AskedLine(line.id, line.free, draft.reason, draft.wish) for line in there.values())
        return replace(draft, lines=chosen, opened=(), of_all=True)
    if not draft.lines and len(it.order.lines) == 1 and there:
        (only,) = there
        return replace(draft, lines=(AskedLine(only, 1, draft.reason, draft.wish),), opened=(only,))
    lines = tuple(line for line in draft.lines if line.line in there)
    return replace(draft, lines=lines)


def read(fields: Fields) -> Draft:
    """Of a form, field by field; or the whole of an earlier one in `draft`, with what was chosen since. Raises Invalid."""
    one = {name: value[:MOST_FIELD] for name, value in fields if name != "draft"}
    text = next((value for name, value in fields if name == "draft"), "")
    found = _whole(text) if text else _field_by_field(fields, one)
    if found.kind not in KINDS:
        raise Invalid(form=_("Something in what was sent is not as expected."))
    changed = {name: one[name] for name in ("way", "note") if name in one}
    beside = tuple(dict.fromkeys((*found.beside, *_beside([("with", one.get("add", ""))]))))[:MOST_BESIDE]
    return replace(found, **changed, beside=beside)


def check(draft: Draft, it: Offered) -> None:
    """Raises Missing where a line is of none of these orders."""
    there = it.lines
    if any(line.line not in there for line in draft.lines):
        raise Missing


def to_send(draft: Draft, ways: Sequence[str]) -> Draft:
    """With a key, and one of the ways that the shop offers."""
    way = draft.way if draft.way in ways else next(iter(ways), "")
    return replace(draft, way=way, key=draft.key or new_token())


def supposed(draft: Draft) -> Asked:
    """For a preview, with what is still to be said filled in: amounts do not wait for words."""
    lines = tuple(
        replace(line, reason=line.reason or asking.REASONS[draft.kind][0], wanted=line.wanted or "-") for line in draft.lines
    )
    return replace(draft, lines=lines).asked


def _whole(text: str) -> Draft:
    try:
        return msgspec.json.decode(text, type=Draft)
    except (msgspec.DecodeError, UnicodeEncodeError) as error:
        raise Invalid(form=_("Something in what was sent is not as expected.")) from error


def _field_by_field(fields: Fields, one: Mapping[str, str]) -> Draft:
    kind, reason, wish = one.get("kind", "return"), one.get("reason", ""), one.get("wish", "")
    numbers = sorted(int(found[1]) for name in one if (found := QUANTITY.fullmatch(name)))  # fields come in any order
    lines = [_line(one, number, reason, wish or FIRST_WISH.get(kind, "")) for number in numbers]
    opened = tuple(number for number in numbers if asking.name(number, "reason") in one)
    chosen = tuple(line for line in lines if line.quantity)
    return Draft(kind, chosen, _beside(fields), reason=reason, wish=wish, opened=opened, of_all="of_all" in one)


def _line(one: Mapping[str, str], number: int, reason: str, wish: str) -> AskedLine:
    def field(part: str, otherwise: str = "") -> str:
        return one.get(asking.name(number, part), otherwise).replace("\r\n", "\n")

    quantity = _quantity(field("quantity"))
    return AskedLine(number, quantity, field("reason", reason), field("wish", wish), field("wanted"), field("note"))


def _quantity(text: str) -> int:
    """What is no number is less than one, which is refused."""
    if not text.strip():
        return 0
    return int(text) if re.fullmatch(r"\s*\d{1,9}\s*", text, re.ASCII) else -1


def _beside(fields: Fields) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for name, value in fields if name == "with" and value))[:MOST_BESIDE]
