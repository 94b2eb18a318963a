"""What should not stand there: reported by anybody, looked at, and hidden or left, with the reason said.

A bad review is no reason: none is deleted but by who wrote it, and the stars of a hidden one count as before (Directive (EU)
2019/2161: sellers must not give a distorted picture of what buyers say; Regulation (EU) 2022/2065, Art. 17: why something was
hidden is told to who wrote it). Where there is a shop itself among the sellers, it alone judges, and no seller its own.
"""

from app import clock, db, typed
from app.accounts import customers
from app.db import transaction
from app.errors import Invalid, Missing, Refused
from app.events import actions as events
from app.i18n import Voice, _
from app.merchants import shop
from app.reviews import answering, kept

REPORT = """
INSERT INTO review_reports (review, customer, why, text, at) VALUES ({}, {}, {}, {}, {})
ON CONFLICT (review, customer) DO NOTHING RETURNING id
"""
REPORTS = "SELECT why, text, at FROM review_reports WHERE review = {} AND settled_at IS NULL ORDER BY id LIMIT 20"
SETTLED = "UPDATE review_reports SET settled_at = {} WHERE review = {} AND settled_at IS NULL"
HIDE = "UPDATE reviews SET hidden_at = {}, hidden_why = {}, reports = 0 WHERE id = {}"


def reasons(voice: Voice) -> dict[str, str]:
    """By the names under which they are kept."""
    _ = voice.gettext
    return {
        "insult": _("Insults or threats"),
        "personal": _("Somebody’s name, address or number"),
        "unlawful": _("Against the law"),
        "advertising": _("Advertising, or a link to elsewhere"),
        "not_about": _("Not about this purchase"),
    }


async def report(customer: int, slug: str, number: int, *, why: str, text: str, voice: Voice) -> None:
    """Once by each; said twice, the first counts. Raises Missing, Invalid(why=…, text=…), Refused for one's own."""
    async with transaction():
        await customers.lock(customer)
        it = await kept.one(number, lock=True)
        if it.merchant_slug != slug:
            raise Missing
        if it.customer == customer:
            raise Refused(_("This is your own: you can change it or take it back."))
        wrong = {} if why in reasons(voice) else {"why": _("Choose what is wrong with it.")}
        if unfit := typed.wrong_words(text.strip(), 1_000):
            wrong["text"] = unfit
        if wrong:
            raise Invalid.at(wrong)
        if await db.execute(REPORT, number, customer, why, text.strip(), clock.now()) and it.hidden_at is None:
            await db.execute("UPDATE reviews SET reports = reports + 1 WHERE id = {}", number)
            await events.record("review_reported", merchant=it.merchant, review=number, why=why, by=f"customer:{customer}")


async def judged_at(merchant: int) -> int | None:
    """Whose reviews are judged at that desk: None for all. Raises Missing where none are."""
    it = await shop.found()
    if it is not None and it.id != merchant:
        raise Missing
    return merchant if it is None else None


async def hide(merchant: int, number: int, *, why: str, by: str, voice: Voice) -> None:
    """Raises Missing, Invalid(why=…), Refused for one that nobody has reported."""
    async with transaction():
        it = await kept.one(number, await judged_at(merchant), lock=True)
        if why not in reasons(voice):
            raise Invalid.at({"why": _("Choose why.")})
        if not it.reports:
            raise Refused(_("Nobody has reported it: a review is hidden for a reason that somebody has named."))
        await db.execute(HIDE, clock.now(), why, number)
        await _settle(number)
        await answering.tell("review_hidden", number, why=why, by=by)


async def leave(merchant: int, number: int, *, by: str) -> None:
    """It stands, again if it was hidden. Raises Missing."""
    async with transaction():
        it = await kept.one(number, await judged_at(merchant), lock=True)
        await db.execute(HIDE, None, "", number)
        await _settle(number)
        if it.hidden_at is not None:
            await answering.tell("review_shown", number, by=by)


async def _settle(number: int) -> None:
    await db.execute(SETTLED, clock.now(), number)


async def reports(number: int) -> list[db.Row]:
    return list(await db.rows(REPORTS, number))
