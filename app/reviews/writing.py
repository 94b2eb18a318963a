"""A review: written once for an item that came, changed and taken back by who wrote it."""

from app import clock, db, typed
from app.accounts import customers
from app.db import transaction
from app.errors import Invalid, Missing
from app.events import actions as events
from app.i18n import _
from app.reviews import allowed, answering, kept
from app.reviews.allowed import Item
from app.reviews.kept import FIGURES

MOST = 4_000  # letters
CHANGE = "UPDATE reviews SET rating = {}, text = {}, name = {}, changed_at = {}, reports = {} WHERE id = {}"
COUNT = f"""
INSERT INTO seller_stars (merchant, {", ".join(FIGURES)}) VALUES ({{}}, {db.marks(len(FIGURES))})
ON CONFLICT (merchant) DO UPDATE SET {", ".join(f"{it} = seller_stars.{it} + excluded.{it}" for it in FIGURES)}
"""  # noqa: S608 - our own words


async def write(customer: int, address: str, line: int, *, rating: int, text: str, name: str) -> None:
    """The second time it is changed; one that is hidden is looked at again then. Raises Missing, Invalid(rating=…, text=…)."""
    said = text.replace("\r\n", "\n").strip()
    async with transaction():
        await customers.lock(customer)
        item = await allowed.item(customer, address, line)
        if wrong := _wrong(rating, said):
            raise Invalid.at(wrong)
        before = (await kept.written(customer, [line], lock=True)).get(line)
        if before is None:
            await _add(customer, item, rating, said, called(name))
        elif (before.rating, before.text) != (rating, said):
            reports = max(before.reports, 1 if before.hidden_at else 0)
            await db.execute(CHANGE, rating, said, called(name), clock.now(), reports, before.id)
            if before.rating != rating:
                await _count(before.merchant, {before.rating: -1, rating: 1})
            await _tell("review_changed", item, customer, rating)


async def take_back(customer: int, line: int) -> str:
    """Whatever has become of the order. The seller's name in addresses. Raises Missing."""
    async with transaction():
        await customers.lock(customer)
        it = (await kept.written(customer, [line], lock=True)).get(line)
        if it is None:
            raise Missing
        await answering.tell("review_withdrawn", it.id, line=line, rating=it.rating, by=f"customer:{customer}")
        await db.execute("DELETE FROM review_reports WHERE review = {}", it.id)
        await db.execute("DELETE FROM reviews WHERE id = {}", it.id)
        await _count(it.merchant, {it.rating: -1})
        return it.merchant_slug


def called(name: str) -> str:
    """What the page says of them: “Alice M.”; empty for who has given no name, or an address."""
    words = [word for word in "".join(filter(lambda it: it.isprintable(), name)).split() if "@" not in word]
    return f"{words[0]} {words[-1][0].upper()}."[:200] if len(words) > 1 else "".join(words)[:200]


def _wrong(rating: int, text: str) -> dict[str, str]:
    found = {} if 1 <= rating <= len(FIGURES) else {"rating": _("Choose one to five stars.")}
    return found | ({"text": unfit} if (unfit := typed.wrong_words(text, MOST)) else {})


async def _add(customer: int, item: Item, rating: int, text: str, name: str) -> None:
    row = {
        "merchant": item.merchant, "customer": customer, "line": item.id, "rating": rating, "text": text, "title": item.title,
        "name": name, "created_at": clock.now(), "answer": "", "reports": 0, "hidden_why": "",
    }  # fmt: skip
    await db.insert("reviews", [row])
    await _count(item.merchant, {rating: 1})
    await _tell("review_written", item, customer, rating)


async def _count(merchant: int, changes: dict[int, int]) -> None:
    """How many more (or fewer) reviews give so many stars."""
    await db.execute(COUNT, merchant, *(changes.get(n, 0) for n in range(1, len(FIGURES) + 1)))


async def _tell(kind: str, item: Item, customer: int, rating: int) -> None:
    await events.record(
        kind,
        customer=customer,
        merchant=item.merchant,
        order=item.order,
        line=item.id,
        rating=rating,
        by=f"customer:{customer}",
    )
