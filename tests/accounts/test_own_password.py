"""A password of one's own: set, changed and removed by who has just proved who they are."""

import asyncio
import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from app import clock, db
from app.accounts import new_passwords, password_links, passwords, sign_ins, throttle
from app.accounts.viewer import Viewer
from app.errors import Refused
from tests import builders
from tests.accounts.conftest import Laptops
from tests.accounts.steps import PASSWORD, enter_password, is_in, mails, sign_in, text_of
from tests.builders import ALICE, BOB

NEW = "another lamp, another kite"
PAGE = "/account/password"


@pytest.fixture
async def alice() -> int:
    return await builders.customer(ALICE)


@pytest.fixture
async def alices(laptop: httpx.AsyncClient, alice: int) -> httpx.AsyncClient:
    """A laptop on which Alice has just come in."""
    await sign_in(laptop)
    return laptop


async def kept() -> str:
    row = await db.one("SELECT password_hash FROM customers WHERE email = {}", ALICE)
    assert row is not None
    return row["password_hash"]


async def kinds() -> list[str]:
    return [event["kind"] for event in await db.rows("SELECT kind FROM events ORDER BY id")]


def error_of(answer: httpx.Response) -> str:
    found = re.search(r'id="new_password-error">.*?</svg>(.*?)</p>', answer.text)
    assert found, answer.text
    return unescape(found[1])


def hidden(html: str) -> dict[str, str]:
    form = html.rpartition("<form")[2]
    return {name: unescape(value) for name, value in re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form)}


async def stale() -> None:
    """The last proof was an hour ago."""
    await db.execute("UPDATE sessions SET proved_at = {}", clock.now() - timedelta(hours=1))


async def test_alice_sets_a_password_and_uses_it(alices: httpx.AsyncClient, laptops: Laptops) -> None:
    page = await alices.get(PAGE)
    assert "At least 10 characters" in page.text
    assert re.search(rf'name="username" value="{ALICE}" autocomplete="username"', page.text)
    assert "Remove the password" not in page.text
    answer = await alices.post(PAGE, data={"new_password": PASSWORD})
    assert (answer.status_code, answer.headers["location"]) == (303, "/account")
    assert await kinds() == ["signed_in", "password_set"]
    assert [mail["Subject"] for mail in mails() if "password of your account was changed" in text_of(mail)]
    other = laptops()
    await enter_password(other)
    assert await is_in(other)
    assert "Remove the password" in (await alices.get(PAGE)).text


async def test_the_change_ends_everything_that_the_old_password_has_opened(alices: httpx.AsyncClient, laptops: Laptops) -> None:
    other, bobs = laptops(), laptops()
    await sign_in(other)
    await builders.customer(BOB, "Bob")
    await sign_in(bobs, BOB)
    half = await sign_ins.begin((await row_of(ALICE))["id"], "password", "")
    link, bobs_link = await password_links.make(ALICE), await password_links.make(BOB)
    await alices.post(PAGE, data={"new_password": PASSWORD})
    assert not await is_in(other)
    assert await is_in(alices)
    assert await is_in(bobs)
    assert await sign_ins.find(half) is None
    assert await password_links.owner(link) is None
    assert await password_links.owner(bobs_link) is not None


async def row_of(email: str) -> db.Row:
    row = await db.one("SELECT * FROM customers WHERE email = {}", email)
    assert row is not None
    return row


async def test_a_stale_session_is_asked_for_a_proof_and_the_new_password_is_not_typed_again(alices: httpx.AsyncClient) -> None:
    await alices.post(PAGE, data={"new_password": PASSWORD})
    await stale()
    looked = await alices.get(PAGE)
    assert (looked.status_code, looked.headers["location"]) == (303, f"/account/proof?next={PAGE}")
    asked = await alices.post(PAGE, data={"new_password": NEW, "username": ALICE})
    assert asked.status_code == 403
    assert asked.headers["cache-control"] == "no-store"
    assert "etag" not in asked.headers
    assert await passwords.matches(await kept(), PASSWORD), "nothing has happened yet"
    body = hidden(asked.text)
    assert body["new_password"] == NEW
    assert asked.text.count(NEW) == asked.text.count(f'<input type="hidden" name="new_password" value="{NEW}">')
    wrong = await alices.post("/account/proof", data={**body, "proof_password": "a guess"})
    assert (wrong.status_code, wrong.headers["cache-control"]) == (422, "no-store")
    assert "a guess" not in wrong.text
    on = await alices.post("/account/proof", data={**hidden(wrong.text), "proof_password": PASSWORD})
    assert (on.status_code, on.headers["location"]) == (307, PAGE)
    done = await alices.post(PAGE, data={**body, "proof_password": PASSWORD})
    assert (done.status_code, done.headers["location"]) == (303, "/account")
    assert await passwords.matches(await kept(), NEW)


