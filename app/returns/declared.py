"""What somebody types who withdraws from a contract without signing in, and what of it is no answer."""

from collections.abc import Sequence

from msgspec import Struct

from app import typed
from app.accounts import email_address
from app.errors import Invalid, Missing
from app.i18n import _
from app.returns.sellers import Seller, offering

LONGEST_NAME, LONGEST_CONTRACT = 200, 500


class Told(Struct, frozen=True, kw_only=True):
    """What was typed. `contract` is a number or what was bought, `items` which of it; `seller` is a merchant's slug, and may be
    empty where there is only one."""

    name: str = ""
    email: str = ""
    contract: str = ""
    items: str = ""
    seller: str = ""


class Checked(Struct, frozen=True):
    name: str
    email: str
    contract: str
    items: str
    seller: Seller


async def check(told: Told) -> Checked:
    """Raises Invalid by field; Missing where there is no such function."""
    sellers = await offering()
    if not sellers:
        raise Missing
    name, contract, items = _plain(told.name), _plain(told.contract), _text(told.items)
    wrong = {} if name else {"name": _("What is your name?")}
    if not contract:
        wrong["contract"] = _("Say which order it is, or what you bought.")
    most = (("name", name, LONGEST_NAME), ("contract", contract, LONGEST_CONTRACT), ("items", items, typed.MOST_LETTERS))
    wrong |= {field: unfit for field, text, longest in most if (unfit := typed.wrong_words(text, longest))}
    email, bad = _email(told.email)
    seller = _seller(told.seller, sellers)
    if seller is None or bad:
        raise Invalid.at(wrong | bad | ({} if seller else {"seller": _("Choose who sold it.")}))
    if wrong:
        raise Invalid.at(wrong)
    return Checked(name, email, contract, items, seller)


def _email(text: str) -> tuple[str, dict[str, str]]:
    try:
        return email_address.normal(_plain(text)), {}
    except Invalid as error:
        return "", error.fields


def _seller(slug: str, sellers: Sequence[Seller]) -> Seller | None:
    if not slug and len(sellers) == 1:
        return sellers[0]
    return next((one for one in sellers if one.slug == slug), None)


def _plain(text: str) -> str:
    """One line, of what can be printed."""
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())


def _text(text: str) -> str:
    return "\n".join(line for part in text.splitlines() if (line := _plain(part)))
