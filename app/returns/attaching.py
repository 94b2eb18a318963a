"""Which order a guest's withdrawal is about: one of whoever owns the address that was proven, with the number that was written.
Looked for only when the address is proven; nobody else learns whether there is one.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from app import db
from app.accounts.email_address import is_one, normal
from app.returns import asking, giving_way, kept, quotes, rights, standing, worth
from app.returns.asked import Asked, AskedLine
from app.returns.cases import Right
from app.returns.doubts import Doubt
from app.returns.kept import Kept
from app.returns.worth import Worth
from app.search import folded

# Whose address it is, or was when they bought.
ORDERS = """
SELECT o.id, o.customer, o.number, o.customer_email, c.email FROM orders o JOIN customers c ON c.id = o.customer
WHERE o.merchant = {} AND o.customer IN (
  SELECT id FROM customers WHERE email = {} UNION
  SELECT customer FROM email_changes WHERE old_email = {} AND confirmed_at IS NOT NULL AND undone_at IS NULL
) ORDER BY o.placed_at DESC, o.id DESC
"""
OWN = ("kind", "name", "email", "note", "created_at", "waiting_on")  # of the declaration: what the order says is not put there


class Found(Struct, frozen=True):
    order: int
    customer: int


async def order_of(merchant: int, email: str, contract: str) -> Found | None:
    """The newest that fits. `email` is as `email_address.normal` writes it."""
    wanted = _named(contract)
    for row in await db.scan(ORDERS, merchant, email, email):
        theirs = row["email"] == email or _address(row["customer_email"]) == email
        if theirs and (key := _key(row["number"])) and key in wanted:
            return Found(row["id"], row["customer"])
    return None


def names(contract: str, number: str) -> bool:
    """Whether what was written of the contract is, or holds, this order's number."""
    key = _key(number)
    return bool(key) and key in _named(contract)


def _named(contract: str) -> set[str]:
    """“#a-10482”, “order A 10482”: all of it, and its words that hold a digit."""
    words = {_key(word) for word in contract.split()}
    return {_key(contract)} | {word for word in words if any(map(str.isdigit, word))}


def _key(text: str) -> str:
    return "".join(filter(str.isalnum, folded(text)))


def _address(text: str) -> str:
    return normal(text) if is_one(text) else ""


async def attach(it: Kept, found: Found | None, customer: int | None) -> Doubt:
    """In the transaction that acknowledges it, with the customer's row locked. `customer` is who has shown to be the owner of
    the address, where there is no order."""
    if found is None:
        await _update(it, {"customer": customer, "titles": it.it.contract}, {"doubt": "unknown"})
        return "unknown"
    known = await rights.of_orders([found.order], at=it.it.created_at)
    there, order = standing.by_line(known), (await worth.of_orders(known))[found.order]
    free = [line for line in order.lines if order.left[line["id"]].withdrawable and _right(there[line["id"]]).open]
    if not free:
        return await _late(it, found, order, there)
    meant, doubt = _meant(it, free)
    lines = [AskedLine(line["id"], order.left[line["id"]].withdrawable) for line in meant]
    what = Asked("withdrawal", lines, note=it.it.note)
    quote = await quotes.quote(found.customer, what, it.it.created_at)
    head = await asking.head(quote, what, found.customer)
    grounds = msgspec.json.decode(head.pop("grounds")) | {"doubt": doubt}
    await _update(it, {name: value for name, value in head.items() if name not in OWN}, grounds)
    await db.insert("return_lines", [asking.line(it.it.id, n, one) for n, one in enumerate(quote.chosen)])
    await giving_way.make_room(await kept.by_code(it.it.code), by="system")
    return doubt


def _meant(it: Kept, lines: Sequence[Mapping[str, Any]]) -> tuple[Sequence[Mapping[str, Any]], Doubt]:
    """What is held until somebody has said which (see `extents.py`): those that the words name by title or article number, all
    of them where they name none. How many, and whether these or all but these, words never say for sure: it is as declared.
    Of no words it is the whole contract."""
    said, contract = folded(it.it.note), folded(it.it.contract)
    named = [line for line in lines if _names(said, line["title"], line["sku"]) or _names(contract, line["title"])]
    return named or lines, "unclear" if named or said.strip() else ""


def _names(said: str, *texts: str) -> bool:
    return any(word and word in said for word in map(folded, texts))


async def _late(it: Kept, found: Found, order: Worth, there: Mapping[int, Sequence[Right]]) -> Doubt:
    """Its items are shown to the merchant's people with why not; nothing of them is held, and nothing promised."""
    left = [line for line in order.lines if order.left[line["id"]].free]
    said = [{"line": line["id"], **msgspec.to_builtins(_right(there[line["id"]]))} for line in left]
    row = order.order
    about = {
        "customer": found.customer, "order": found.order, "currency": row["currency"], "order_numbers": row["number"],
        "titles": "\n".join(line["title"] for line in left[: asking.MOST_TITLES]),
        "pictures": msgspec.json.encode([line["picture"] for line in left[: asking.MOST_PICTURES]]).decode(),
        "item_count": sum(order.left[line["id"]].free for line in left),
    }  # fmt: skip
    await _update(it, about, {"doubt": "late", "rights": said})
    copied = ("title", "variant", "sku", "picture")
    await db.insert("return_lines", [
        {
            "of_return": it.it.id, "position": n, "order": found.order, "line": line["id"],
            "quantity": order.left[line["id"]].free, **{name: line[name] for name in copied},
        }
        for n, line in enumerate(left)
    ])  # fmt: skip
    return "late"


def _right(found: Sequence[Right]) -> Right:
    return next(right for right in found if right.code == "withdrawal")


async def _update(it: Kept, columns: Mapping[str, Any], grounds: Mapping[str, Any]) -> None:
    values = {**columns, "grounds": msgspec.json.encode(grounds).decode()}
    pairs = ", ".join(f'"{name}" = {{}}' for name in values)
    await db.execute(f"UPDATE returns SET {pairs} WHERE id = {{}}", *values.values(), it.it.id)  # noqa: S608 - our own names
