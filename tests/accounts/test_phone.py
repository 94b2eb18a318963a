"""The telephone: typed as people do, confirmed by a text, never flooded."""

import asyncio
import re
import stat
from datetime import UTC, datetime, timedelta

import httpx
import msgspec
import pytest
import time_machine

from app import db
from app.accounts import phone_codes, phones
from app.errors import Invalid, Refused
from app.mail import outbox, texts
from tests import builders
from tests.accounts.steps import sign_in, wrong
from tests.builders import BOB
from tests.mail.gateway_steps import sms_gateway, use_gateway  # noqa: F401

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
TYPED, NUMBER = "06 12 34 56 78", "+33612345678"


@pytest.fixture
async def alice() -> int:
    return await builders.customer(time_zone="Europe/Paris")


@pytest.fixture
async def alices(laptop: httpx.AsyncClient, alice: int) -> httpx.AsyncClient:
    await sign_in(laptop)
    return laptop


@pytest.fixture
def no_provider(monkeypatch):
    monkeypatch.setattr(texts, "settings", msgspec.structs.replace(texts.settings, base_url="https://orders.example"))


async def save(laptop: httpx.AsyncClient, typed: str = TYPED, country: str = "FR") -> httpx.Response:
    return await laptop.post("/account/phone", data={"phone": typed, "country": country})


async def kept(customer: int) -> tuple[str, bool]:
    row = await db.one("SELECT phone, phone_confirmed_at FROM customers WHERE id = {}", customer)
    assert row is not None
    return row["phone"], row["phone_confirmed_at"] is not None


def sent() -> list[str]:
    """Oldest first."""
    paths = sorted(outbox.folder().glob("*.txt"), key=lambda path: path.stat().st_mtime_ns)
    return [path.read_text() for path in paths]


def code_sent() -> str:
    found = re.match(r"\+\d+\n(\d{6}) ", sent()[-1])
    assert found
    return found[1]


async def confirm(laptop: httpx.AsyncClient, code: str) -> httpx.Response:
    return await laptop.post("/account/phone/confirmation", data={"code": code})


async def events() -> list[str]:
    rows = await db.rows("SELECT kind FROM events WHERE kind LIKE 'phone%' ORDER BY id")
    return [row["kind"] for row in rows]


@pytest.mark.parametrize(
    ("typed", "country", "number"),
    [
        ("06 12 34 56 78", "FR", "+33612345678"),
        ("06.12.34.56.78", "FR", "+33612345678"),
        ("+33 6 12 34 56 78", "GB", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "US", "+33612345678"),
        ("0033612345678", "CH", "+33612345678"),
        ("tel:+33612345678", "FR", "+33612345678"),
        ("＋33612345678", "", "+33612345678"),
        ("٠٦١٢٣٤٥٦٧٨", "FR", "+33612345678"),
        ("۰۶۱۲۳۴۵۶۷۸", "FR", "+33612345678"),
        ("0117 496 0123", "GB", "+441174960123"),
        ("(503) 555-0147", "US", "+15035550147"),
        ("078 123 45 67", "CH", "+41781234567"),
        ("0151 23456789", "DE", "+4915123456789"),
        ("090-1234-5678", "JP", "+819012345678"),
        ("02 1234 5678", "IT", "+390212345678"),  # Italy keeps its zero
    ],
)
def test_numbers_are_taken_as_people_write_them(typed, country, number):
    assert phones.normal(typed, country) == number
    assert phones.normal(phones.shown(number), "") == number


@pytest.mark.parametrize(
    ("typed", "country"),
    [
        ("", "FR"), ("+", "FR"), ("0", "FR"), ("112", "FR"), ("06 12 34 56", "FR"), ("x" * 50, "FR"), ("9" * 50, "FR"),
        ("06 12 34 56 78", ""), ("06 12 34 56 78", "XX"), ("06 12 34 56 78", "fr"), ("+999 12345678", "FR"),
        ("06 12 34 56 78 ext. 5", "FR"), ("+33612345678;ext=5", "FR"), ("0899 10 10 10", "FR"), ("1-800-FLOWERS", "US"),
        ("070 1234 5678", "GB"), ("+800 1234 5678", "FR"), ("alice@example.com", "FR"), ("06\x00 12 34 56 78", "FR\x00"),
        ("0" * 61, "FR"), ("<script>", "FR"), ("+" * 50, "FR"), ("06 39 98 12 34", "FR"),
    ],
)  # fmt: skip
def test_what_is_no_number_of_somebodys_own_is_refused(typed, country):
    with pytest.raises(Invalid) as refused:
        phones.normal(typed, country)
    assert list(refused.value.fields) == ["phone"]


