"""Mails about an order show its merchant's brand; those about who gets in never do."""

import re
from email.message import EmailMessage
from typing import Any

import pytest

from app import clock, db, pictures
from app.i18n import Voice
from app.mail import letters, looks
from app.merchants import logos
from app.notifications import email, people
from app.notifications.channels import Due, News
from app.web import brand
from tests import builders
from tests.accounts.steps import mails, text_of
from tests.builders import ALICE
from tests.merchants.logo_files import mark, saved
from tests.notifications.letters import html_of, parcel, turn

FRENCH = {"locale": "fr", "time_zone": "Europe/Paris"}
GREEN = "#3d6b4b"


async def branded(accent: str = GREEN, *, logo: bool = True, address: str = "bonjour@mo.example") -> bytes:
    """Mo's, with a brand; the logo's PNG."""
    mo = await builders.merchant()
    png = logos.made_anew(saved(mark()))
    name = logos.name_of(mo, png) if logo else ""
    if logo:
        pictures.keep(name, png)
    await db.execute("UPDATE merchants SET accent = {}, logo = {}, email = {} WHERE id = {}", accent, name, address, mo)
    return png


async def sent() -> EmailMessage:
    await parcel()
    assert await turn() == 1
    return mails()[-1]


def images(mail: EmailMessage) -> list[EmailMessage]:
    return [part for part in mail.walk() if part.get_content_maintype() == "image"]  # type: ignore[misc]


@pytest.mark.parametrize("columns", [{}, FRENCH])
async def test_a_mail_about_an_order_shows_its_merchants_logo_and_colour(columns: dict[str, str]) -> None:
    await builders.customer(**columns)
    png = await branded()
    mail = await sent()
    (image,) = images(mail)
    assert (image["Content-ID"], image["Content-Disposition"].content_disposition) == ("<logo>", "inline")
    assert image.get_content() == png
    html = html_of(mail)
    assert re.search(r'<img src="cid:logo" height="32" alt="Atelier Mo"', html)
    (button,) = re.findall(r'<a class="button"[^>]*>', html)
    assert f"background-color: {GREEN}" in button
    assert "color: #ffffff" in button
    assert f"border-top: 4px solid {GREEN}" in html
    assert "kicker" not in re.sub(r"<style>.*?</style>", "", html, flags=re.S)
    assert "http" not in "".join(re.findall(r'<img[^>]*src="([^"]*)"', html)), "no other host is asked"
    assert f'<html lang="{columns.get("locale", "en")}">' in html
    assert "-- \nComptoir\n" in text_of(mail).replace("\r\n", "\n"), "whose counter it is stays written below"


async def test_dark_mode_has_colours_of_its_own() -> None:
    await branded("#102040")
    (dark,) = re.findall(r"@media \(prefers-color-scheme: dark\) \{(.*)\}\s*</style>", html_of(await sent()), re.S)
    link = brand.parse(re.findall(r"[^.\w]a \{ color: (#\w{6})", dark)[0])
    ground, text = (
        brand.parse(it) for it in re.findall(r"\.button \{ background-color: (#\w{6}) !important; color: (#\w{6})", dark)[0]
    )
    assert brand.contrast(link, brand.parse("#1d2026")) >= 4.5
    assert brand.contrast(ground, text) >= 4.5
    assert "#102040" not in dark, "it could not be seen there"


@pytest.mark.parametrize(("accent", "logo"), [(GREEN, False), ("", True)])
async def test_half_a_brand_will_do(accent: str, logo: bool) -> None:
    await branded(accent, logo=logo)
    mail = await sent()
    head = re.search(r'<td class="head"[^>]*>(.*?)</td>', html_of(mail), re.S)
    assert head
    assert ("<img" in head[1], "Atelier Mo" in head[1]) == (logo, True)
    assert len(images(mail)) == logo


async def test_a_logo_that_is_gone_leaves_the_name() -> None:
    await branded()
    for path in pictures.folder().iterdir():
        path.unlink()
    mail = await sent()
    assert images(mail) == []
    assert re.search(r'<td class="head"[^>]*>Atelier Mo</td>', html_of(mail))


async def test_without_a_brand_it_is_the_counters_own() -> None:
    await branded("", logo=False)
    html = html_of(await sent())
    assert re.search(r'<td class="head"[^>]*>Comptoir</td>', html)
    assert re.search(r'<p class="kicker"[^>]*>Atelier Mo</p>', html)


@pytest.mark.parametrize(
    ("address", "answers"),
    [
        ("bonjour@mo.example", "bonjour@mo.example"),
        ("", None),
        ("call us", None),
        ("a@b.example, c@d.example", None),
        ("a@b.example\r\nBcc: x@y.example", None),
    ],
)
async def test_who_answers_writes_to_the_merchant(address: str, answers: str | None) -> None:
    await branded(address=address)
    mail = await sent()
    assert mail["Reply-To"] == answers
    assert mail["Bcc"] is None
    assert "no-reply@" in mail["From"]


async def test_news_of_who_gets_in_never_looks_like_a_merchants() -> None:
    await branded()
    order = await builders.order()
    person = (await people.named([order["customer"]]))[order["customer"]]
    about: Any = {"id": 1, "topic": "security", "kind": "passkey_added", "order": order["id"], "url": "/account", "data": {}}
    due = Due(id=1, message_id="0" * 32, target="", attempts=1, person=person, news=News(at=clock.now(), **about))
    mail = await email.composed(due)
    assert images(mail) == []
    assert re.search(r'<td class="head"[^>]*>Comptoir</td>', html_of(mail))
    assert GREEN not in html_of(mail)


async def test_nor_does_a_letter_whose_context_names_a_shop(monkeypatch: pytest.MonkeyPatch) -> None:
    """Codes, alarms and what the desk is told are written as letters: none of them asks for a shop's look."""
    asked: list[str] = []
    monkeypatch.setattr(looks, "of_shop", lambda name, *_more: asked.append(name))
    await branded()
    about = {"code": "042137", "minutes": 10, "url": "http://localhost:8000", "merchant": "Atelier Mo"}
    await letters.write(ALICE, "sign_in_code", Voice("en"), **about)
    await letters.post()
    (mail,) = mails()
    assert asked == []
    assert images(mail) == []
    assert re.search(r'<td class="head"[^>]*>Comptoir</td>', html_of(mail))


@pytest.mark.parametrize(("size", "height"), [((600, 96), 32), ((600, 48), 16), ((96, 96), 32), ((600, 1), 1)])
def test_a_logo_is_shown_whole(size: tuple[int, int], height: int) -> None:
    assert looks.Look("Mo", GREEN, saved(mark(size=size) if min(size) > 4 else mark().resize(size))).height == height
