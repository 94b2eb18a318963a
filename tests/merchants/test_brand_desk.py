"""A merchant's brand at its desk: owners choose colour and logo, everybody there sees how a mail looks with them."""

import re

import httpx
import pytest

from app import pictures
from app.errors import Refused
from app.merchants import brands
from app.web import brand
from tests import builders
from tests.builders import MO, NIA
from tests.merchants.at_desk import DESK, OWNER, STAFF, come_in, events, viewer
from tests.merchants.logo_files import INK, mark, saved

BRAND = f"{DESK}/brand"
PNG = saved(mark())


@pytest.fixture(autouse=True)
async def people() -> None:
    await builders.member(OWNER, MO, "owner")
    await builders.member(STAFF, MO)


async def kept() -> brands.Brand:
    return await brands.of(await builders.merchant())


async def upload(laptop: httpx.AsyncClient, body: bytes = PNG, name: str = "logo.png") -> httpx.Response:
    return await laptop.post(f"{BRAND}/logo", files={"logo": (name, body, "image/png")})


async def sheet_of(laptop: httpx.AsyncClient, page: str) -> str:
    found = re.search(rf'<link rel="stylesheet" href="({BRAND}/looks/[0-9a-f]{{6}})">', page)
    assert found
    answer = await laptop.get(found[1])
    assert answer.headers["content-type"].startswith("text/css")
    return answer.text


@pytest.mark.parametrize(
    ("typed", "taken"),
    [("#2F5F86", "#2f5f86"), (" 2f5f86 ", "#2f5f86"), ("#abc", "#aabbcc"), ("", ""), ("#ffffff", "#ffffff")],
)
async def test_an_owner_chooses_a_colour(laptop: httpx.AsyncClient, typed: str, taken: str) -> None:
    await come_in(laptop)
    answer = await laptop.post(f"{BRAND}/colour", data={"accent": typed})
    assert (answer.status_code, answer.headers["location"]) == (303, BRAND)
    assert (await kept()).accent == taken


@pytest.mark.parametrize("typed", ["blue", "#12345", "#gggggg", "#0b5fa5;}body{display:none", "x" * 5000])
async def test_what_is_no_colour_is_refused_at_its_field_and_stays_there(laptop: httpx.AsyncClient, typed: str) -> None:
    await come_in(laptop)
    answer = await laptop.post(f"{BRAND}/colour", data={"accent": typed})
    assert (answer.status_code, 'id="accent-error"' in answer.text) == (422, True)
    assert f'value="{typed[:40]}"' in answer.text
    assert (await kept()).accent == ""
    assert await events("brand_changed") == []


async def test_a_colour_can_be_looked_at_before_it_is_kept(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop)
    answer = await laptop.post(f"{BRAND}/colour", data={"accent": "#ffff00", "look": "yes"})
    assert (answer.status_code, "How it would look" in answer.text, 'value="#ffff00"' in answer.text) == (200, True, True)
    assert "--tint:" in await sheet_of(laptop, answer.text)
    assert (await kept()).accent == ""


@pytest.mark.parametrize("accent", ["#ffff00", "#000000", "#ffffff", "#2f5f86"])
async def test_any_colour_reads_on_both_grounds_of_the_preview(laptop: httpx.AsyncClient, accent: str) -> None:
    await come_in(laptop)
    await laptop.post(f"{BRAND}/colour", data={"accent": accent})
    css = await sheet_of(laptop, (await laptop.get(BRAND)).text)
    shown = re.findall(r"\.(light|dark)\{--tint:(#\w{6});--call:(#\w{6});--on-call:(#\w{6})\}", css)
    assert [name for name, *_colours in shown] == ["light", "dark"]
    for (_name, tint, call, text), paper in zip(shown, ("#ffffff", "#1d2026"), strict=True):
        assert brand.contrast(brand.parse(tint), brand.parse(paper)) >= 4.5
        assert brand.contrast(brand.parse(call), brand.parse(text)) >= 4.5


async def test_a_logo_is_kept_shown_and_taken_away(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop)
    assert (await upload(laptop)).headers["location"] == BRAND
    name = (await kept()).logo
    assert re.fullmatch(r"logo-[0-9a-f]{32}\.png", name)
    for path in (BRAND, f"{BRAND}/logo", f"{BRAND}/colour"):
        assert f'<img src="/pictures/{name}" height="32" alt="Atelier Mo">' in (await laptop.get(path)).text
    picture = await laptop.get(f"/pictures/{name}")
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/png")
    await upload(laptop, saved(mark(INK)))
    assert not (pictures.folder() / name).exists(), "another one takes its place"
    assert (await laptop.post(f"{BRAND}/logo/removal")).headers["location"] == BRAND
    assert (await kept()).logo == ""
    assert list(pictures.folder().iterdir()) == []
    assert (await laptop.post(f"{BRAND}/logo/removal")).status_code == 303, "it is gone, however often that is asked"