async def test_no_password_goes_into_an_event_a_mail_or_the_log(
    alices: httpx.AsyncClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    for typed in ("p4ssw0rd-unseen", NEW, "short"):
        await alices.post(PAGE, data={"new_password": typed})
        await alices.post(f"{PAGE}/strength", data={"new_password": typed})
    written = [
        str(dict(row)) for table in ("events", "letters", "customers") for row in await db.rows(f"SELECT * FROM {table}")
    ]
    said = "\n".join([*written, caplog.text, *(text_of(mail) for mail in mails())])
    assert "password_set" in said
    for typed in ("p4ssw0rd-unseen", NEW, "short"):
        assert typed not in said


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("", "At least 10 characters"), ("short", "At least 10 characters"), ("x" * 201, "At most 200 characters"),
        ("x" * 200_000, "At most 200 characters"), (ALICE, "Your e-mail address"),
        ("qwertyuiop", "stolen most often elsewhere"),
        ("QWERTY123456", "stolen most often elsewhere"), ("  Manchester!!", "stolen most often elsewhere"),
        ("azertyuiop1", "A row of keys"), ("Alice-Martin-1987", "Your name, your e-mail address"),
        ("comptoir2026", "Your name, your e-mail address"), ("teapot1987", "Add another word or two"),
        ("x" * 200, "One character again and again"), ("\u202e\x00abcdefghij", "Sequences such as"),
        ("🎉🎊" * 9, "hardly more difficult"), ("İ" * 12, "One character again and again"), ("\x00" * 12, "again and again"),
    ],
    ids=lambda value: ascii(value)[:24],
)  # fmt: skip
async def test_a_password_that_is_no_good_is_refused_with_what_to_do_about_it(
    alices: httpx.AsyncClient, typed: str, reason: str
) -> None:
    answer = await alices.post(PAGE, data={"new_password": typed})
    assert answer.status_code == 422
    assert reason in error_of(answer)
    assert await kept() == ""
    if len(typed) > 5:
        assert typed not in answer.text.replace(f'value="{ALICE}"', "").replace(f"<small>{ALICE}", "")


@pytest.mark.parametrize(
    ("typed", "reason"),
    [("qwertyuiop", "volés ailleurs"), ("alice-martin", "Votre nom"), ("teapot1987", "Ajoutez un mot ou deux"),
     ("aaaaaaaaaaaa", "Un même caractère")],
)  # fmt: skip
async def test_the_reason_is_said_in_the_language_of_the_account(alices: httpx.AsyncClient, typed: str, reason: str) -> None:
    await db.execute("UPDATE customers SET locale = 'fr'")
    answer = await alices.post(PAGE, data={"new_password": typed})
    assert answer.status_code == 422
    assert reason in error_of(answer)


@pytest.mark.parametrize(
    "typed", ["clé\u0301 ﬁne du grenier", "ключ от нашего дома", "漢字仮名交じり文の長い鍵", "  blue teapot kite  "]
)
async def test_letters_of_any_script_and_blanks_are_taken_as_they_are(
    alices: httpx.AsyncClient, laptops: Laptops, typed: str
) -> None:
    assert (await alices.post(PAGE, data={"new_password": typed})).status_code == 303
    other = laptops()
    await enter_password(other, typed)
    assert await is_in(other)


async def test_after_thirty_new_passwords_an_hour_one_waits(alices: httpx.AsyncClient, alice: int) -> None:
    for _ in range(30):
        await throttle.password_chosen(alice)
    answer = await alices.post(PAGE, data={"new_password": NEW})
    assert answer.status_code == 429
    assert int(answer.headers["retry-after"]) > 0
    assert "too many tries" in answer.text
    assert await kept() == ""


