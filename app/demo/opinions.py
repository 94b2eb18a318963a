"""What the demo's sellers say of themselves, and what its customers say of them; by the verbs of every door."""

from datetime import timedelta

from msgspec import Struct

from app import clock, db
from app.demo.catalogue import Merchant
from app.demo.people import ALICE, BOB, CHLOE, Customer
from app.inbox import profiles
from app.inbox.profiles import Identity, Policy
from app.reviews import allowed, answering, writing

POLICIES = {
    "atelier-nord": (
        Policy("en", "Sent within two working days, china double-boxed. Free in France from €79.", "Wrap china well, please."),
        Policy("fr", "Expédié sous deux jours ouvrés, porcelaine en double carton. Offert en France dès 79 €.",
               "Merci de bien emballer la porcelaine."),
    ),
    "hifi-lambert": (
        Policy("en", "Sent within a day, insured. Loudspeakers by pallet, after a call.", "Keep the box of what is heavy."),
        Policy("fr", "Expédié sous un jour, assuré. Enceintes sur palette, avec un appel avant.",
               "Gardez le carton de ce qui est lourd."),
    ),
    "alpages": (
        Policy("en", "Cheese leaves on Mondays, chilled. The rest within three days.", ""),
        Policy("fr", "Le fromage part le lundi, au frais. Le reste sous trois jours.", ""),
    ),
}  # fmt: skip


class Opinion(Struct, frozen=True):
    """Of the oldest such item that came. `answer`: the seller's, three days later."""

    who: Customer
    sku: str
    rating: int
    text: str
    answer: str = ""


OPINIONS = (
    Opinion(BOB, "AN-PITCHER", 5, "Pours without a drip, and it is a lovely blue."),
    Opinion(ALICE, "AN-TEAPOT", 4, "Très belle. Le couvercle tient moins bien que je ne l’espérais.",
            "Merci ! Écrivez-nous : nous tournons des couvercles chaque mois."),
    Opinion(CHLOE, "AN-LAMP", 2, "Jolie, mais l’interrupteur a lâché au bout de six semaines.",
            "Désolés : c’est couvert par la garantie, le remplacement est parti."),
    Opinion(BOB, "AN-STOOL", 5, ""),
    Opinion(ALICE, "AN-VASE", 5, "Plus grand que sur la photo, et c’est tant mieux."),
    Opinion(BOB, "HL-HEADPHONES", 4, "Warm sound, a little tight with glasses."),
    Opinion(ALICE, "HL-AMPLIFIER", 3, "Bon son, mais il chauffe beaucoup.", "Laissez dix centimètres d’air au-dessus de lui."),
    Opinion(CHLOE, "AL-CHEESE", 5, "Comme à l’alpage."),
    Opinion(ALICE, "AL-BOTTLE", 4, "Garde chaud toute une journée de ski."),
)  # fmt: skip
LINES = f"""
SELECT o.address, l.id, o.delivered_at FROM order_lines l JOIN orders o ON o.id = l."order"
JOIN customers c ON c.id = o.customer
WHERE c.email = {{}} AND l.sku = {{}} AND o.delivered_at IS NOT NULL AND {allowed.CAME} ORDER BY o.delivered_at, l.id LIMIT 1
"""  # noqa: S608 - our own words
LAST = "SELECT COALESCE(max(id), 0) AS id FROM events"
HISTORY = "UPDATE events SET noticed_at = {} WHERE id > {} AND noticed_at IS NULL"


async def introduce(number: int, merchant: Merchant) -> None:
    """Unless somebody has written that page already."""
    if (await profiles.identity(number)).name:
        return
    it = Identity(
        name=merchant.legal_name, address="\n".join(merchant.address), register=merchant.registration, vat_id=merchant.vat_id,
        email=merchant.email, phone=merchant.phone, complies=True,
    )  # fmt: skip
    await profiles.save(number, it, {one.locale: one for one in POLICIES[merchant.slug]}, by="operator")


async def make() -> None:
    """In the caller's transaction, each at its own time; told in nobody's name. What somebody has said stays."""
    if await db.one("SELECT 1 AS it FROM reviews LIMIT 1"):
        return
    (last,) = await db.rows(LAST)
    for one in OPINIONS:
        email = one.who.person.email
        if (line := await db.one(LINES, email, one.sku)) is not None:
            with clock.as_of(line["delivered_at"] + timedelta(days=9)):
                await _say(one, line)
            if one.answer:
                with clock.as_of(line["delivered_at"] + timedelta(days=12)):
                    await _answer(one, line["id"])
    await db.execute(HISTORY, clock.now(), last["id"])


async def _say(one: Opinion, line: db.Row) -> None:
    row = await db.one("SELECT id FROM customers WHERE email = {}", one.who.person.email)
    assert row is not None  # noqa: S101 - their order was found
    await writing.write(row["id"], line["address"], line["id"], rating=one.rating, text=one.text, name=one.who.person.name)


async def _answer(one: Opinion, line: int) -> None:
    row = await db.one("SELECT id, merchant FROM reviews WHERE line = {}", line)
    assert row is not None  # noqa: S101 - just written
    await answering.answer(row["merchant"], row["id"], text=one.answer, by="operator")
