"""What a desk's first page says of its reviews: how many wait for an answer, and how many to be judged there."""

from app import db
from app.errors import Missing
from app.i18n import Voice
from app.reviews import hiding

MOST = 100  # that are counted
UNANSWERED = "SELECT count(*) AS n FROM (SELECT 1 FROM reviews WHERE merchant = {} AND answered_at IS NULL LIMIT {}) AS found"
REPORTED = "SELECT count(*) AS n FROM (SELECT 1 FROM reviews WHERE reports > 0{} LIMIT {{}}) AS found"


async def told(merchant: int, voice: Voice) -> str:
    """“3 unanswered · 1 reported”; empty where nothing waits."""
    unanswered, reported = (await db.rows(UNANSWERED, merchant, MOST))[0]["n"], await _reported(merchant)
    parts = [
        voice.ngettext("%(num)s unanswered", "%(num)s unanswered", unanswered) % {"num": _shown(unanswered)}
        if unanswered
        else "",
        voice.ngettext("%(num)s reported", "%(num)s reported", reported) % {"num": _shown(reported)} if reported else "",
    ]
    return " · ".join(part for part in parts if part)


async def _reported(merchant: int) -> int:
    """Where they are judged."""
    try:
        whose = await hiding.judged_at(merchant)
    except Missing:
        return 0
    sql = REPORTED.format("" if whose is None else " AND merchant = {}")
    number: int = (await db.rows(sql, *(() if whose is None else (whose,)), MOST))[0]["n"]
    return number


def _shown(count: int) -> str:
    return str(count) if count < MOST else "99+"
