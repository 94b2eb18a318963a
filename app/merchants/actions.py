"""Making merchants and their programs' keys."""

import re
from collections.abc import Sequence
from typing import Annotated, Any

from msgspec import Meta, Struct

from app import clock, db
from app.errors import Invalid, Missing
from app.tokens import hash_token, new_token

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
KEY_PREFIX = "ck_"


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
        "legal": "", "time_zone": "UTC", "created_at": clock.now(), **about,
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


async def make_key(slug: str, name: str) -> str:
    """A new API key, to be shown this once; raises Missing when there is no such merchant."""
    merchant = await by_slug(slug)
    if merchant is None:
        raise Missing
    key = KEY_PREFIX + new_token()
    record = {
        "merchant": merchant["id"], "name": name, "prefix": key[:10], "key_hash": hash_token(key), "created_at": clock.now(),
    }  # fmt: skip
    await db.insert("api_keys", [record])
    return key


async def keys() -> Sequence[db.Row]:
    """All keys, merchant by merchant, the newest last; of each only its first characters are known."""
    return await db.rows(
        "SELECT k.prefix, m.slug AS merchant, k.name, k.created_at, k.revoked_at "
        "FROM api_keys k JOIN merchants m ON m.id = k.merchant ORDER BY m.slug, k.id"
    )


async def revoke_key(prefix: str) -> None:
    found = await db.execute(
        "UPDATE api_keys SET revoked_at = {} WHERE prefix = {} AND revoked_at IS NULL RETURNING id", clock.now(), prefix
    )
    if not found:
        raise Missing
