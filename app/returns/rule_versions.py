"""Earlier versions of a merchant's rules: who wrote them and when, what they changed; and one made the present one again."""

from msgspec import Struct

from app import db
from app.accounts.viewer import Viewer
from app.errors import Missing
from app.i18n import _, voice
from app.returns import rule_words, rules
from app.returns.rule_book import DEFAULT, Rules
from app.returns.rule_words import Change

SHOWN = 50  # a page
VERSIONS = """
SELECT v.id, v.rules, v.at, v.by_whom, c.name, c.email FROM return_rules v LEFT JOIN customers c ON c.id = v.by_whom
WHERE v.merchant = {} AND v.id < {} ORDER BY v.id DESC LIMIT {}
"""
ONE = """
SELECT v.id, v.rules, v.at, v.by_whom, c.name, c.email FROM return_rules v LEFT JOIN customers c ON c.id = v.by_whom
WHERE v.merchant = {} AND v.id <= {} ORDER BY v.id DESC LIMIT 2
"""


class Version(Struct, frozen=True):
    """`changes` are against the one before it, of the first against what is usual; `when` and `who` are in words."""

    id: int
    when: str
    who: str
    rules: Rules
    changes: list[Change]
    present: bool


async def of_merchant(merchant: int, before: int = 0) -> tuple[list[Version], int]:
    """Newest first, older than the version `before`; and of which the next page is older, 0 for no more."""
    found = list(await db.rows(VERSIONS, merchant, before or db.MOST_ID, SHOWN + 1))
    newest = await newest_of(merchant)
    later = found[SHOWN - 1]["id"] if len(found) > SHOWN else 0
    return [_version(row, *found[n + 1 : n + 2], newest=newest) for n, row in enumerate(found[:SHOWN])], later


async def one(merchant: int, number: int) -> Version:
    """Raises Missing."""
    found = await db.rows(ONE, merchant, number) if 0 < number <= db.MOST_ID else []
    if not found or found[0]["id"] != number:
        raise Missing
    return _version(*found, newest=await newest_of(merchant))


async def restore(merchant: int, number: int, *, by: Viewer) -> int:
    """As a new version, whose id is answered. Raises Missing, Refused (403), Invalid for what cannot be meant any more."""
    return await rules.save(merchant, (await one(merchant, number)).rules, by=by)


async def newest_of(merchant: int) -> int:
    """0 for a merchant that has written none."""
    found = await db.one("SELECT max(id) AS id FROM return_rules WHERE merchant = {}", merchant)
    return (found["id"] or 0) if found else 0


def _version(row: db.Row, former: db.Row | None = None, *, newest: int) -> Version:
    kept, before = rules.read(row["rules"]), rules.read(former["rules"]) if former else DEFAULT
    changes = rule_words.changes(before, kept, voice())
    return Version(row["id"], voice().moment(row["at"]), _who(row), kept, changes, row["id"] == newest)


def _who(row: db.Row) -> str:
    if row["by_whom"] is None:
        return _("The operator")
    return row["name"] or row["email"] or _("Somebody whose account is gone")
