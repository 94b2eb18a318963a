"""What the demo's customers and sellers have written to each other. Days and times as in `return_scenes`."""

from collections.abc import Iterator
from datetime import date, datetime

from msgspec import Struct

from app.demo.days import moment
from app.demo.people import ALICE, BOB, CHLOE, Customer

Turn = tuple[int, str, str, str]  # days before today, time of the customer's clock, side, what is said


class Talk(Struct, frozen=True, kw_only=True):
    """`key` is of the form that it began with. About the customer's newest order of that shop that is old enough, or, with
    `subject` alone, about nothing that was bought."""

    key: str
    who: Customer
    shop: str
    subject: str = ""
    ordered: bool = True
    turns: tuple[Turn, ...]


TALKS = (
    Talk(
        key="talk-lid", who=ALICE, shop="atelier-nord", turns=(
            (6, "19:12", "buyer", "Bonjour, le couvercle de la théière se vend-il aussi seul ? Le mien a pris un coup."),
            (5, "09:34", "seller", "Bonjour, oui : nous en tournons quelques-uns chaque mois. De quelle couleur est-elle ?"),
            (5, "12:20", "buyer", "Bleu nuit. Je vous joins le numéro de ma commande, la théière en fait partie."),
            (4, "10:05", "seller", "Il nous en reste un dans ce bleu. Je vous le mets de côté jusqu’à vendredi."),
        ),
    ),
    Talk(
        key="talk-headphones", who=ALICE, shop="hifi-lambert", subject="Garantie du casque « Écho 300 »", turns=(
            (2, "20:41", "buyer", "Une question avant qu’il n’arrive : qui paie l’envoi, si une panne arrive sous garantie ?"),
        ),
    ),
    Talk(
        key="talk-boots", who=ALICE, shop="alpages", subject="Quelle taille pour les chaussures ?", ordered=False, turns=(
            (11, "08:15", "buyer", "Je fais du 39 en ville. Prendre du 39 ou du 40 pour marcher en montagne ?"),
            (11, "11:02", "seller", "Du 40 : il y a alors la place d’une chaussette épaisse, et les descentes sont longues."),
            (11, "11:30", "buyer", "Parfait, merci !"),
            (11, "11:41", "seller", "Bonne balade !"),
        ),
    ),
    Talk(
        key="talk-invoice", who=BOB, shop="hifi-lambert", subject="An invoice with my company’s name", turns=(
            (3, "17:05", "buyer", "Could you put Turner Acoustics Ltd on the invoice? The address stays the same."),
            (2, "09:20", "seller", "Done: the new one is on the order’s page, under its papers."),
        ),
    ),
    Talk(
        key="talk-bottle", who=CHLOE, shop="alpages", turns=(
            (1, "21:10", "buyer", "La gourde passe-t-elle au lave-vaisselle ?"),
        ),
    ),
)  # fmt: skip


def in_order(today: date) -> Iterator[tuple[datetime, Talk, str, str]]:
    """Every turn of every talk as it was said, one after the other: when, in which, by which side, what."""
    turns = [
        (moment(today, days, at, talk.who.zone), talk, side, text) for talk in TALKS for days, at, side, text in talk.turns
    ]
    yield from sorted(turns, key=lambda turn: turn[0])
