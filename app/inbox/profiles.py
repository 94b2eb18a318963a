"""What a seller says of itself: who it is by law, and how it sends and takes back, in each language."""

from collections.abc import Mapping
from typing import Any

from msgspec import Struct

from app import db, typed
from app.accounts import email_address
from app.errors import Invalid
from app.events.actions import record
from app.i18n import _

OWN = ("address", "vat_id", "email")  # columns of the merchant itself
LONGEST = {"name": 200, "register": 200, "phone": 40, "vat_id": 40, "email": 320, "address": 1_000}
MOST = 5_000  # letters of a policy
WANTED = ("name", "address", "email", "phone", "register")  # by law: Regulation (EU) 2022/2065, Art. 30
IDENTITY = """
SELECT m.address, m.vat_id, m.email, COALESCE(i.name, '') AS name, COALESCE(i.register, '') AS register,
  COALESCE(i.phone, '') AS phone, i.complies
FROM merchants m LEFT JOIN seller_identities i ON i.merchant = m.id WHERE m.id = {}
"""
POLICIES = "SELECT locale, shipping, returns FROM seller_policies WHERE merchant = {}"
KEEP_OWN = "UPDATE merchants SET address = {}, vat_id = {}, email = {} WHERE id = {}"
KEEP = """
INSERT INTO seller_identities (merchant, name, register, phone, complies) VALUES ({}, {}, {}, {}, {})
ON CONFLICT (merchant) DO UPDATE SET name = excluded.name, register = excluded.register, phone = excluded.phone,
  complies = excluded.complies
"""
KEEP_POLICY = """
INSERT INTO seller_policies (merchant, locale, shipping, returns) VALUES ({}, {}, {}, {})
ON CONFLICT (merchant, locale) DO UPDATE SET shipping = excluded.shipping, returns = excluded.returns
"""


class Identity(Struct, frozen=True, kw_only=True):
    """See `SellerIdentity`; `address`, `vat_id` and `email` are the merchant's."""

    name: str = ""
    address: str = ""
    register: str = ""
    vat_id: str = ""
    email: str = ""
    phone: str = ""
    complies: bool = False

    @property
    def missing(self) -> list[str]:
        """Fields that the law wants and that say nothing."""
        return [field for field in WANTED if not getattr(self, field)]


class Policy(Struct, frozen=True):
    """`locale` is that of the words: where there are none in the reader's language, another's."""

    locale: str = ""
    shipping: str = ""
    returns: str = ""


async def identity(merchant: int) -> Identity:
    (row,) = await db.rows(IDENTITY, merchant)
    return Identity(**{**row, "complies": bool(row["complies"])})


async def policies(merchant: int) -> dict[str, Policy]:
    """By locale."""
    return {row["locale"]: Policy(**row) for row in await db.rows(POLICIES, merchant)}


def in_words(found: Mapping[str, Policy], locale: str, field: str) -> tuple[str, str]:
    """The text and its language: the reader's own, else any there is; both empty for none."""
    own = [found[locale]] if locale in found else []
    return next(((text, it.locale) for it in (*own, *found.values()) if (text := getattr(it, field))), ("", ""))


async def save(merchant: int, it: Identity, said: Mapping[str, Policy], *, by: str) -> None:
    """Raises Invalid at what is wrong, fields named as in the form."""
    if wrong := _wrong(it, said):
        raise Invalid.at(wrong)
    async with db.transaction():
        before: tuple[Any, ...] = (await identity(merchant), await policies(merchant))
        await db.execute(KEEP_OWN, it.address, it.vat_id, it.email, merchant)
        await db.execute(KEEP, merchant, it.name, it.register, it.phone, it.complies)
        for locale, one in said.items():
            await db.execute(KEEP_POLICY, merchant, locale, one.shipping, one.returns)
        if before != (await identity(merchant), await policies(merchant)):
            await record("seller_profile_changed", merchant=merchant, by=by)


def _wrong(it: Identity, said: Mapping[str, Policy]) -> dict[str, str]:
    texts = {field: (getattr(it, field), most) for field, most in LONGEST.items()}
    texts |= {
        f"{field}-{locale}": (getattr(one, field), MOST) for locale, one in said.items() for field in ("shipping", "returns")
    }
    found = {field: unfit for field, (text, most) in texts.items() if (unfit := typed.wrong_words(text, most))}
    if it.email and "email" not in found and not email_address.is_one(it.email):
        found["email"] = _("That is no e-mail address.")
    return found
