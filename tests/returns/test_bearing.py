"""Who bears the way back is said again once it is to be sent, and of a label that nobody has paid for that it carries no
postage: on its customer's pages, on the label and on the signed paper."""

from typing import Any

import pytest
from httpx import AsyncClient

from app import db
from app.returns import asking, deciding, rules, withdrawals
from app.returns.rule_book import Rules
from tests import builders
from tests.returns import asking_steps as steps
from tests.returns import bought, papers
from tests.returns.asking_steps import said

NO_POSTAGE = {"en": "No postage is paid", "fr": "Non affranchie"}
PAYERS: dict[str, dict[str, str]] = {
    "en": {"customer": "You bear what sending it back costs.", "merchant": "Atelier Mo bears what sending it back costs"},
    "fr": {
        "customer": "Les frais de renvoi sont à votre charge.",
        "merchant": "Atelier Mo prend en charge les frais de renvoi",
    },
}


async def _withdrawn(payer: str, locale: str = "en") -> str:
    order = await bought.delivered()
    await db.execute("UPDATE customers SET locale = {} WHERE id = {}", locale, order["customer"])
    await rules.save(order["merchant"], Rules(shipping_paid_by={"changed_mind": payer}), by=None)  # type: ignore[dict-item]
    lines = dict.fromkeys(await bought.line_ids(order), 1)
    return await withdrawals.declare(order["customer"], lines, by="customer:1")


@pytest.mark.parametrize("locale", ["en", "fr"])
@pytest.mark.parametrize("payer", ["customer", "merchant"])
async def test_after_a_withdrawal_its_pages_label_and_paper_say_who_pays_for_the_way(
    alice: AsyncClient, payer: str, locale: str
) -> None:
    here = f"/returns/{await _withdrawn(payer, locale)}"
    shown, sending = said((await alice.get(here)).text), said((await alice.get(f"{here}/sending")).text)
    other = "merchant" if payer == "customer" else "customer"
    for page in (shown, sending):
        assert PAYERS[locale][payer] in page
        assert PAYERS[locale][other] not in page
    words = {
        "en": ("The label carries no postage", "Address label, A6"),
        "fr": ("n’est pas affranchie", "Étiquette d’adresse, A6"),
    }
    assert all(text in sending for text in words[locale])
    for query in ("", "?fold=yes"):
        label = papers.flat((await alice.get(f"{here}/label.pdf{query}")).content)
        assert NO_POSTAGE[locale] in label
        assert {"en": "Return label", "fr": "Étiquette de retour"}[locale] not in label
    paper = papers.flat((await alice.get(f"{here}/receipt.pdf")).content)
    bears = {
        "en": {"customer": "You bear the costs of that", "merchant": "The seller bears the costs of that"},
        "fr": {"customer": "Les frais en sont à votre charge", "merchant": "Le vendeur en prend les frais en charge"},
    }
    assert bears[locale][payer] in paper
    assert bears[locale][other] not in paper


@pytest.mark.parametrize(
    ("way", "label", "told"), [("label", True, False), ("drop_off", True, False), ("own_carrier", False, True)]
)
async def test_what_goes_by_the_shops_label_is_not_said_to_be_without_postage(
    alice: AsyncClient, way: Any, label: bool, told: bool
) -> None:
    order = await bought.delivered()
    await rules.save(order["merchant"], Rules(ways=(way,)), by=None)
    code = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[0], way=way), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:1")
    sending = said((await alice.get(f"/returns/{code}/sending")).text)
    assert (PAYERS["en"]["customer"] in sending, "no postage" in sending) == (told, False)
    answer = await alice.get(f"/returns/{code}/label.pdf")
    assert (answer.status_code == 200) == label
    assert not label or NO_POSTAGE["en"] not in papers.flat(answer.content)


async def test_the_paper_in_the_parcel_has_one_name(alice: AsyncClient) -> None:
    here = f"/returns/{await _withdrawn('customer', 'fr')}"
    assert "Bordereau à joindre (PDF)" in said((await alice.get(f"{here}/sending")).text)
    assert "Bordereau à joindre" in papers.flat((await alice.get(f"{here}/packing-list.pdf")).content)


async def test_a_wish_is_told_with_a_french_colon_on_the_last_page_before_it_is_sent(alice: AsyncClient) -> None:
    order = await bought.delivered(lines=[builders.line("1")])
    await db.execute("UPDATE customers SET locale = 'fr' WHERE id = {}", order["customer"])
    (line,) = await bought.line_ids(order)
    page = await alice.get(f"/orders/{order['address']}/returns/new?kind=return&line={line}&reason=wrong_size&wish=exchange")
    review = await steps.look(alice, page, **{f"wanted_{line}": "Bleu"})
    assert "Échange\u00a0: Bleu" in review.text
