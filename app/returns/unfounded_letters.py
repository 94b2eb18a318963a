"""What whoever declared a withdrawal is told by mail when the seller says that it has no effect, and when it is in force after
all: at the address that was confirmed when they declared it, as the acknowledgement was; nobody else is.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from app import tokens
from app.i18n import Voice
from app.mail import letters
from app.returns import acknowledging, extents, kept, refusals
from app.returns.kept import Kept
from app.returns.receipts import instant
from app.settings import settings

LINK = "withdrawal link"  # what the signature of a link is for


async def closed(it: Kept) -> None:
    """In the transaction that closes it."""
    double = await named_to_them(it)
    await _write(it, "withdrawal_unfounded", lambda said: {
        "reason": refusals.clauses(said)[it.it.clause], "double": double, "answer": it.it.answer.replace("\r\n", "\n"),
        "again": it.it.objected_at is not None,
    })  # fmt: skip


async def in_force(it: Kept) -> None:
    await _write(it, "withdrawal_in_force", lambda _said: {})


def double_of(it: Kept) -> str:
    """The code of the declaration that stands in its place."""
    found = msgspec.json.decode(it.it.grounds).get("double_of", "")
    return found if isinstance(found, str) else ""


async def named_to_them(it: Kept) -> str:
    """The code of the other one of a double. Of an order that was attached by hand somebody else may have declared: that is not
    for this address to know."""
    code = double_of(it)
    return code if code and (await kept.by_code(code)).it.email == it.it.email else ""


async def _write(it: Kept, letter: str, more: Callable[[Voice], Mapping[str, Any]]) -> None:
    row, (person, said) = it.it, await acknowledging.reader(it)
    own = await extents.is_owner(it)
    path = f"/returns/{row.code}" if own else f"/withdrawal/{tokens.sign(row.code, LINK)}"
    await letters.write(
        row.email, letter, said, phrase=person["phrase"] if person and own else "", url=settings.base_url,
        link=f"{settings.base_url}{path}", merchant=row.merchant_name, code=row.code, when=_when(it, said), **more(said),
    )  # fmt: skip


def _when(it: Kept, said: Voice) -> str:
    return instant(it.it.created_at, said)