async def test_the_password_is_removed_with_the_same_care(alices: httpx.AsyncClient, laptops: Laptops) -> None:
    await alices.post(PAGE, data={"new_password": PASSWORD})
    other = laptops()
    await enter_password(other)
    await stale()
    asked = await alices.post(f"{PAGE}/removal")
    assert asked.status_code == 403
    on = await alices.post("/account/proof", data={**hidden(asked.text), "proof_password": PASSWORD})
    assert (on.status_code, on.headers["location"]) == (307, f"{PAGE}/removal")
    done = await alices.post(f"{PAGE}/removal")
    assert (done.status_code, done.headers["location"]) == (303, "/account")
    assert await kept() == ""
    assert await is_in(alices)
    assert not await is_in(other)
    assert (await enter_password(laptops())).status_code == 422
    assert "password_removed" in await kinds()
    assert [mail for mail in mails() if "password of your account was removed" in text_of(mail)]


async def test_a_removal_clicked_twice_happens_once(alices: httpx.AsyncClient) -> None:
    await alices.post(PAGE, data={"new_password": PASSWORD})
    answers = await asyncio.gather(*(alices.post(f"{PAGE}/removal") for _ in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert (await kinds()).count("password_removed") == 1


async def test_a_form_sent_twice_leaves_the_person_in(alices: httpx.AsyncClient) -> None:
    answers = await asyncio.gather(*(alices.post(PAGE, data={"new_password": PASSWORD}) for _ in range(2)))
    assert [answer.status_code for answer in answers] == [303, 303]
    assert await is_in(alices)
    assert await passwords.matches(await kept(), PASSWORD)


async def test_of_two_changes_at_once_whose_session_was_ended_has_not_the_last_word(
    alices: httpx.AsyncClient, alice: int
) -> None:
    await builders.session(ALICE)
    found = await db.rows("SELECT id FROM sessions ORDER BY id")
    mine, thiefs = (Viewer(alice, ALICE, "Alice", "", "", 1, "", "", False, row["id"]) for row in found)
    outcomes = await asyncio.gather(
        new_passwords.set_password(mine, NEW), new_passwords.set_password(thiefs, "a thief among lamps"), return_exceptions=True
    )
    refused = [outcome for outcome in outcomes if isinstance(outcome, Refused)]
    assert len(refused) == 1
    assert refused[0].status == 409
    (left,) = await db.rows("SELECT id FROM sessions")
    winner, word = (mine, NEW) if outcomes[0] is None else (thiefs, "a thief among lamps")
    assert left["id"] == winner.session_id
    assert await passwords.matches(await kept(), word)


async def test_a_renewed_hash_never_brings_an_old_password_back(alice: int) -> None:
    await db.execute("UPDATE customers SET password_hash = 'the new one'")
    await new_passwords.renew_hash(alice, "the old one", "the old one, renewed")
    assert await kept() == "the new one"


async def test_the_meter_is_for_who_is_in_and_says_it_in_a_piece(alices: httpx.AsyncClient, laptop: httpx.AsyncClient) -> None:
    async def measure(typed: str, **headers: str) -> httpx.Response:
        return await alices.post(f"{PAGE}/strength", data={"new_password": typed}, headers=headers)

    partial = {"HX-Request-Type": "partial"}
    weak = await measure("qwertyuiop", **partial)
    assert weak.status_code == 200
    assert weak.headers["cache-control"] == "no-store"
    assert weak.text.startswith('<div id="strength" data-score="0"')
    assert "Very weak" in weak.text
    assert "data-good" not in weak.text
    assert "qwertyuiop" not in weak.text
    good = await measure(NEW, **partial)
    assert 'data-score="4" data-good' in good.text
    assert "centuries" in good.text
    short = await measure("zebra", **partial)
    assert "5 more characters are needed" in short.text
    for typed in ("", "x" * 100_000, "\x00", "\u202e" * 300, "1|7([<{!+%@48$" * 14):
        assert (await measure(typed, **partial)).status_code == 200
    whole = await measure(NEW)
    assert (whole.status_code, whole.headers["location"]) == (303, PAGE)
    await stale()
    assert (await measure(NEW, **partial)).status_code == 200, "it changes nothing: no proof is asked for"
    laptop.cookies.clear()
    assert (await laptop.post(f"{PAGE}/strength", data={"new_password": NEW})).headers["location"] == "/sign-in"


async def test_the_meter_is_not_asked_without_end(alices: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(throttle, "STRENGTHS", throttle.Limit("strengths", 2, throttle.QUARTER))
    answers = [await alices.post(f"{PAGE}/strength", data={"new_password": NEW}) for _ in range(3)]
    assert [answer.status_code for answer in answers] == [303, 303, 429]


async def test_password_managers_find_the_page(laptop: httpx.AsyncClient) -> None:
    answer = await laptop.get("/.well-known/change-password")
    assert (answer.status_code, answer.headers["location"]) == (303, PAGE)
