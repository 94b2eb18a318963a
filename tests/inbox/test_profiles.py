"""Mo's managers write the seller's own page: who he is by law, and his policies in each language."""

import pytest
from httpx import AsyncClient

from app import db
from app.inbox import profiles
from app.inbox.profiles import Policy
from tests import builders

MIA = "mia@example.com"
PROFILE = f"/desk/{builders.MO}/profile"
SAID = {
    "name": "Atelier Mo SARL", "address": "1 rue A\r\n69003 Lyon", "register": "RCS Lyon 912 345 678", "vat_id": "FR123",
    "email": "hello@mo.example", "phone": "+33 4 72 00 00 00", "complies": "yes",
    "shipping-en": "Within two days.\r\n\r\nBy Colissimo <b>", "shipping-fr": "Sous deux jours.", "returns-fr": "Bien emballé.",
}  # fmt: skip


@pytest.fixture
async def mia(client: AsyncClient) -> AsyncClient:
    await builders.member(MIA, role="manager")
    client.cookies.update(await builders.session(MIA, factor=True))
    return client


async def test_the_page_says_it_in_the_customers_language(mia: AsyncClient) -> None:
    await builders.customer(locale="fr")
    assert (await mia.post(PROFILE, data=SAID)).status_code == 303
    mia.cookies.clear()
    mia.cookies.update(await builders.session())
    page = (await mia.get(f"/sellers/{builders.MO}")).text
    for text in (
        "Atelier Mo SARL", "1 rue A<br>69003 Lyon", "RCS Lyon 912 345 678", "FR123", "mailto:hello@mo.example",
        "tel:+33472000000", "Sous deux jours.", "Bien emballé.",
    ):  # fmt: skip
        assert text in page, text
    assert "Within two days" not in page
    await db.execute("UPDATE customers SET locale = 'en'")
    page = (await mia.get(f"/sellers/{builders.MO}")).text
    assert "<p>Within two days.</p><p>By Colissimo &lt;b&gt;</p>" in page
    assert 'lang="fr"><p>Bien emballé.' in page, "better in another language than not at all"
    assert "comply with the law of the European Union" in page


async def test_what_the_law_wants_and_nobody_has_said_is_named(mia: AsyncClient) -> None:
    page = (await mia.get(PROFILE)).text
    assert "Legal name, Address, E-mail, Phone, Register and number" in page
    await mia.post(PROFILE, data=SAID)
    assert "The law wants it" not in (await mia.get(PROFILE)).text


async def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost_or_kept(mia: AsyncClient) -> None:
    merchant = await builders.merchant()
    wrong = SAID | {"email": "nobody", "shipping-fr": "x" * 5_001}
    answer = await mia.post(PROFILE, data=wrong)
    assert answer.status_code == 422
    assert ('id="email-error"' in answer.text, 'id="shipping-fr-error"' in answer.text) == (True, True)
    assert "RCS Lyon 912 345 678" in answer.text
    assert (await profiles.identity(merchant)).name == ""


async def test_it_is_told_once_in_the_record(mia: AsyncClient) -> None:
    for _again in range(2):
        await mia.post(PROFILE, data=SAID)
    rows = await db.rows("SELECT id FROM events WHERE kind = 'seller_profile_changed'")
    assert len(rows) == 1


async def test_agents_leave_it_to_managers(mia: AsyncClient) -> None:
    await builders.member("sam@example.com")
    mia.cookies.clear()
    mia.cookies.update(await builders.session("sam@example.com", factor=True))
    assert (await mia.get(PROFILE)).status_code == 403
    assert PROFILE not in (await mia.get(f"/desk/{builders.MO}")).text


def test_words_are_the_readers_own_else_anothers() -> None:
    found = {"en": Policy("en", "Quick", ""), "fr": Policy("fr", "", "Oui")}
    assert profiles.in_words(found, "fr", "shipping") == ("Quick", "en")
    assert profiles.in_words(found, "fr", "returns") == ("Oui", "fr")
    assert profiles.in_words({}, "fr", "returns") == ("", "")
