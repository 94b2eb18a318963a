"""How much, where to, and by when: money that goes back, in both languages."""

from datetime import UTC, datetime
from typing import Any

import pytest
import time_machine

from app.i18n import Voice
from app.notifications import wording
from app.notifications.channels import News
from app.notifications.kinds import KINDS, kind_of

pytestmark = pytest.mark.without_database

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)
OURS = {
    "amount": 1250, "currency": "EUR", "means": "card", "brand": "Visa", "last_four": "4242", "origin": "counter",
    "provider": "manual", "by": "member:5", "of": {"number": "A-1", "shop": "Atelier Mo", "title": "Teapot", "more": 0},
}  # fmt: skip
CREDIT = OURS | {"means": "store_credit", "brand": "", "last_four": "", "provider": "store_credit"}
EXPECTED = {"expected_by": "2026-12-04T09:00:00Z"}


def told(kind: str, locale: str, data: dict[str, Any]) -> tuple[str, str]:
    news = News(id=1, topic="returns_and_refunds", kind=kind, order=1, url="/", data=data, at=NOW, created_at=NOW)
    said = wording.said(news, Voice(locale, "Europe/Paris"))
    return said.title.replace("\u00a0", " "), said.body.replace("\u00a0", " ").replace("\u202f", " ")


@pytest.mark.parametrize(("kind", "data", "english", "french"), [
    ("refund_requested", OURS, ("Refund asked for: €12.50", "The seller decides on it."),
     ("Remboursement demandé : 12,50 €", "Le vendeur va décider.")),
    ("refund_approved", OURS | {"due_at": "2026-12-11T23:00:00Z"},  # in Paris Friday is over
     ("Refund approved: €12.50", "It goes to: Visa ·· 4242. It has to be sent by Friday 11 Dec."),
     ("Remboursement accordé : 12,50 €", "Destination : Visa ·· 4242. Il doit être envoyé au plus tard vendredi 11 déc.")),
    ("refund_sent", OURS | EXPECTED, ("Refund sent: €12.50", "It goes to: Visa ·· 4242, expected by Friday 4 Dec."),
     ("Remboursement envoyé : 12,50 €", "Destination : Visa ·· 4242, attendu au plus tard vendredi 4 déc.")),
    ("refund_succeeded", OURS | EXPECTED, ("Refund sent: €12.50", "It goes to: Visa ·· 4242, expected by Friday 4 Dec."),
     ("Remboursement envoyé : 12,50 €", "Destination : Visa ·· 4242, attendu au plus tard vendredi 4 déc.")),
    ("refund_succeeded", OURS | {"expected_by": "2026-11-20T09:00:00Z"},
     ("Refund sent: €12.50", "It goes to: Visa ·· 4242."), ("Remboursement envoyé : 12,50 €", "Destination : Visa ·· 4242.")),
    ("refund_succeeded", CREDIT | EXPECTED | {"bonus": 125},
     ("Store credit: €12.50", "€1.25 on top of it is the seller’s bonus. You can spend it now."),
     ("Avoir : 12,50 €", "Le vendeur ajoute un bonus de 1,25 €. Vous pouvez l’utiliser dès maintenant.")),
    ("refund_failed", OURS | {"why": "card_declined: 0x7f"},
     ("Refund not sent yet: €12.50", "It could not be paid out to: Visa ·· 4242. The seller has to send it again."),
     ("Remboursement pas encore envoyé : 12,50 €",
      "Le versement vers Visa ·· 4242 n’a pas abouti. Le vendeur doit le renvoyer.")),
    ("refund_failed", OURS | {"why": "It was used", "asked": True},
     ("Refund declined: €12.50", "The seller says: “It was used”."),
     ("Remboursement refusé : 12,50 €", "Le vendeur indique : « It was used ».")),
    ("refund_failed", OURS | {"why": "given there"},
     ("Refund not made: €12.50", "The shop has given this money back by itself."),
     ("Remboursement non effectué : 12,50 €", "La boutique a rendu cet argent elle-même.")),
    ("refund_reduced", OURS | {"less": 100},
     ("Refund reduced to €12.50", "The shop has given €1.00 of it back by itself."),
     ("Remboursement ramené à 12,50 €", "La boutique en a rendu elle-même 1,00 €.")),
    ("refund_arrived", OURS, ("Refund arrived: €12.50", "You said that it is there."),
     ("Remboursement arrivé : 12,50 €", "Vous avez indiqué l’avoir reçu.")),
])  # fmt: skip
@time_machine.travel(NOW, tick=False)
def test_money_is_told_with_where_and_when(
    kind: str, data: dict[str, Any], english: tuple[str, str], french: tuple[str, str]
) -> None:
    title, body = told(kind, "en", data)
    assert (title, body) == (english[0], f"{english[1]} Order A-1 from Atelier Mo.")
    title, body = told(kind, "fr", data)
    assert title == french[0]
    assert body.startswith(french[1].rstrip(".")), body


def test_money_for_a_return_says_for_what() -> None:
    data = OURS | {"of": OURS["of"] | {"title": "Cup", "more": 1, "returned": "R-7K3F9QXM"}}
    assert told("refund_sent", "en", data)[1] == "It goes to: Visa ·· 4242. For: Cup and 1 more. Order A-1 from Atelier Mo."
    assert "Pour : Cup et 1 autre." in told("refund_sent", "fr", data)[1]


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.startswith("refund_")])
def test_an_event_that_says_less_than_it_should_is_told_all_the_same(kind: str, locale: str) -> None:
    for data in ({}, {"amount": "12", "currency": 7, "expected_by": "soon", "due_at": None, "of": []}):
        title, _body = told(kind, locale, data)
        assert title


def test_what_was_told_as_sent_is_not_told_again_by_mail() -> None:
    given = (("refund_sent", {}), ("refund_succeeded", {"told": True}), ("refund_succeeded", {"told": False}))
    assert [found.urgency for name, data in given if (found := kind_of(name, data))] == ["rest", "app", "rest"]
