"""The three customers of the demo shop, with the addresses they have things sent to, and who works at its desks.

Telephone numbers come from the ranges that regulators keep for fiction (Arcep, Ofcom, 555-01xx).
"""

from msgspec import Struct

from app.ingest.snapshot import Address, Payment, Person

ZONES = {
    "FR": "Europe/Paris",
    "GB": "Europe/London",
    "CH": "Europe/Zurich",
    "US": "America/Los_Angeles",
    "JP": "Asia/Tokyo",
}


class Customer(Struct, frozen=True, kw_only=True):
    """`addresses` by the customer's own name for them; the first is home. `pays` is how they usually pay."""

    person: Person
    zone: str
    addresses: dict[str, Address]
    pays: tuple[Payment, ...]


ALICE = Customer(
    person=Person(email="alice@example.com", name="Alice Martin", locale="fr"),
    zone="Europe/Paris",
    addresses={
        "home": Address(
            name="Alice Martin",
            street="12 rue de la Fontaine\nBâtiment B, 3e étage",
            postal_code="69004",
            city="Lyon",
            country="FR",
            phone="+33 6 39 98 12 34",
        ),
        "studio": Address(
            name="Alice Martin",
            company="Studio Martin & Associés",
            street="5 place de l’Hôtel-de-Ville",
            postal_code="69001",
            city="Lyon",
            country="FR",
        ),
        "parents": Address(
            name="Hélène et Paul Martin",
            street="3 chemin des Érables",
            postal_code="74000",
            city="Annecy",
            country="FR",
        ),
    },
    pays=(
        Payment(kind="card", brand="Visa", last_four="4242"),
        Payment(kind="card", brand="Mastercard", last_four="4444"),
        Payment(kind="paypal", brand="PayPal"),
    ),
)

BOB = Customer(
    person=Person(email="bob@example.com", name="Bob Turner", locale="en"),
    zone="Europe/London",
    addresses={
        "home": Address(
            name="Bob Turner",
            street="Flat 2\n27 Harbour View Road",
            postal_code="BS1 4ND",
            city="Bristol",
            country="GB",
            phone="+44 117 496 0123",
        ),
        "sister": Address(
            name="Grace Turner-O’Neill",
            street="1420 NE Maple Street, Apt 5",
            postal_code="97232",
            city="Portland",
            region="OR",
            country="US",
            phone="+1 503 555 0147",
        ),
    },
    pays=(Payment(kind="card", brand="Mastercard", last_four="5100"), Payment(kind="paypal", brand="PayPal")),
)

CHLOE = Customer(
    person=Person(email="chloe@example.com", name="Chloé Favre", locale="fr"),
    zone="Europe/Zurich",
    addresses={
        "home": Address(
            name="Chloé Favre",
            street="Chemin des Vignes 8",
            postal_code="1005",
            city="Lausanne",
            country="CH",
        ),
        "brother": Address(
            name="Léo Favre c/o Tanaka",
            street="280 Tenjinyama-cho, Nakagyo-ku",
            postal_code="604-8005",
            city="Kyoto",
            region="Kyoto",
            country="JP",
        ),
    },
    pays=(Payment(kind="other", brand="TWINT"), Payment(kind="card", brand="Visa", last_four="0077")),
)


class Colleague(Struct, frozen=True, kw_only=True):
    """Works at the desks of these merchants, by their short names; the role at each."""

    person: Person
    zone: str
    desks: dict[str, str]


MO = Colleague(
    person=Person(email="mo@example.com", name="Mo Delattre", locale="fr"),
    zone="Europe/Paris",
    desks={"atelier-nord": "owner", "alpages": "owner"},
)
NIA = Colleague(
    person=Person(email="nia@example.com", name="Nia Okafor", locale="en"),
    zone="Europe/Berlin",
    desks={"hifi-lambert": "owner"},
)

COLLEAGUES = (MO, NIA)
PEOPLE = (ALICE, BOB, CHLOE)
