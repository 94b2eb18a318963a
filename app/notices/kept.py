"""A notice as it is kept: its merchant's own. Another's does not exist."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct

from app import db
from app.errors import Missing
from app.notices.segments import Segment
from app.settings import settings

KINDS = ("account", "policy", "offer")
PAGE = 50


class Words(Struct, frozen=True):
    subject: str = ""
    text: str = ""


class KeptNotice(Struct, frozen=True, kw_only=True):
    """Columns of `Notice`; `words` by locale, those that there are."""

    id: int
    merchant: int
    kind: str
    words: Mapping[str, Words]
    segment: Segment
    state: str
    revision: int
    author: int | None
    author_name: str
    scheduled_at: datetime | None
    started_at: datetime | None
    ended_at: datetime | None
    people: int
    told: int
    left_out: int
    created_at: datetime

    def said_in(self, locale: str) -> tuple[str, Words]:
        """To who reads that language, and in which one: of what there is, the first that the counter speaks."""
        spoken = next(one for one in (locale, *settings.locales) if one in self.words)
        return spoken, self.words[spoken]


COLUMNS = ", ".join(KeptNotice.__struct_fields__)
ONE = f"SELECT {COLUMNS} FROM notices WHERE id = {{}}"  # noqa: S608 - our own words
LIST = f"SELECT {COLUMNS} FROM notices WHERE merchant = {{}} AND id < {{}} ORDER BY id DESC LIMIT {{}}"  # noqa: S608


def read(row: db.Row) -> KeptNotice:
    about: dict[str, Any] = dict(row)
    words = msgspec.json.decode(row["words"], type=dict[str, Words])
    segment = msgspec.json.decode(row["segment"], type=Segment)
    return KeptNotice(**{**about, "words": words, "segment": segment})


async def one(merchant: int, number: int, *, locked: bool = False) -> KeptNotice:
    """`locked`: until the transaction ends. Raises Missing."""
    rest = f" AND merchant = {{}}{db.FOR_UPDATE if locked else ''}"
    row = await db.one(ONE + rest, number, merchant) if 0 < number <= db.MOST_ID else None
    if row is None:
        raise Missing
    return read(row)


async def page_of(merchant: int, before: int | None = None) -> tuple[list[KeptNotice], int]:
    """The newest first, and the number before which the next page begins; 0 where there is none."""
    found = [read(row) for row in await db.rows(LIST, merchant, before or db.MOST_ID, PAGE + 1)]
    return found[:PAGE], found[PAGE - 1].id if len(found) > PAGE else 0