@pytest.mark.parametrize(
    ("phone", "delivered_to", "zone", "locale", "country"),
    [
        ("+41781234567", "FR", "Europe/Paris", "fr", "CH"),
        ("", "be", "Europe/Paris", "fr", "BE"),
        ("", "", "America/Toronto", "fr", "CA"),
        ("", "", "", "fr", "FR"),
        ("", "", "", "en", "GB"),
        ("", "??", "Etc/UTC", "pt_BR", "BR"),
        ("", "", "Mars/Olympus", "ja", "JP"),
    ],
)
def test_the_country_is_guessed_from_what_is_known(phone, delivered_to, zone, locale, country):
    assert phones.guessed(phone, delivered_to, zone, locale) == country


async def test_the_page_guesses_the_country_of_the_last_parcel_and_shows_how_numbers_look_there(laptop):
    await builders.order(shipping_address=builders.Address(name="A", street="1 x", city="Lausanne", country="CH"))
    await sign_in(laptop)
    page = (await laptop.get("/account/phone")).text
    assert '<option value="CH" selected>' in page
    assert "078 123 45 67" in page


async def test_a_number_is_kept_as_e164_and_shown_as_the_world_writes_it(alices, alice):
    answer = await save(alices)
    assert (answer.status_code, answer.headers["location"]) == (303, "/account/phone/confirmation")
    assert await kept(alice) == (NUMBER, False)
    assert "+33 6 12 34 56 78 · not confirmed" in (await alices.get("/account")).text
    assert await events() == ["phone_changed"]


async def test_a_refused_number_stays_in_its_field_with_an_example_of_the_country(alices, alice):
    answer = await save(alices, "<06 12>", "GB")
    assert answer.status_code == 422
    assert 'value="&lt;06 12&gt;"' in answer.text
    assert '<option value="GB" selected>' in answer.text
    assert "phone-error" in answer.text
    assert "United Kingdom" in answer.text
    assert "07400 123456" in answer.text
    assert await kept(alice) == ("", False)
    assert sent() == []


async def test_a_text_with_a_code_confirms_the_number(alices, alice):
    await save(alices)
    (text,) = sent()
    code = code_sent()
    assert text.startswith(f"{NUMBER}\n{code} is your code for Comptoir.")
    assert text.rstrip().endswith(f"@localhost #{code}"), "browsers fill it in here alone"
    refused = await confirm(alices, wrong(code))
    assert (refused.status_code, wrong(code) in refused.text) == (422, False)
    assert (await confirm(alices, f"{code[:3]} {code[3:]}")).headers["location"] == "/account"
    assert await kept(alice) == (NUMBER, True)
    assert "+33 6 12 34 56 78 · confirmed" in (await alices.get("/account")).text
    assert await events() == ["phone_changed", "phone_confirmed"]
    assert (await confirm(alices, code)).headers["location"] == "/account", "used once"
    assert await events() == ["phone_changed", "phone_confirmed"]


async def test_the_text_is_a_file_for_its_owner_and_can_be_read_in_the_browser(laptops, alice):
    here = laptops("127.0.0.1")
    await sign_in(here)
    await save(here)
    (path,) = outbox.folder().glob("*.txt")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    listed = (await here.get("/dev/mail")).text
    assert f"/dev/mail/{path.name}" in listed
    page = await here.get(f"/dev/mail/{path.name}")
    assert code_sent() in page.text
    assert (await laptops("192.0.2.1").get(f"/dev/mail/{path.name}")).status_code == 404


@pytest.mark.parametrize("code", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "1" * 5000, "12345\x00"])
async def test_what_is_no_code_is_refused(alices, alice, code):
    await save(alices)
    assert (await confirm(alices, code)).status_code == 422
    assert await kept(alice) == (NUMBER, False)


