import httpx
import pytest

from app.i18n import Voice
from app.mail import outbox
from tests.builders import ALICE, BOB

pytestmark = pytest.mark.without_database

CODE = {"code": "042137", "minutes": 10, "url": "http://localhost:8000/sign-in", "phrase": "", "mail_code": "K7QM-2XRD"}


@pytest.fixture
def laptop(laptops):
    """The machine on which the counter runs."""
    return laptops("127.0.0.1")


@pytest.mark.parametrize("network", ["192.0.2.1", "10.0.0.7", "2001:db8::1", "::ffff:192.0.2.1", "testclient", ""])
async def test_other_machines_find_no_mails(laptops, network):
    await outbox.send(ALICE, "sign_in_code", Voice("en"), email=ALICE, **CODE)
    (path,) = outbox.folder().iterdir()
    for address in ("/dev/mail", f"/dev/mail/{path.name}"):
        answer = await laptops(network).get(address)
        assert (answer.status_code, "042137" in answer.text) == (404, False)


@pytest.mark.parametrize("host", ["counter.example", "localhost.evil.example", "evil.example:8000", "[x", "", "127.0.0.2"])
async def test_a_page_elsewhere_that_gives_this_machine_its_own_name_finds_no_mails(laptop, host):
    assert (await laptop.get("/dev/mail", headers={"Host": host})).status_code == 404


@pytest.mark.parametrize("host", ["localhost", "localhost:8000", "127.0.0.1:8000", "[::1]:8000", "LOCALHOST"])
async def test_this_machine_has_three_names(application, host):
    transport = httpx.ASGITransport(application, client=("::1", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as browser:
        assert (await browser.get("/dev/mail", headers={"Host": host})).status_code == 200


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
