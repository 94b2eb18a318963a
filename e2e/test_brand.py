"""A merchant's brand: chosen at the desk without JavaScript, shown by the mail about an order of a moment later."""

import base64
import io
from collections.abc import Iterator
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import pytest
from axe_playwright_python.sync_playwright import Axe
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from e2e import steps
from e2e.conftest import ZONES, Visit
from e2e.counter import Counter
from e2e.watch import Watch

BRAND = "/desk/atelier-nord/brand"
YELLOW = "rgb(224, 168, 0)"
axe = Axe()


@pytest.fixture
def plain_again(counter: Counter) -> Iterator[None]:
    yield
    counter.change("UPDATE merchants SET accent = '#2f5f86', logo = '' WHERE slug = 'atelier-nord'")


def logo() -> bytes:
    """Dark writing on nothing: lost on dark paper, had it no plate."""
    picture, made = Image.new("RGBA", (900, 300), (0, 0, 0, 0)), io.BytesIO()
    ImageDraw.Draw(picture).ellipse((30, 30, 270, 270), outline=(23, 28, 38, 255), width=40)
    ImageDraw.Draw(picture).rectangle((330, 120, 860, 180), fill=(23, 28, 38, 255))
    picture.save(made, "PNG")
    return made.getvalue()


def choose(page: Page, counter: Counter) -> None:
    steps.go_as_mo(page, counter, f"{BRAND}/colour")
    page.locator("#accent").fill("#E0A800")
    page.locator("button[name=look]").click()
    expect(page.locator(".mail-look .light .call")).to_have_css("background-color", YELLOW)
    page.locator("#main .form button.first").click()
    page.wait_for_url(f"**{BRAND}")
    steps.go_as_mo(page, counter, f"{BRAND}/logo")
    page.locator("#logo").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": b"no picture"})
    page.locator("#main .form button.first").click()
    expect(page.locator("#logo-error")).to_be_visible()
    page.locator("#logo").set_input_files({"name": "logo.png", "mimeType": "image/png", "buffer": logo()})
    page.locator("#main .form button.first").click()
    page.wait_for_url(f"**{BRAND}")
    expect(page.locator(".mail-look img")).to_have_count(2)


def mail_about_an_order(counter: Counter, locale: str) -> str:
    """Its HTML, the pictures that come with it put in, as a mail program does."""
    email = counter.newcomer(locale=locale, placed_at=datetime.now(UTC).isoformat())
    counter.mail_after(email, 0)
    mail = message_from_bytes(counter.mails(email)[0].read_bytes(), _class=EmailMessage, policy=default)
    body = mail.get_body(("html",))
    assert body is not None
    (picture,) = (part for part in mail.walk() if part.get_content_maintype() == "image")
    data = base64.b64encode(picture.get_payload(decode=True)).decode()  # type: ignore[arg-type]
    return str(body.get_content()).replace("cid:logo", f"data:image/png;base64,{data}")


@pytest.mark.parametrize("locale", ZONES)
def test_from_the_desk_to_a_mail(visit: Visit, counter: Counter, watch: Watch, plain_again: None, locale: str) -> None:
    watch.allow("status of 422")
    page = visit("phone", who="mo", locale=locale, js=False)
    choose(page, counter)

    reader = visit("phone", who="", locale=locale)
    reader.set_content(mail_about_an_order(counter, locale))
    for scheme in ("light", "dark"):
        reader.emulate_media(color_scheme=scheme)
        box = reader.locator(".head img").bounding_box()
        assert box is not None
        assert box["height"] == 32
        assert box["width"] <= 200
        assert reader.evaluate("document.querySelector('.head img').naturalWidth") > 0
        expect(reader.locator("a.button")).to_have_css("background-color", YELLOW)
        found = axe.run(reader, options={"runOnly": ["wcag2a", "wcag2aa"]}).response["violations"]
        assert [(it["id"], it["nodes"][0]["failureSummary"]) for it in found] == [], scheme
    expect(reader.locator(".head img")).to_have_attribute("alt", "Atelier Nord")
    expect(reader.locator(".foot")).to_contain_text("Comptoir")

    page.goto(f"{BRAND}/logo")
    page.locator("form[action$='/removal'] button").click()
    page.wait_for_url(f"**{BRAND}")
    expect(page.locator(".mail-look img")).to_have_count(0)
    expect(page.locator(".mail-look .head").first).to_have_text("Atelier Nord")
