import pytest

from app.i18n import Voice
from app.mail import outbox
from tests.builders import ALICE, BOB

CODE = {"code": "042137", "minutes": 10, "url": "http://localhost:8000/sign-in"}


async def test_mails_are_listed_newest_first_and_can_be_read(laptop):
    for email in (ALICE, BOB):
        await outbox.send(email, "sign_in_code", Voice("en"), email=email, **CODE)
    page = (await laptop.get("/dev/mail")).text
    assert page.index(BOB) < page.index(ALICE)
    newest = sorted(path.name for path in outbox.folder().iterdir())[-1]
    assert f'href="/dev/mail/{newest}"' in page
    mail = (await laptop.get(f"/dev/mail/{newest}")).text
    assert "\n    042137\n" in mail
    assert 'href="http://localhost:8000/sign-in"' in mail
    assert BOB in mail


async def test_no_mail_yet_is_a_page_too(laptop):
    answer = await laptop.get("/dev/mail")
    assert answer.status_code == 200
    assert "No mail has been sent yet" in answer.text


@pytest.mark.parametrize(
    "name",
    [
        "",
        "..",
        "../secret_key",
        "%2e%2e%2fsecret_key",
        "..%2Fsecret_key",
        "secret_key",
        "x.eml",
        "20261121T120000.000000-0badcafe.eml",
    ],
)  # fmt: skip
async def test_only_the_names_of_mails_lead_to_files(laptop, name):
    await outbox.send(ALICE, "sign_in_code", Voice("en"), email=ALICE, **CODE)
    (outbox.settings.data_dir / "mail" / "x.eml").write_text("Subject: planted\n\nplanted")
    answer = await laptop.get(f"/dev/mail/{name}")
    assert "planted" not in answer.text
    assert (outbox.settings.data_dir / "secret_key").read_text() not in answer.text
    if name:
        assert answer.status_code == 404


async def test_what_a_mail_says_is_shown_as_text(laptop, monkeypatch):
    monkeypatch.setattr(outbox, "render", lambda template, context: "<script>alert(1)</script>")
    await outbox.send(ALICE, "sign_in_code", Voice("en"), **CODE)
    (path,) = outbox.folder().iterdir()
    for page in ("/dev/mail", f"/dev/mail/{path.name}"):
        text = (await laptop.get(page)).text
        assert "<script>alert" not in text
        assert "&lt;script&gt;alert" in text
