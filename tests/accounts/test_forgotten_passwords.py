"""A forgotten password: the same answer for everybody, a link that is good once, and the second factor all the same."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import httpx
import pyotp
import pytest
import time_machine

from app import db
from app.accounts import authenticators, forgotten_passwords, password_links, passwords, second_factors
from app.accounts.sessions import Browser
from app.errors import Missing
from app.settings import settings
from tests import builders
from tests.accounts.conftest import Laptops
from tests.accounts.steps import PASSWORD, ask_for_code, enter_code, enter_password, is_in, mailed_code, mails, sign_in, text_of
from tests.builders import ALICE, BOB

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
NEW = "another lamp, another kite"
FORGOTTEN = "/sign-in/password/forgotten"
PARTIAL = {"HX-Request-Type": "partial"}


@pytest.fixture(autouse=True)
async def alice() -> int:
    return await builders.customer(password_hash=passwords.HASHER.hash(PASSWORD))


async def ask(laptop: httpx.AsyncClient, email: str = ALICE, **headers: str) -> httpx.Response:
    return await laptop.post(FORGOTTEN, data={"email": email}, headers=headers)


def mailed_link(to: str = ALICE) -> str:
    """Its path; the mail names our own address."""
    found = [url[1] for mail in mails() if mail["To"] == to and (url := re.search(r"(\S+/password/new/\S+)", text_of(mail)))]
    assert found, "no mail holds a link"
    assert found[-1].startswith(f"{settings.base_url}/sign-in/password/new/")
    return found[-1].removeprefix(settings.base_url)


async def a_link(laptop: httpx.AsyncClient) -> str:
    assert (await ask(laptop)).status_code == 303
    return mailed_link()


async def choose(laptop: httpx.AsyncClient, path: str, new: str = NEW) -> httpx.Response:
    return await laptop.post(path, data={"new_password": new, "time_zone": "Europe/Paris"})


async def password_is(word: str) -> bool:
    row = await db.one("SELECT password_hash FROM customers WHERE email = {}", ALICE)
    assert row is not None
    return await passwords.matches(row["password_hash"], word)


async def test_from_the_forgotten_password_to_being_in(laptops: Laptops) -> None:
    old, alices = laptops(), laptops("198.51.100.7")
    await enter_password(old)
    answer = await ask(alices, " Alice@Example.com ")
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/password/sent")
    assert ALICE in (await alices.get("/sign-in/password/sent")).text
    path = mailed_link()
    page = await alices.get(path)
    assert page.status_code == 200
    assert f'name="username" value="{ALICE}" autocomplete="username"' in page.text
    done = await choose(alices, path)
    assert (done.status_code, done.headers["location"]) == (303, "/orders")
    assert "Your new password is set" in (await alices.get("/orders")).text
    assert await is_in(alices)
    assert not await is_in(old), "everybody else is out"
    assert await password_is(NEW)
    kinds = [event["kind"] for event in await db.rows("SELECT kind FROM events ORDER BY id")]
    assert kinds[1:] == ["password_link_asked", "signed_in", "password_set"]
    assert [mail for mail in mails() if mail["To"] == ALICE and "password of your account was changed" in text_of(mail)]


async def test_the_typed_address_comes_along_and_stands_in_no_address(laptop: httpx.AsyncClient) -> None:
    form = await laptop.get("/sign-in/password")
    assert 'formaction="/sign-in/password/forgotten"' in form.text
    typed = await laptop.post(FORGOTTEN, data={"email": ALICE, "password": "half of i", "only_email": "yes"})
    assert typed.status_code == 200
    assert f'value="{ALICE}"' in typed.text
    assert "half of i" not in typed.text
    assert mails() == []


async def test_an_address_without_an_account_gets_the_same_bytes_and_a_mail_that_says_so(laptops: Laptops) -> None:
    seen = []
    with time_machine.travel(START, tick=False):
        for network, email in (("192.0.2.1", ALICE), ("192.0.2.2", "nobodyx@example.com")):
            laptop = laptops(network)
            answers = [await ask(laptop, email), await laptop.get("/sign-in/password/sent")]
            seen.append([_without(email, answer) for answer in answers])
    assert seen[0] == seen[1]
    said = {mail["To"]: text_of(mail) for mail in mails()}
    assert "There is no account" in said["nobodyx@example.com"]
    assert "/password/new/" not in said["nobodyx@example.com"]
    assert "/password/new/" in said[ALICE]
    (count,) = await db.rows("SELECT count(*) AS n FROM password_links")
    assert count["n"] == 1


def _without(email: str, answer: httpx.Response) -> tuple[int, str, list[tuple[str, str]]]:
    headers = [(name, value) for name, value in answer.headers.multi_items() if name not in ("set-cookie", "content-length")]
    cookies = [(value.partition("=")[0], "") for value in answer.headers.get_list("set-cookie")]
    return answer.status_code, answer.text.replace(email, "…"), [*headers, *cookies]


async def test_it_costs_the_same_statements(laptops: Laptops, statements: list[str]) -> None:
    spoken = []
    for network, email in (("192.0.2.1", ALICE), ("192.0.2.2", "nobody@example.com")):
        answer = await laptops(network).post(FORGOTTEN, data={"email": email})
        assert answer.status_code == 303
        spoken.append(statements[: next(n for n, sql in enumerate(statements) if "sent_at IS NULL AND attempts" in sql)])
        statements.clear()
    assert len(spoken[0]) > 8
    assert spoken[0] == spoken[1]


@pytest.mark.parametrize("typed", ["", "nobody", "a@b@", "x" * 5000, "\x00@example.com", "a@b\r\nBcc: x@y.example"])
async def test_what_is_no_address_is_said_at_the_field(laptop: httpx.AsyncClient, typed: str) -> None:
    answer = await ask(laptop, typed)
    assert answer.status_code == 422
    assert "email-error" in answer.text
    assert mails() == []


async def test_the_link_names_our_own_address_whatever_the_request_names(laptops: Laptops) -> None:
    forged = {"Host": "evil.example", "X-Forwarded-Host": "evil.example", "Forwarded": "host=evil.example"}
    assert (await ask(laptops(), **forged)).status_code == 303
    assert mailed_link()
    assert "evil.example" not in "".join(text_of(mail) + str(mail) for mail in mails())


async def test_the_mail_speaks_the_language_of_the_account_and_asks_for_no_password(laptop: httpx.AsyncClient) -> None:
    await db.execute("UPDATE customers SET locale = 'fr', phrase = 'le canard bleu'")
    await ask(laptop)
    (mail,) = mails()
    assert "Choisissez un nouveau mot de passe" in mail["Subject"]
    assert "Nous ne demandons jamais de mot de passe par e-mail" in text_of(mail)
    assert "le canard bleu" in text_of(mail)


async def test_only_a_hash_of_the_link_is_kept(laptop: httpx.AsyncClient) -> None:
    token = (await a_link(laptop)).rpartition("/")[2]
    (row,) = await db.rows("SELECT token_hash FROM password_links")
    assert len(token) >= 43
    assert row["token_hash"] != token
    written = [str(dict(row)) for table in ("letters", "events") for row in await db.rows(f"SELECT * FROM {table}")]
    assert token not in "".join(written)


async def test_looking_at_the_link_uses_nothing_up_and_is_kept_by_no_cache(laptops: Laptops) -> None:
    path = await a_link(laptops())
    signed_in = laptops()
    await enter_password(signed_in)
    for scanner in (laptops("198.51.100.1"), laptops("198.51.100.2"), signed_in):
        for method in ("GET", "HEAD"):
            seen = await scanner.request(method, path)
            assert seen.status_code == 200
            assert seen.headers["cache-control"] == "no-store"
            assert "etag" not in seen.headers
            assert "set-cookie" not in seen.headers
    page = (await signed_in.get(path)).text
    token = path.rpartition("/")[2]
    places = [page[found.start() - 60 : found.start()] for found in re.finditer(re.escape(token), page)]
    assert all('name="back"' in place or 'url="/sign-in' in place for place in places), places
    assert 'href="http' not in page
    assert (await choose(laptops(), path)).status_code == 303


async def test_an_address_that_no_link_can_have_leads_nowhere(laptops: Laptops) -> None:
    other = laptops()
    for answer in (await other.get("/sign-in/password/new/%00"), await choose(other, "/sign-in/password/new/a%00b")):
        assert answer.status_code == 404


async def test_a_link_is_used_once_and_a_made_up_one_is_the_same(laptops: Laptops) -> None:
    path = await a_link(laptops())
    assert (await choose(laptops(), path)).status_code == 303
    other, texts = laptops(), set()
    for over in (path, "/sign-in/password/new/made-up", "/sign-in/password/new/%01", f"{path}x"):
        for answer in (await other.get(over), await choose(other, over, "a third lamp, a third kite")):
            assert answer.status_code == 410
            assert "This link is over" in answer.text
            assert ALICE not in answer.text
            assert answer.headers["cache-control"] == "no-store"
            texts.add(re.sub(r'name="back" value="[^"]*"', "", answer.text))
    assert len(texts) == 1
    assert not await is_in(other)
    assert await password_is(NEW)


async def test_of_two_at_once_one_comes_in(laptop: httpx.AsyncClient) -> None:
    token = (await a_link(laptop)).rpartition("/")[2]
    browser = Browser(network="192.0.2.1")
    words = [f"lamp and kite number {n}" for n in range(4)]
    outcomes = await asyncio.gather(
        *(forgotten_passwords.choose_password(token, word, browser) for word in words), return_exceptions=True
    )
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Entered"] + ["Missing"] * 3
    winner = next(word for word, outcome in zip(words, outcomes, strict=True) if not isinstance(outcome, BaseException))
    assert await password_is(winner)
    (row,) = await db.rows("SELECT count(*) AS n FROM sessions")
    assert row["n"] == 1


async def test_it_is_good_for_half_an_hour(laptop: httpx.AsyncClient) -> None:
    with time_machine.travel(START, tick=False) as clock:
        path = await a_link(laptop)
        clock.shift(timedelta(minutes=29, seconds=59))
        assert (await laptop.get(path)).status_code == 200
        clock.shift(1)
        assert (await laptop.get(path)).status_code == 410
        assert (await choose(laptop, path)).status_code == 410
        await ask(laptop)
    (row,) = await db.rows("SELECT count(*) AS n FROM password_links")
    assert row["n"] == 1, "the old one is gone"


async def test_an_older_link_stays_good_until_one_is_used(laptops: Laptops) -> None:
    """Else a stranger who asks again and again would keep the owner out."""
    first = await a_link(laptops())
    second = await a_link(laptops("198.51.100.9"))
    assert first != second
    assert (await choose(laptops(), first)).status_code == 303
    assert (await laptops().get(second)).status_code == 410


@pytest.mark.parametrize("change", ["set", "removed", "not me"])
async def test_it_is_over_when_the_password_was_changed_meanwhile(laptops: Laptops, change: str) -> None:
    path, alices = await a_link(laptops()), laptops()
    await sign_in(alices)
    if change == "not me":
        await alices.post("/account/password", data={"new_password": "a third lamp, a third kite"})
        path = await a_link(laptops())
        address = next(found for mail in mails() if (found := re.search(r"/not-me/\S+", text_of(mail))))
        await laptops().post(address[0])
    elif change == "set":
        await alices.post("/account/password", data={"new_password": "a third lamp, a third kite"})
    else:
        await alices.post("/account/password/removal")
    assert (await laptops().get(path)).status_code == 410
    assert (await choose(laptops(), path)).status_code == 410
    assert not await password_is(NEW)


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("short", "At least 10"),
        ("qwertyuiop", "stolen most often"),
        (ALICE, "Your e-mail address"),
        ("Alice.Martin.1987", "Your name"),
    ],
)
async def test_a_bad_password_is_refused_and_the_link_stays_good(laptop: httpx.AsyncClient, typed: str, reason: str) -> None:
    path = await a_link(laptop)
    answer = await choose(laptop, path, typed)
    assert answer.status_code == 422
    assert reason in answer.text
    assert answer.headers["cache-control"] == "no-store"
    assert await password_is(PASSWORD)
    assert (await choose(laptop, path)).status_code == 303


async def test_the_second_factor_is_asked_for_all_the_same(laptops: Laptops, alice: int) -> None:
    app = pyotp.TOTP(await authenticators.begin(alice, 1))
    with time_machine.travel(START, tick=False):
        assert await authenticators.confirm(alice, 1, app.now())
    await second_factors.settle(alice)
    thief, path = laptops(), await a_link(laptops())
    answer = await choose(thief, path)
    assert (answer.status_code, answer.headers["location"]) == (303, "/sign-in/second-factor")
    assert not await is_in(thief)
    assert (await db.rows("SELECT id FROM sessions")) == []
    assert await password_is(PASSWORD), "whoever has the mailbox alone changes nothing"
    assert "Your new password is set" not in (await thief.get("/sign-in/second-factor")).text
    wrong = await thief.post("/sign-in/second-factor", data={"code": "000000"})
    assert wrong.status_code == 422
    right = await thief.post("/sign-in/second-factor", data={"code": app.now()})
    assert right.status_code == 303
    assert "Your new password is set" in (await thief.get("/orders")).text
    assert not await password_is(PASSWORD)
    (session,) = await db.rows("SELECT way, factor_at FROM sessions")
    assert session["way"] == "mailed_link"
    assert session["factor_at"] is not None


async def test_a_locked_account_is_unlocked_by_the_mailbox(laptops: Laptops) -> None:
    """As by a mailed code; but not before the second factor is shown, nor by a password alone."""
    await db.execute("UPDATE customers SET locked_at = {}, password_hash = ''", START)
    path, alices = await a_link(laptops()), laptops()
    assert (await choose(alices, path)).status_code == 303
    assert await is_in(alices)
    (row,) = await db.rows("SELECT locked_at FROM customers")
    assert row["locked_at"] is None


async def test_it_stays_locked_while_the_second_factor_is_missing(laptops: Laptops, alice: int) -> None:
    app = pyotp.TOTP(await authenticators.begin(alice, 1))
    assert await authenticators.confirm(alice, 1, app.now())
    await second_factors.settle(alice)
    await db.execute("UPDATE customers SET locked_at = {}", START)
    assert (await choose(laptops(), await a_link(laptops()))).headers["location"] == "/sign-in/second-factor"
    (row,) = await db.rows("SELECT locked_at FROM customers")
    assert row["locked_at"] is not None
    assert (await enter_password(laptops(), NEW)).status_code == 422


async def test_a_session_of_somebody_else_gives_way(laptop: httpx.AsyncClient) -> None:
    await builders.customer(BOB, "Bob")
    await sign_in(laptop, BOB)
    await choose(laptop, await a_link(laptop))
    assert ALICE in (await laptop.get("/account")).text
    (row,) = await db.rows("SELECT count(*) AS n FROM sessions")
    assert row["n"] == 1


async def test_the_meter_needs_a_link_that_is_good(laptop: httpx.AsyncClient) -> None:
    path = await a_link(laptop)
    weak = await laptop.post(f"{path}/strength", data={"new_password": "alice-martin-1"}, headers=PARTIAL)
    assert (weak.status_code, weak.headers["cache-control"]) == (200, "no-store")
    assert "Your name" in weak.text
    await choose(laptop, path)
    for over in (path, "/sign-in/password/new/made-up"):
        answer = await laptop.post(f"{over}/strength", data={"new_password": "a lamp"}, headers=PARTIAL)
        assert answer.status_code == 404
        assert "data-score" not in answer.text


async def test_one_asker_gets_five_links_an_hour_and_nobody_is_flooded(laptops: Laptops) -> None:
    asker = laptops("203.0.113.1")
    answers = [(await ask(asker)).status_code for _ in range(6)]
    assert answers == [303] * 5 + [429]
    more = [(await ask(laptops(f"203.0.113.{n}"))).status_code for n in range(2, 9)]
    assert more == [303] * 5 + [429] * 2
    refused = await ask(asker)
    assert int(refused.headers["retry-after"]) > 0
    assert f'value="{ALICE}"' in refused.text
    unknown = [(await ask(laptops("203.0.113.77"), "nobody@example.com")).status_code for _ in range(6)]
    assert unknown == [303] * 5 + [429], "it tells nothing about the account"
    owner = laptops("203.0.113.99")
    await ask_for_code(owner)
    assert (await enter_code(owner, mailed_code())).status_code == 303, "the owner has another way in"


async def test_one_network_asks_for_thirty_an_hour(laptop: httpx.AsyncClient) -> None:
    answers = [(await ask(laptop, f"guest{n}@example.com")).status_code for n in range(31)]
    assert answers == [303] * 30 + [429]


async def test_who_is_asked_for_the_password_by_a_proof_can_have_forgotten_it(laptop: httpx.AsyncClient) -> None:
    laptop.cookies.update(await builders.session(ALICE, proved=False))
    asked = await laptop.get("/account/proof?next=/account/password")
    assert f'href="{FORGOTTEN}"' in asked.text
    assert f'value="{ALICE}"' in (await laptop.get(FORGOTTEN)).text


async def test_a_token_that_is_not_text_or_endless_is_over_too(laptop: httpx.AsyncClient) -> None:
    for token in ("%F0%9F%8E%89", "%ff", "x" * 4000):
        assert (await laptop.get(f"/sign-in/password/new/{token}")).status_code in (404, 410)
    with pytest.raises(Missing):
        await forgotten_passwords.strength("", "")
    assert await password_links.owner("\ud800".encode("utf-8", "replace").decode()) is None
