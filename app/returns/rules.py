"""A merchant's rules of returns: the newest version, earlier ones, and a new one."""

import re
from collections.abc import Mapping
from functools import lru_cache

import msgspec

from app import clock, db
from app.accounts.viewer import Viewer
from app.errors import Invalid, Refused
from app.events.actions import record
from app.i18n import _
from app.merchants import members
from app.returns import rule_checks
from app.returns.rule_book import DEFAULT, Rules

NEWEST = "SELECT id, rules FROM return_rules WHERE merchant = {} ORDER BY id DESC LIMIT 1"
SOME_ORDERS = 1000  # enough to know in which currencies a merchant sells
CURRENCIES = """
SELECT DISTINCT currency FROM (SELECT currency FROM orders WHERE merchant = {} LIMIT {}) AS sold
UNION SELECT DISTINCT currency FROM (SELECT currency FROM returns WHERE merchant = {} ORDER BY id DESC LIMIT {}) AS returned
"""


async def of(merchant: int) -> tuple[int, Rules]:
    """The version's id, and the rules; 0 and the usual ones for a merchant that has written none."""
    found = await db.one(NEWEST, merchant)
    return (found["id"], read(found["rules"])) if found else (0, DEFAULT)


async def version(number: int) -> Rules:
    """As they were when something was decided by them."""
    found = await db.one("SELECT rules FROM return_rules WHERE id = {}", number) if number else None
    return read(found["rules"]) if found else DEFAULT


@lru_cache(256)
def read(text: str) -> Rules:
    return msgspec.json.decode(text, type=Rules)


async def save(merchant: int, rules: Rules, *, by: Viewer | None, after: int | None = None) -> int:
    """The new version's id, or the present one's when nothing is different; `by` is nobody at the shell. `after`: the version
    that was changed, where nobody's is to be overwritten unseen. Raises Invalid with JSON pointers (`/windows/0/days`), Refused
    (403) for who is no manager, (409) where there is a newer one."""
    if wrong := rule_checks.wrong(rules):
        raise Invalid.at(wrong)
    text = msgspec.json.encode(rules, order="sorted").decode()
    async with db.transaction():
        await members.alone(merchant, by, least="manager")
        number, former = await of(merchant)
        if after is not None and number != after and former != rules:
            raise Refused(
                _("Somebody has saved other rules meanwhile. Look at theirs, then save yours again if they shall count.")
            )
        if number and former == rules:
            return number
        row = {"merchant": merchant, "rules": text, "at": clock.now(), "by_whom": by.id if by else None}
        (made,) = await db.insert("return_rules", [row], "id")
        changed = _changed(former, rules)
        await record("return_rules_changed", merchant=merchant, by=by.id if by else None, version=made["id"], fields=changed)
    kept: int = made["id"]
    return kept


def _changed(former: Rules, now: Rules) -> list[str]:
    before, after = (msgspec.structs.asdict(it) for it in (former, now))
    return [name for name in after if before[name] != after[name]]


def from_json(body: Mapping[str, object]) -> Rules:
    """What a form or a program sends. Raises Invalid, which names the field of the first misfit."""
    try:
        return msgspec.convert(body, Rules)
    except msgspec.ValidationError as error:
        said, _sep, place = str(error).partition(" - at `$")
        pointer = "/" + re.sub(r"\[[^\d\]]*\]|`", "", place).replace("[", "/").replace("]", "").replace(".", "/").lstrip("/")
        raise Invalid.at({pointer: said}) from error


async def currencies(merchant: int) -> list[str]:
    """In which it sells, as far as some of its orders tell."""
    found = await db.rows(CURRENCIES, merchant, SOME_ORDERS, merchant, SOME_ORDERS)
    return [row["currency"] for row in found if row["currency"]]
