"""Making merchants and their programs' keys."""

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from app import clock, db
from app.accounts import names, throttle
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Invalid, Missing
from app.events.actions import record
from app.merchants import members, news
from app.tokens import hash_token, new_token

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
KEY_PREFIX = "ck_"
SHOWN = 10  # characters of a key that stay known


class Particulars(Struct, kw_only=True):
    """What a merchant says of itself, as far as the tables hold it; `Merchant` has the meanings."""

    name: Annotated[str, Meta(max_length=200)] = ""
    website: Annotated[str, Meta(max_length=400, pattern=r"^(https?://|[^:]*\Z)")] = ""
    email: Annotated[str, Meta(max_length=320)] = ""
    country: Annotated[str, Meta(max_length=2)] = ""
    vat_id: Annotated[str, Meta(max_length=40)] = ""
    address: str = ""
    legal: str = ""
    time_zone: Annotated[str, Meta(max_length=64)] = "UTC"


async def ensure(slug: str, name: str = "", **about: Any) -> int:
    """The merchant's id; made with what is said `about` it when there is none of that short name yet."""
    if not SLUG.fullmatch(slug):
        raise Invalid(merchant=f"“{slug}” is not a short name: lower-case letters, digits and hyphens")
    values = {
        "slug": slug, "name": name or slug, "website": "", "email": "", "country": "", "vat_id": "", "address": "",
        "legal": "", "time_zone": "UTC", "accent": "", "logo": "", "is_shop": False, "created_at": clock.now(), **about,
    }  # fmt: skip
    columns = ", ".join(values)
    await db.execute(
        f"INSERT INTO merchants ({columns}) VALUES ({db.marks(len(values))}) ON CONFLICT (slug) DO NOTHING",  # noqa: S608
        *values.values(),
    )
    found = await by_slug(slug)
    assert found is not None  # noqa: S101 - just made
    return found["id"]


async def named(slug: str) -> db.Row:
    """As `by_slug`; made when there is none of that short name yet."""
    found = await by_slug(slug)
    if found is None:
        await ensure(slug)
        found = await by_slug(slug)
    assert found is not None  # noqa: S101 - just made
    return found


async def by_slug(slug: str) -> db.Row | None:
    return await db.one("SELECT id, slug, name, time_zone FROM merchants WHERE slug = {}", slug)


async def make_key(slug: str, name: str, *, by: Viewer | None = None) -> str:
    """A new API key, to be shown this once. `by`: the owner who makes it, None at the shell.

    Raises Missing when there is no such merchant, Invalid(name=…), Refused (429).
    """
    merchant = await by_slug(slug)
    if merchant is None:
        raise Missing
    name, key = names.checked(name), KEY_PREFIX + new_token()
    if by is not None:
        await throttle.key_made(merchant["id"])
    row = {
        "merchant": merchant["id"], "name": name, "prefix": key[:SHOWN], "key_hash": hash_token(key), "created_at": clock.now(),
    }  # fmt: skip
    async with transaction():
        await members.alone(merchant["id"], by)
        await db.insert("api_keys", [row])
        await _tell("api_key_made", row, by)
    return key


async def keys() -> Sequence[db.Row]:
    """All keys, merchant by merchant, the newest last; of each only its first characters are known."""
    return await db.rows(
        "SELECT k.prefix, m.slug AS merchant, k.name, k.created_at, k.used_at, k.revoked_at "
        "FROM api_keys k JOIN merchants m ON m.id = k.merchant ORDER BY m.slug, k.id"
    )


async def keys_of(merchant: int) -> Sequence[db.Row]:
    """The newest first."""
    return await db.rows(
        "SELECT id, prefix, name, created_at, used_at, revoked_at FROM api_keys WHERE merchant = {} ORDER BY id DESC", merchant
    )


async def revoke_key(prefix: str) -> None:
    """At the shell. Raises Missing."""
    await _revoke("prefix = {}", [prefix], None)


async def revoke_key_of(merchant: int, number: int, *, by: Viewer) -> None:
    """Raises Missing for another merchant's, and for one that is revoked already."""
    async with transaction():
        await members.alone(merchant, by)
        await _revoke("merchant = {} AND id = {}", [merchant, number], by)


async def _revoke(which: str, args: list[Any], by: Viewer | None) -> None:
    async with transaction():
        found = await db.execute(
            f"UPDATE api_keys SET revoked_at = {{}} WHERE {which} AND revoked_at IS NULL RETURNING merchant, name, prefix",  # noqa: S608
            clock.now(), *args,
        )  # fmt: skip
        if not found:
            raise Missing
        for key in found:
            await _tell("api_key_revoked", key, by)


async def _tell(about: Literal["api_key_made", "api_key_revoked"], key: Mapping[str, Any], by: Viewer | None) -> None:
    who = by.id if by else "operator"
    await record(about, merchant=key["merchant"], by=who, name=key["name"], prefix=key["prefix"])
    owners = await news.owners(key["merchant"])
    await news.tell(owners, key["merchant"], about, by=by.email if by else "", what=f"{key['name']} ({key['prefix']}…)")
