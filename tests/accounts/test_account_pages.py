import httpx
import pytest

from app import db
from app.accounts.viewer import Viewer
from tests import builders
from tests.accounts.steps import sign_in
from tests.builders import ALICE, BOB


@pytest.fixture
async def alice() -> int:
    return await builders.customer(ALICE, order_years="2026 2024")


@pytest.fixture
async def alices(laptop: httpx.AsyncClient, alice: int) -> httpx.AsyncClient:
    """A laptop on which Alice is in."""
    await sign_in(laptop)
    return laptop


async def row(customer: int) -> db.Row:
    found = await db.one("SELECT * FROM customers WHERE id = {}", customer)
    assert found is not None
    return found


def viewer(**about) -> Viewer:
    said = {
        "id": 7, "email": ALICE, "name": "Alice Martin", "locale": "", "time_zone": "", "revision": 1, "order_years": "",
        "order_merchants": "", "has_password": False, "session_id": 1, **about,
    }  # fmt: skip
    return Viewer(**said)


@pytest.mark.parametrize(
    ("name", "initials"),
    [("Alice Martin", "AM"), ("alice", "A"), ("Anna Maria von Berg", "AB"), ("", "A"), ("  ", "A"), ("Élodie ß", "ÉSS")],
)
def test_initials_come_from_the_name_or_the_address(name, initials):
    assert viewer(name=name).initials == initials


def test_the_public_id_tells_people_apart_and_tells_nothing():
    assert viewer(id=7).public_id == viewer(id=7, name="Else").public_id != viewer(id=8).public_id
    assert len(viewer().public_id) == 16


@pytest.mark.parametrize("path", ["/account", "/account/profile", "/account/password"])
async def test_the_account_is_for_who_is_in(laptop, path):
    for answer in (await laptop.get(path), await laptop.post(path) if path != "/account" else await laptop.get(path)):
        assert answer.status_code == 303
        assert answer.headers["location"].startswith("/sign-in")


async def test_the_account_shows_alice_and_offers_her_history_by_year(alices):
    page = (await alices.get("/account")).text
    assert "Alice Martin" in page
    assert ALICE in page
    for kind in ("csv", "json"):
        links = [f"/orders/export.{kind}", f"/orders/export.{kind}?year=2026", f"/orders/export.{kind}?year=2024"]
        places = [page.index(f'href="{link}"') for link in links]
        assert places == sorted(places)


async def test_without_orders_there_is_nothing_to_export(laptop):
    await builders.customer(BOB, "Bob")
    await sign_in(laptop, BOB)
    page = (await laptop.get("/account")).text
    assert "nothing to export" in page
    assert "/orders/export" not in page


async def test_a_page_is_answered_304_until_something_changes(alices):
    first = await alices.get("/account")
    again = await alices.get("/account", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    await alices.post("/account/profile", data={"name": "Alice M.", "locale": "en"})
    await alices.get("/account")  # the flash is said
    after = await alices.get("/account", headers={"if-none-match": first.headers["etag"]})
    assert after.status_code == 200
    assert "Alice M." in after.text


async def test_alice_changes_her_name_and_language(alices, alice):
    before = await row(alice)
    data = {"name": "  Alice\t Martin-Petit ", "locale": "fr", "time_zone": "Europe/Paris"}
    answer = await alices.post("/account/profile", data=data)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    after = await row(alice)
    assert (after["name"], after["locale"], after["time_zone"]) == ("Alice Martin-Petit", "fr", "Europe/Paris")
    assert after["revision"] == before["revision"] + 1
    assert '<html lang="fr">' in (await alices.get("/account")).text


async def test_a_zone_that_does_not_exist_leaves_the_known_one(alices, alice):
    await db.execute("UPDATE customers SET time_zone = {} WHERE id = {}", "Europe/Paris", alice)
    await alices.post("/account/profile", data={"name": "Alice", "locale": "en", "time_zone": "Mars/Olympus"})
    assert (await row(alice))["time_zone"] == "Europe/Paris"


@pytest.mark.parametrize(
    ("name", "locale"),
    [("", "en"), ("   ", "en"), ("x" * 201, "en"), ("Alice\x00", "en"), ("Alice\x07", "en"), ("\u202eecilA", "en"),
     ("Alice", "de"), ("Alice", "")],
)  # fmt: skip
async def test_a_profile_that_cannot_be_taken_answers_422_and_changes_nothing(alices, alice, name, locale):
    before = await row(alice)
    answer = await alices.post("/account/profile", data={"name": name, "locale": locale})
    assert answer.status_code == 422
    assert 'aria-invalid="true"' in answer.text
    assert await row(alice) == before


async def test_a_name_is_shown_as_text(alices):
    await alices.post("/account/profile", data={"name": "<img src=x>", "locale": "en"})
    page = (await alices.get("/account")).text
    assert "<img src=x>" not in page
    assert "&lt;img src=x&gt;" in page