async def test_the_table_does_not_hold_the_code(alices):
    await save(alices)
    (row,) = await db.rows("SELECT * FROM phone_codes")
    assert code_sent() not in str({**row, "id": 0, "expires_at": "", "phone": ""})


async def test_five_wrong_guesses_close_a_code_even_at_once(alice):
    code = await phone_codes.issue(alice, NUMBER)
    await asyncio.gather(*(phone_codes.spend(alice, NUMBER, wrong(code)) for _ in range(20)))
    (row,) = await db.rows("SELECT tries FROM phone_codes")
    assert row["tries"] == 5
    assert await phone_codes.spend(alice, NUMBER, code) is False


async def test_the_right_code_sent_many_times_at_once_confirms_once(alice):
    code = await phone_codes.issue(alice, NUMBER)
    right = await asyncio.gather(*(phone_codes.spend(alice, NUMBER, code) for _ in range(5)))
    assert sorted(right) == [False, False, False, False, True]


async def test_a_code_is_good_for_its_customer_its_number_and_ten_minutes(alice):
    bob = await builders.customer(BOB, "Bob")
    with time_machine.travel(START, tick=False) as clock:
        code = await phone_codes.issue(alice, NUMBER)
        assert await phone_codes.spend(bob, NUMBER, code) is False
        assert await phone_codes.spend(alice, "+33612345679", code) is False
        clock.shift(timedelta(minutes=9, seconds=59))
        assert await phone_codes.spend(alice, NUMBER, code) is True
        code = await phone_codes.issue(alice, NUMBER)
        clock.shift(timedelta(minutes=10))
        assert await phone_codes.spend(alice, NUMBER, code) is False


async def test_only_the_newest_code_counts(alice):
    first = await phone_codes.issue(alice, NUMBER)
    second = await phone_codes.issue(alice, NUMBER)
    if first != second:
        assert await phone_codes.spend(alice, NUMBER, first) is False
    assert await phone_codes.spend(alice, NUMBER, second) is True


async def test_another_number_is_unconfirmed_and_the_code_of_the_first_is_nothing_to_it(alices, alice):
    await save(alices)
    code = code_sent()
    await confirm(alices, code)
    await save(alices, "06 12 34 56 79")
    assert await kept(alice) == ("+33612345679", False)
    first = code
    if code_sent() != first:
        assert (await confirm(alices, first)).status_code == 422
    await confirm(alices, code_sent())
    assert await kept(alice) == ("+33612345679", True)


async def test_the_same_number_typed_again_stays_confirmed(alices, alice):
    await save(alices)
    await confirm(alices, code_sent())
    await save(alices, "+33 6 12345678")
    assert await kept(alice) == (NUMBER, True)
    assert len(sent()) == 1
    assert await events() == ["phone_changed", "phone_confirmed"]


async def test_a_number_is_removed_once(alices, alice):
    await save(alices)
    code = code_sent()
    for _ in range(2):
        assert (await alices.post("/account/phone/removal")).status_code == 303
    assert await kept(alice) == ("", False)
    assert await events() == ["phone_changed", "phone_removed"]
    await confirm(alices, code)
    assert await kept(alice) == ("", False)


async def test_a_landline_is_kept_and_no_text_is_sent_to_it(alices, alice):
    answer = await save(alices, "01 23 45 67 89")
    assert answer.headers["location"] == "/account/phone"
    assert (await kept(alice), sent()) == (("+33123456789", False), [])
    page = (await alices.get("/account/phone")).text
    assert "This is a landline" in page
    assert "/account/phone/code" not in page
    await alices.post("/account/phone/code")
    assert sent() == []


