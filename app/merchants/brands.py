"""A merchant's brand: the colour and the logo that mails about its orders show. Its owners choose them; what is empty is the
counter's own.
"""

import asyncio
import re

from msgspec import Struct

from app import db, pictures
from app.accounts.viewer import Viewer
from app.db import transaction
from app.errors import Invalid
from app.events.actions import record
from app.i18n import _
from app.merchants import logos, members

COLOUR = re.compile(r"#?([0-9a-f]{3}|[0-9a-f]{6})")
SAVE = "UPDATE merchants SET {} = {{}} WHERE id = {{}}"


class Brand(Struct, frozen=True):
    """Columns of `Merchant`."""

    accent: str
    logo: str


async def of(merchant: int) -> Brand:
    found = await db.one("SELECT accent, logo FROM merchants WHERE id = {}", merchant)
    assert found is not None  # noqa: S101 - nobody takes a merchant away
    return Brand(**found)


def colour(typed: str) -> str:
    """“#2f5f86”, whatever the case and with or without its #; “#abc” is “#aabbcc”. Empty stays so. Raises Invalid(accent=…)."""
    text = "".join(typed.split()).lower()
    if not text:
        return ""
    found = COLOUR.fullmatch(text)
    if found is None:
        raise Invalid(accent=_("This is not a colour such as #2f5f86."))
    digits = found[1] if len(found[1]) == 6 else "".join(digit * 2 for digit in found[1])
    return f"#{digits}"


async def paint(merchant: int, typed: str, *, by: Viewer) -> None:
    """Raises Invalid(accent=…), Refused (403) for who is no owner. Every colour is taken: where it is shown, it is made to
    read on its ground (`web/brand.py`)."""
    await _change(merchant, "accent", colour(typed), by)


async def keep_logo(merchant: int, body: bytes, *, by: Viewer) -> None:
    """Raises Invalid(logo=…), Refused (403) for who is no owner. The file comes first: without its row nobody is shown it."""
    if not body:
        raise Invalid(logo=_("Choose a picture."))
    png = await asyncio.to_thread(logos.made_anew, body)
    name = logos.name_of(merchant, png)
    async with transaction():
        await members.alone(merchant, by)
        pictures.keep(name, png)
        former = await _change(merchant, "logo", name, by)
    await _drop(merchant, former, by)


async def remove_logo(merchant: int, *, by: Viewer) -> None:
    """Nothing happens when there is none. Raises Refused (403) for who is no owner."""
    former = await _change(merchant, "logo", "", by)
    await _drop(merchant, former, by)


async def _change(merchant: int, column: str, value: str, by: Viewer) -> str:
    """What was there before. What stays as it was is not recorded."""
    async with transaction():
        await members.alone(merchant, by)
        former: str = getattr(await of(merchant), column)
        if former != value:
            await db.execute(SAVE.format(column), value, merchant)
            await record("brand_changed", merchant=merchant, by=by.id, what=column, before=former, now=value)
    return former


async def _drop(merchant: int, name: str, by: Viewer) -> None:
    """Alone with the merchant: the same picture may have been chosen again since."""
    async with transaction():
        await members.alone(merchant, by)
        if name and name != (await of(merchant)).logo:
            pictures.drop(name)