async def test_the_same_logo_again_stays(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop)
    await upload(laptop)
    await upload(laptop)
    assert (pictures.folder() / (await kept()).logo).exists()
    assert len(await events("brand_changed")) == 1


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"files": {"logo": ("logo.svg", b"<svg/>", "image/svg+xml")}}, "Take a PNG"),
        ({"files": {"logo": ("logo.png", b"\x89PNG" + bytes(5 * 1024 * 1024), "image/png")}}, "at most 4 MB"),
        ({"files": {"logo": ("", b"", "application/octet-stream")}}, "Choose a picture"),
        ({"data": {"logo": "text"}}, "Choose a picture"),
        ({}, "Choose a picture"),
    ],
)
async def test_what_is_no_logo_is_refused_at_its_field(laptop: httpx.AsyncClient, sent: dict, words: str) -> None:
    await come_in(laptop)
    await upload(laptop)
    before = (await kept()).logo
    answer = await laptop.post(f"{BRAND}/logo", **sent)
    assert (answer.status_code, words in answer.text, 'id="logo-error"' in answer.text) == (422, True, True)
    assert (await kept()).logo == before


async def test_what_was_changed_is_recorded(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop)
    await laptop.post(f"{BRAND}/colour", data={"accent": "#2f5f86"})
    await laptop.post(f"{BRAND}/colour", data={"accent": "2F5F86"})
    await upload(laptop)
    colour, logo = await events("brand_changed")
    assert (colour["what"], colour["before"], colour["now"]) == ("accent", "", "#2f5f86")
    assert (logo["what"], logo["now"]) == ("logo", (await kept()).logo)
    assert colour["merchant"] == await builders.merchant()
    assert colour["by"] == await builders.customer(OWNER)


async def test_staff_see_the_brand_and_change_nothing(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop, STAFF)
    page = (await laptop.get(BRAND)).text
    assert ("Owners change the brand." in page, f"{BRAND}/colour" in page, f"{BRAND}/logo" in page) == (True, False, False)
    answers = [
        await laptop.post(f"{BRAND}/colour", data={"accent": "#ff0000"}), await upload(laptop),
        await laptop.post(f"{BRAND}/logo/removal"), await laptop.get(f"{BRAND}/colour"),
    ]  # fmt: skip
    assert [answer.status_code for answer in answers] == [403] * 4
    mo, by = await builders.merchant(), viewer(await builders.customer(STAFF), STAFF)
    for change in (brands.paint(mo, "#ff0000", by=by), brands.keep_logo(mo, PNG, by=by), brands.remove_logo(mo, by=by)):
        with pytest.raises(Refused):
            await change
    assert await kept() == brands.Brand("", "")
    assert not pictures.folder().exists() or list(pictures.folder().iterdir()) == []


async def test_another_merchants_brand_is_nobodys_here(laptop: httpx.AsyncClient) -> None:
    await builders.member("nia@example.com", NIA, "owner")
    await come_in(laptop, "nia@example.com")
    for path in ("", "/colour", "/logo", "/looks/2f5f86"):
        assert (await laptop.get(f"{BRAND}{path}")).status_code == 404
    assert (await laptop.post(f"{BRAND}/colour", data={"accent": "#ff0000"})).status_code == 404


@pytest.mark.parametrize("colour", ["zzz", "2f5f8", "2f5f86.css", "%7B%7D", "2f5f86%20%7D"])
async def test_a_sheet_holds_nothing_but_colours(laptop: httpx.AsyncClient, colour: str) -> None:
    await come_in(laptop)
    assert (await laptop.get(f"{BRAND}/looks/{colour}")).status_code == 404


async def test_without_a_brand_the_page_says_whose_is_shown(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop)
    page = (await laptop.get(BRAND)).text
    assert "Until you choose a colour or a logo, mails show those of Comptoir" in page
    assert "As Comptoir has it" in page
    assert 'aria-current="true"' in page
    assert re.search(r'<p class="head">Comptoir</p>\s*<p class="below">Atelier Mo</p>', page)
    await laptop.post(f"{BRAND}/colour", data={"accent": "#2f5f86"})
    assert re.search(r'<p class="head">Atelier Mo</p>\s*<p class="title">', (await laptop.get(BRAND)).text)
