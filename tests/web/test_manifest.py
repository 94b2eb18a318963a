"""The web app manifest: in the words of who asks, in the shop's colours, and every picture there, of the size that is said."""

import io
from pathlib import Path
from typing import Any

import pytest
from httpx import AsyncClient
from msgspec.structs import replace
from PIL import Image, ImageChops, ImageDraw

from app.i18n import Voice
from app.routes import ROUTES
from app.setting_icons import NAMES, PIXELS
from app.settings import settings
from app.web import manifest, templating
from app.web.assets import STATIC
from app.web.templating import assets

ADDRESS = "/manifest.webmanifest"
LARGEST_SCREENSHOT = 80_000  # bytes


def pictures(told: dict[str, Any]) -> list[dict[str, Any]]:
    """Icons, those of the shortcuts, screenshots."""
    return [*told["icons"], *told["screenshots"], *(icon for it in told["shortcuts"] for icon in it["icons"])]


@pytest.mark.without_database
@pytest.mark.parametrize(
    ("query", "headers", "lang", "arrivals"),
    [
        ("", {}, "en", "Arrivals"), ("", {"Accept-Language": "fr-CH, en;q=0.5"}, "fr", "Arrivées"),
        ("", {"Cookie": "locale=fr"}, "fr", "Arrivées"), ("?locale=en", {"Cookie": "locale=fr"}, "en", "Arrivals"),
        ("?locale=fr", {}, "fr", "Arrivées"), ("?locale=xx", {"Accept-Language": "fr"}, "fr", "Arrivées"),
    ],
)  # fmt: skip
async def test_it_speaks_to_who_asks(
    client: AsyncClient, query: str, headers: dict[str, str], lang: str, arrivals: str
) -> None:
    answer = await client.get(ADDRESS + query, headers=headers)
    assert answer.headers["content-type"] == "application/manifest+json"
    told = answer.json()
    assert (told["lang"], told["dir"], told["shortcuts"][1]["name"]) == (lang, "ltr", arrivals)


@pytest.mark.without_database
async def test_it_is_sent_again_only_when_it_has_changed(client: AsyncClient) -> None:
    first = await client.get(ADDRESS)
    tag = first.headers["etag"]
    again = await client.get(ADDRESS, headers={"If-None-Match": tag})
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", tag)
    other = await client.get(ADDRESS, headers={"If-None-Match": tag, "Accept-Language": "fr"})
    assert other.status_code == 200


@pytest.mark.without_database
@pytest.mark.parametrize("locale", settings.locales)
def test_every_picture_is_there_in_the_size_that_is_said(locale: str) -> None:
    for it in pictures(manifest.members(Voice(locale))):
        asset = assets.files[it["src"]]
        assert asset.media_type == it["type"]
        if it["sizes"] != "any":
            picture = Image.open(io.BytesIO(asset.body))
            assert (f"{picture.width}x{picture.height}", picture.get_format_mimetype()) == (it["sizes"], it["type"]), it["src"]


@pytest.mark.without_database
def test_there_is_what_systems_ask_for() -> None:
    told = manifest.members(Voice("en"))
    sizes = {(it["purpose"], it["sizes"]) for it in told["icons"]}
    assert {("any", "192x192"), ("any", "512x512"), ("maskable", "192x192"), ("maskable", "512x512")} < sizes
    assert ("monochrome", "96x96") in sizes
    assert {it["form_factor"] for it in told["screenshots"]} == {"narrow", "wide"}
    assert all(it["label"] for it in told["screenshots"])
    assert "window-controls-overlay" not in told["display_override"]
    assert (told["id"], told["scope"], told["prefer_related_applications"]) == ("/", "/", False)


@pytest.mark.without_database
def test_a_maskable_icon_has_all_of_its_drawing_in_the_middle() -> None:
    for size in (192, 512):
        picture = Image.open(STATIC / f"icons/maskable-{size}.png").convert("RGB")
        ground = Image.new("RGB", picture.size, picture.getpixel((0, 0)))
        drawing = ImageChops.difference(picture, ground).convert("L").point(lambda step: 255 * (step > 4))
        assert drawing.getbbox()
        ImageDraw.Draw(drawing).ellipse((0.1 * size, 0.1 * size, 0.9 * size, 0.9 * size), fill=0)
        assert drawing.getbbox() is None


@pytest.mark.without_database
def test_what_lies_on_nothing_and_what_on_a_ground() -> None:
    """A monochrome icon is its alpha alone; iOS shows black where a picture is transparent."""
    shape = Image.open(STATIC / "icons/badge.png").convert("RGBA").getchannel("A")
    assert shape.getextrema() == (0, 255)
    for name in ("apple-touch-icon.png", "maskable-192.png", "maskable-512.png"):
        assert Image.open(STATIC / f"icons/{name}").convert("RGBA").getchannel("A").getextrema() == (255, 255)


@pytest.mark.without_database
def test_screenshots_stay_small() -> None:
    """Of one form factor all have the same shape, and none is much longer than wide: else Chromium shows none of them."""
    told = manifest.members(Voice("en"))["screenshots"]
    assert all(len(assets.files[it["src"]].body) <= LARGEST_SCREENSHOT for it in told)
    assert len({(it["form_factor"], it["sizes"]) for it in told}) == 2
    for width, height in (manifest.NARROW, manifest.WIDE):
        assert max(width, height) <= 2.3 * min(width, height)


@pytest.mark.without_database
def test_its_ways_in_exist() -> None:
    paths = {path for router in ROUTES for route in router.routes for path in [route.path]}
    told = manifest.members(Voice("en"))
    assert 3 <= len(told["shortcuts"]) <= 4
    assert {it["url"] for it in told["shortcuts"]} | {told["start_url"].partition("?")[0]} <= paths


async def test_its_beginning_is_no_page_of_its_own(alice: AsyncClient) -> None:
    """Else browsers would keep the orders twice."""
    answer = await alice.get(manifest.members(Voice("en"))["start_url"])
    assert (answer.status_code, answer.headers["location"], answer.headers["cache-control"]) == (303, "/orders", "no-store")


@pytest.mark.without_database
def test_the_shop_is_in_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(manifest, "settings", replace(settings, name="Maison des Lampes", accent="#ffee00"))
    told = manifest.members(Voice("en"))
    assert (told["name"], "short_name" in told) == ("Maison des Lampes", False)
    assert told["theme_color"] == "#6b6400"  # yellow, darkened until it reads on paper
    monkeypatch.setattr(manifest, "settings", replace(settings, name="Lampes"))
    assert manifest.members(Voice("en"))["short_name"] == "Lampes"


@pytest.mark.without_database
async def test_every_page_leads_to_it(client: AsyncClient) -> None:
    page = await client.get("/sign-in", headers={"Accept-Language": "fr"})
    assert f'<link rel="manifest" href="{ADDRESS}?locale=fr">' in page.text


@pytest.mark.without_database
def test_an_operator_has_icons_of_their_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in NAMES:
        (tmp_path / name).write_bytes((STATIC / "icons" / name).read_bytes())
    Image.new("RGB", (PIXELS["icon-512.png"],) * 2, "#7a1f3d").save(tmp_path / "icon-512.png")
    monkeypatch.setattr(templating, "settings", replace(settings, icons=str(tmp_path)))
    own, _shop = templating._branded()
    assert own.files[own.url("icons/icon-512.png")].body == (tmp_path / "icon-512.png").read_bytes()
    assert own.url("icons/push.png") == assets.url("icons/push.png")