async def test_without_a_provider_the_number_is_kept_and_no_confirmation_offered(alices, alice, no_provider):
    answer = await save(alices)
    assert answer.headers["location"] == "/account/phone"
    page = (await alices.get("/account/phone")).text
    assert "cannot be confirmed yet" in page
    assert "/account/phone/code" not in page
    assert (await alices.get("/account/phone/confirmation")).status_code == 303
    assert (await alices.post("/account/phone/code")).status_code == 303
    assert (await kept(alice), sent()) == ((NUMBER, False), [])
    with pytest.raises(Refused):
        await texts.send(NUMBER, "hello")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/account/phone"),
        ("POST", "/account/phone"),
        ("POST", "/account/phone/removal"),
        ("POST", "/account/phone/code"),
    ],
)
async def test_changing_it_wants_a_fresh_proof(laptop, alice, method, path):
    await db.execute("UPDATE customers SET phone = {} WHERE id = {}", NUMBER, alice)
    laptop.cookies.update(await builders.session(proved=False))
    answer = await laptop.request(method, path, data={"phone": "06 12 34 56 79", "country": "FR"})
    assert answer.status_code in (303, 403)
    assert answer.headers.get("location", "/account/proof").startswith("/account/proof")
    assert (await kept(alice), sent()) == ((NUMBER, False), [])


async def test_nobodys_telephone_is_flooded(laptops, alice):
    """By one account five texts an hour; to one number five, from however many accounts and networks."""
    with time_machine.travel(START, tick=False) as clock:
        await db.execute("UPDATE customers SET phone = {} WHERE id = {}", NUMBER, alice)
        for n in range(8):
            laptop = laptops(f"192.0.2.{n}")
            laptop.cookies.update(await builders.session())
            assert (await laptop.post("/account/phone/code")).status_code == 303
        assert len(sent()) == 5
        for n in range(4):
            await builders.customer(f"p{n}@example.com", phone=NUMBER)
            laptop = laptops(f"198.51.100.{n}")
            laptop.cookies.update(await builders.session(f"p{n}@example.com"))
            answer = await laptop.post("/account/phone/code")
            assert answer.headers["location"] == "/account/phone"
            assert "too many tries" in (await laptop.get("/account/phone")).text
        assert len(sent()) == 5
        clock.shift(timedelta(minutes=61))
        laptop.cookies.update(await builders.session("p3@example.com"))
        await laptop.post("/account/phone/code")
        assert len(sent()) == 6


async def test_one_network_does_not_flood_many_telephones(laptops):
    laptop = laptops()
    for n in range(25):
        await builders.customer(f"p{n}@example.com", phone=f"+336123456{n:02d}")
        laptop.cookies.update(await builders.session(f"p{n}@example.com"))
        await laptop.post("/account/phone/code")
    assert len(sent()) == 20


async def test_guesses_over_many_codes_are_counted_too(laptop, alice):
    """Five codes of five guesses would be twenty-five an hour: after twenty it is over."""
    with time_machine.travel(START, tick=False):
        await db.execute("UPDATE customers SET phone = {} WHERE id = {}", NUMBER, alice)
        laptop.cookies.update(await builders.session())
        seen = []
        for _ in range(5):
            await laptop.post("/account/phone/code")
            seen += [(await confirm(laptop, wrong(code_sent()))).status_code for _ in range(5)]
    assert seen == [422] * 20 + [429] * 5


async def test_bob_sees_and_changes_nothing_of_alices_number(alices, laptops, alice):
    await save(alices)
    bob = await builders.customer(BOB, "Bob")
    bobs = laptops()
    bobs.cookies.update(await builders.session(BOB))
    assert "6 12 34 56 78" not in (await bobs.get("/account/phone")).text.replace("06 12 34 56 78", "")
    await confirm(bobs, code_sent())
    await bobs.post("/account/phone/removal")
    assert (await kept(alice), await kept(bob)) == ((NUMBER, False), ("", False))


async def test_with_a_gateway_the_code_really_goes_out(alices, alice, sms_gateway):  # noqa: F811
    assert (await save(alices)).headers["location"] == "/account/phone/confirmation"
    ((number, text),) = sms_gateway.got
    assert (number, sent()) == (NUMBER, [])
    code = re.match(r"\d{6}", text)
    assert code
    assert text.endswith(f"\n\n@localhost #{code[0]}")
    await confirm(alices, code[0])
    assert await kept(alice) == (NUMBER, True)


async def test_a_gateway_that_says_no_is_told_and_the_number_kept(alices, alice, sms_gateway):  # noqa: F811
    sms_gateway.status = 500
    assert (await save(alices)).headers["location"] == "/account/phone"
    assert "could not be sent" in (await alices.get("/account/phone")).text
    assert await kept(alice) == (NUMBER, False)
