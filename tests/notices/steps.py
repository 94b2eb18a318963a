"""Notices as they are written and sent in tests, and what comes of them."""

from typing import Any

from app import db
from app.ingest.snapshot import Person
from app.notices import actions, kept, sending
from app.notices.actions import Draft, Writer
from app.notices.kept import KeptNotice, Words
from app.notices.segments import Segment
from app.notifications import preferences
from tests import builders

MO = Writer(1, "Mo", "member:1")
BOTH = {"en": Words("We close in August", "Back on the 1st."), "fr": Words("Fermé en août", "De retour le 1er.")}


async def bought(email: str, name: str = "", *, locale: str = "", slug: str = builders.MO, **about: Any) -> int:
    """Somebody with an order there; the customer's id."""
    number = f"{email.partition('@')[0]}-{len(await db.rows('SELECT id FROM orders'))}"
    row = await builders.order(number, customer=Person(email=email, name=name), merchant=slug, **about)
    await db.execute("UPDATE customers SET locale = {} WHERE id = {}", locale, row["customer"])
    return int(row["customer"])


async def crowd(count: int) -> list[int]:
    return [await bought(f"p{n:03}@example.com", f"P {n}") for n in range(count)]


async def wants_offers(customer: int, way: str = "email") -> None:
    await preferences.resume(customer, "offers", way)


async def written(kind: str = "account", words: Any = None, slug: str = builders.MO, **segment: Any) -> int:
    draft = Draft(kind=kind, words=BOTH if words is None else words, segment=Segment(**segment))
    return await actions.write(await builders.merchant(slug), draft, MO)


async def notice(number: int) -> KeptNotice:
    row = await db.one(kept.ONE, number)
    assert row
    return kept.read(row)


async def sent(number: int) -> KeptNotice:
    """Confirmed as it is, and gone as far as it goes."""
    it = await notice(number)
    await actions.schedule(it.merchant, number, None, revision=it.revision, by=MO.by)
    await gone()
    return await notice(number)


async def gone() -> None:
    while await sending.send_due():
        pass


async def threads() -> list[dict[str, Any]]:
    found = await db.rows("SELECT * FROM threads ORDER BY customer, id")
    return [dict(row) for row in found]


async def told() -> list[int]:
    """The customers, each as often as they were told."""
    return [row["customer"] for row in await threads()]
