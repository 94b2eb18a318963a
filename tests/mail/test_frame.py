"""The frame of every mail: headers that stay whole, styles where mail programs read them, the shop's own look."""

import re
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default

import msgspec
import pytest

from app.i18n import Voice
from app.mail import letters, looks, outbox
from app.web import brand
from app.web.assets import ROOT
from tests.builders import ALICE

ENGLISH = Voice("en")
SAID = {"code": "042137", "minutes": 10, "mail_code": "K7QM-2XRD", "phrase": "", "url": "http://localhost:8000"}
LONG = f"<https://orders.a-rather-long-name.example.com/unsubscribe/{'a' * 120}>"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)


def composed(**more) -> EmailMessage:
    return outbox.compose(ALICE, "sign_in_code", ENGLISH, **SAID, **more)


def html_of(mail: EmailMessage) -> str:
    body = mail.get_body(("html",))
    assert body is not None
    return body.get_content()


@pytest.mark.without_database
@pytest.mark.parametrize("name", ["List-Unsubscribe", "References", "In-Reply-To", "Message-ID"])
def test_addresses_and_ids_are_never_folded_or_encoded(name: str) -> None:
    value = outbox.message_id("a" * 120) if name == "Message-ID" else LONG
    raw = composed(headers={name: value}).as_bytes()
    assert f"{name}: {value}\r\n".encode() in raw
    assert raw.count(f"{name}:".encode()) == 1, "it takes the place of ours"


@pytest.mark.without_database
async def test_nor_are_they_on_their_way(office, set_up) -> None:
    set_up(smtp_url=f"smtp://127.0.0.1:{office.port}")
    await outbox.deliver(composed(headers={"List-Unsubscribe": LONG}), ALICE)
    assert f"List-Unsubscribe: {LONG}\r\n".encode() in office.envelopes[0].content


@pytest.mark.without_database
def test_a_long_subject_is_still_folded() -> None:
    mail = composed(headers={"Subject": "é" * 100})
    head = mail.as_bytes().partition(b"\r\n\r\n")[0].split(b"\r\n")
    assert max(len(line) for line in head if b"=?utf-8?" in line) <= 78
    assert message_from_bytes(mail.as_bytes(), policy=default)["Subject"] == "é" * 100


@pytest.mark.without_database
def test_nothing_in_a_header_becomes_a_second_one() -> None:
    mail = composed(headers={"List-Id": "Shop\r\nBcc: bob@example.com\r\n\r\n<h1>"})
    read = message_from_bytes(mail.as_bytes(), policy=default)
    assert read["Bcc"] is None
    assert read["List-Id"] == "Shop Bcc: bob@example.com <h1>"


@pytest.mark.without_database
def test_styles_stand_in_the_elements_and_only_what_depends_on_the_moment_stays() -> None:
    html = html_of(composed())
    assert re.search(r'<h1 style="[^"]*font-size: 24px', html)
    (kept,) = re.findall(r"<style>(.*?)</style>", html, re.S)
    assert "prefers-color-scheme: dark" in kept
    assert re.sub(r"@media[^{]*\{(?:[^{}]*\{[^{}]*\})*[^{}]*\}", "", kept).strip() == ""
    assert '<meta name="color-scheme" content="light dark">' in html


@pytest.mark.without_database
def test_a_mail_loads_nothing() -> None:
    html = html_of(composed())
    assert not re.search(r"<(img|link|script|iframe)|url\(|@import", html)


@pytest.mark.without_database
def test_text_can_be_read_in_both_schemes() -> None:
    css = (ROOT / "templates/emails/letter.css").read_text()
    light, dark = (brand.parse("#ffffff"), brand.parse("#faf8f4")), (brand.parse("#1d2026"), brand.parse("#121418"))
    before, after = css.split("@media (prefers-color-scheme: dark)")
    for part, grounds in ((before, light), (after, dark)):
        for colour in re.findall(r"[ {;]color: (#[0-9a-f]{6})", part):
            if colour not in ("#faf8f4",):  # the preheader, which nobody is to see
                assert min(brand.contrast(brand.parse(colour), ground) for ground in grounds) >= 4.5, colour


@pytest.mark.without_database
@pytest.mark.parametrize("accent", ["#ffff00", "#0b5fa5", "#000000", "#ffffff", "#e30613", "#e0a800", "#777777", "#7a7a7a"])
def test_any_accent_makes_a_button_that_can_be_read(accent: str) -> None:
    made = brand.accent(accent)
    assert brand.contrast(brand.parse(made.button_light), brand.parse(made.on_light)) >= 4.5
    assert brand.contrast(brand.parse(made.button_dark), brand.parse(made.on_dark)) >= 4.5
    assert brand.contrast(brand.parse(made.light), brand.parse("#ffffff")) >= 4.5
    assert brand.contrast(brand.parse(made.dark), brand.parse("#1d2026")) >= 4.5


@pytest.mark.without_database
@pytest.mark.parametrize(("name", "comes"), [("logo.png", True), ("logo.svg", False), ("large.png", False)])
def test_the_logo_comes_with_the_mail_where_programs_can_draw_it(tmp_path, monkeypatch, name: str, comes: bool) -> None:
    (tmp_path / name).write_bytes(PNG if not name.startswith("large") else PNG * 1000)
    changed = msgspec.structs.replace(looks.settings, logo=str(tmp_path / name))
    monkeypatch.setattr(looks, "settings", changed)
    mail = composed()
    pictures = [part for part in mail.walk() if part.get_content_maintype() == "image"]
    assert [picture["Content-ID"] for picture in pictures] == (["<logo>"] if comes else [])
    assert ('src="cid:logo"' in html_of(mail)) is comes
    assert mail.get_content_type() == "multipart/alternative"


async def test_a_mail_of_another_way_is_vouched_for_once() -> None:
    code = await letters.vouch("news", "one")
    assert await letters.vouch("news", "one") == code
    assert await letters.vouch("news", "two") != code
    assert re.fullmatch(rf"[{letters.ALPHABET}]{{4}}-[{letters.ALPHABET}]{{4}}", code)
    known = await letters.known(code)
    assert known is not None
    assert known["kind"] == "news"
    await letters.post()
    assert not outbox.folder().exists(), "nothing of it is left to be sent"
