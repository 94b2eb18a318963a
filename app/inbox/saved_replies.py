"""Answers that a desk gives often, in both languages of the counter: its managers write them, everybody there puts them in.

What differs from customer to customer is named in braces, “{name}”, and filled in when the reply is chosen. What a thread has
none of (a number, where it is about no order) stays in its braces, for whoever answers to see; it is not sent like that.
"""

import re

from msgspec import Struct

from app import clock, db
from app.errors import Invalid, Missing
from app.i18n import Voice, _
from app.inbox import cards, texts
from app.inbox.kept import KeptThread

NAMES = ("name", "order", "return", "date", "shop", "agent")
NAMED = re.compile(r"\{([^{}\n]{0,40})\}")
MOST = 200  # of a merchant
LONGEST, LONGEST_TITLE = 5_000, 80
ALL = "SELECT id, title, english, french FROM saved_replies WHERE merchant = {} ORDER BY title, id LIMIT {}"
ONE = "SELECT id, title, english, french FROM saved_replies WHERE merchant = {} AND id = {}"
CHANGE = "UPDATE saved_replies SET title = {}, english = {}, french = {} WHERE merchant = {} AND id = {} RETURNING id"
REMOVE = "DELETE FROM saved_replies WHERE merchant = {} AND id = {} RETURNING id"
CUSTOMER = "SELECT locale, time_zone FROM customers WHERE id = {}"
COUNT = "SELECT count(*) AS n FROM saved_replies WHERE merchant = {}"


class Reply(Struct, frozen=True, kw_only=True):
    id: int = 0
    title: str = ""
    english: str = ""
    french: str = ""


async def of_merchant(merchant: int) -> list[Reply]:
    return [Reply(**row) for row in await db.rows(ALL, merchant, MOST)]


async def one(merchant: int, number: int) -> Reply:
    """Raises Missing."""
    row = await db.one(ONE, merchant, number) if 0 < number <= db.MOST_ID else None
    if row is None:
        raise Missing
    return Reply(**row)


async def save(merchant: int, it: Reply) -> None:
    """A new one without an id. Raises Missing, Invalid(title=…, english=…, french=…)."""
    title, english, french = texts.line(it.title), texts.cleaned(it.english), texts.cleaned(it.french)
    wrong = {"title": _title(title), "english": _wrong(english), "french": _wrong(french)}
    if any(wrong.values()):
        raise Invalid.at({field: said for field, said in wrong.items() if said})
    async with db.transaction():
        if it.id:
            if not await db.execute(CHANGE, title, english, french, merchant, it.id):
                raise Missing
            return
        if (await db.rows(COUNT, merchant))[0]["n"] >= MOST:
            raise Invalid.at({"title": _("There are %(num)d already: remove one first.") % {"num": MOST}})
        await db.insert("saved_replies", [{"merchant": merchant, "title": title, "english": english, "french": french}])


async def remove(merchant: int, number: int) -> None:
    """Raises Missing."""
    if not 0 < number <= db.MOST_ID or not await db.execute(REMOVE, merchant, number):
        raise Missing


async def filled(it: KeptThread, reply: Reply, agent: str, shop: str = "") -> str:
    """In the customer's language. `shop`: who answers, where that is not the seller."""
    row = await db.one(CUSTOMER, it.customer)
    said = Voice(row["locale"] if row and row["locale"] else "en", row["time_zone"] if row else "")
    text = reply.french if said.locale.startswith("fr") else reply.english
    values = {
        "name": cards.called(it.customer_name, said), "order": it.order_number, "return": it.return_code,
        "date": said.day(clock.now()), "shop": shop or it.merchant_name, "agent": agent,
    }  # fmt: skip
    return NAMED.sub(lambda found: values.get(found[1]) or found[0], text)


def check(text: str) -> None:
    """Of what goes to a customer. Raises Invalid(text=…) where a name still stands in its braces."""
    left = next((name for name in NAMED.findall(text) if name in NAMES), None)
    if left is not None:
        said = _("%(name)s is not filled in. Write what it stands for, or take it out.")
        raise Invalid.at({"text": said % {"name": f"{{{left}}}"}})


def _title(text: str) -> str:
    if not text:
        return _("Under which name is it found?")
    return _("At most %(num)d letters.") % {"num": LONGEST_TITLE} if len(text) > LONGEST_TITLE else ""


def _wrong(text: str) -> str:
    if not text:
        return _("Write it in both languages: customers are answered in theirs.")
    if len(text) > LONGEST:
        return _("At most %(num)d letters.") % {"num": LONGEST}
    unknown = next((name for name in NAMED.findall(text) if name not in NAMES), None)
    if unknown is None:
        return ""
    there = ", ".join(f"{{{name}}}" for name in NAMES)
    return _("There is no %(name)s. What there is: %(names)s") % {"name": f"{{{unknown}}}", "names": there}
