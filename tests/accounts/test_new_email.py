"""Another e-mail address: shown to be theirs, told to the old one, found out by nobody, done once."""

import asyncio
import re
from datetime import UTC, datetime, timedelta

import httpx
import pytest
import time_machine

from app import db
from app.accounts import actions, contacts, customers, email_changes
from app.errors import Missing
from tests import builders
from tests.accounts.email_steps import NEW, ask, change, email_of, link_to, to
from tests.accounts.steps import ask_for_code, enter_code, is_in, mailed_code, mails, sign_in, text_of
from tests.builders import ALICE, BOB

START = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
async def alice() -> int:
    return await builders.customer(order_years="2026")


@pytest.fixture
async def alices(laptop: httpx.AsyncClient, alice: int) -> httpx.AsyncClient:
    laptop.cookies.update(await builders.session())
    return laptop


async def events() -> list[str]:
    return [row["kind"] for row in await db.rows("SELECT kind FROM events WHERE kind LIKE 'email%' ORDER BY id")]


async def test_the_link_in_the_new_mailbox_changes_the_address_on_any_device(alices, laptops, alice):
    assert (await ask(alices, f"  {NEW.upper()} ")).headers["location"] == "/account/email"
    assert await email_of(alice) == ALICE
    waiting = (await alices.get("/account")).text
    assert NEW in waiting
    assert "/account/email/cancellation" in waiting
    elsewhere = laptops("198.51.100.7")
    for _ in range(3):  # programs that look into mails follow links
        page = await elsewhere.get(link_to())
        assert (page.status_code, "a•••@example.com" in page.text, ALICE in page.text) == (200, True, False)
    assert await email_of(alice) == ALICE
    before = await db.one("SELECT revision FROM customers WHERE id = {}", alice)
    done = await elsewhere.post(link_to())
    assert (done.status_code, "That is your address now" in done.text) == (200, True)
    assert await email_of(alice) == NEW
    after = await db.one("SELECT revision FROM customers WHERE id = {}", alice)
    assert before is not None
    assert after is not None
    assert after["revision"] > before["revision"]
    assert not await is_in(elsewhere), "the link lets nobody in"
    assert await is_in(alices)
    assert await events() == ["email_change_asked", "email_changed"]
    assert "waits to be confirmed" not in (await alices.get("/account")).text
    await sign_in(elsewhere, NEW)


async def test_both_mailboxes_are_told_and_the_new_one_nothing_of_the_account(alices, alice):
    await db.execute("UPDATE customers SET phrase = {} WHERE id = {}", "la théière bleue", alice)
    await change(alices)
    asked, changed = to(ALICE)
    assert "asked to change its e-mail address" in text_of(asked)
    assert "was changed to the one below" in text_of(changed)
    for mail in (asked, changed):
        assert NEW in text_of(mail)
        assert "la théière bleue" in text_of(mail)
        assert "/not-me/" in text_of(mail)
    (new,) = to(NEW)
    for secret in (ALICE, "Alice", "théière", "/not-me/"):
        assert secret not in text_of(new)


async def test_what_was_sent_to_the_old_address_is_void(alices, laptops, alice):
    other = laptops("198.51.100.7")
    await ask_for_code(other)
    code = mailed_code()
    link = (await actions.make_link(ALICE)).removeprefix("http://localhost:8000")
    await change(alices)
    assert (await enter_code(other, code)).status_code == 422
    assert (await other.post(link)).status_code == 410
    await ask_for_code(other)
    assert "There is no account" in text_of(to(ALICE)[-1])


async def test_who_is_half_in_by_the_old_mailbox_does_not_get_on(alices, laptops, alice):
    await db.execute("UPDATE customers SET second_factor = {} WHERE id = {}", True, alice)
    other = laptops("198.51.100.7")
    await sign_in(other)
    assert len(await db.rows("SELECT id FROM sign_ins")) == 1
    await db.execute("UPDATE sessions SET factor_at = proved_at")
    await change(alices)
    assert await db.rows("SELECT id FROM sign_ins") == []


async def test_an_address_that_has_an_account_looks_the_same_to_who_asks(laptops, statements):
    await builders.customer(BOB, "Bob", locale="fr", phrase="le chat de Bob")
    seen, spoken = [], []
    with time_machine.travel(START, tick=False):
        for who, email in (("carol@example.com", BOB), ("dora@example.com", "new@example.com")):
            await builders.customer(who, "Carol")
            laptop = laptops()
            laptop.cookies.update(await builders.session(who))
            statements.clear()
            asked = await ask(laptop, email)
            spoken.append([sql for sql in statements if "FROM letters" not in sql and "UPDATE letters" not in sql])
            pages = [asked, await laptop.get("/account/email"), await laptop.get("/account")]
            own = re.compile(f'{email}|{who}|viewer" content="\\w+')
            seen.append([(page.status_code, own.sub("…", page.text)) for page in pages])
    assert seen[0] == seen[1]
    assert spoken[0] == spoken[1]
    assert len(spoken[0]) > 8
    (mail,) = to(BOB)
    assert "déjà un compte" in str(mail["Subject"])
    assert "le chat de Bob" in text_of(mail)
    assert "/new-email/" not in text_of(mail)
    assert "carol" not in text_of(mail).lower()


async def test_a_link_for_an_address_that_is_taken_exists_nowhere(alices, alice):
    """Should that account vanish later, the change still cannot be confirmed: nobody has its token."""
    await builders.customer(BOB, "Bob")
    await ask(alices, BOB)
    assert not any("/new-email/" in text_of(mail) for mail in mails())


@pytest.mark.parametrize(
    "email",
    ["", "nobody", "a@b c", "alice@", "@example.com", "x" * 400 + "@example.com", "a@example.com\r\nBcc: b@example.com",
     "a@example.com,b@example.com", "a\x00@example.com", "Alice <a@example.com>", ALICE.upper(), "aliçe@example.com"],
)  # fmt: skip
async def test_what_cannot_be_taken_is_said_at_the_field_with_what_was_typed(alices, alice, email):
    answer = await ask(alices, email)
    assert answer.status_code == 422
    assert "email-error" in answer.text
    assert (await db.rows("SELECT id FROM email_changes"), mails()) == ([], [])


async def test_only_after_a_fresh_proof(laptop, alice):
    laptop.cookies.update(await builders.session(proved=False))
    assert (await laptop.get("/account/email")).headers["location"] == "/account/proof?next=/account/email"
    assert (await ask(laptop)).status_code == 403
    assert await db.rows("SELECT id FROM email_changes") == []


async def test_the_link_leads_to_us_whatever_the_request_calls_us(alices):
    await ask(alices, Host="evil.example")
    assert "evil.example" not in text_of(to(NEW)[0])
    assert "http://localhost:8000/new-email/" in text_of(to(NEW)[0])


async def test_confirmed_twice_it_is_done_once(alices, laptops, alice):
    await ask(alices)
    answers = await asyncio.gather(*(laptops().post(link_to()) for _ in range(4)))
    assert {answer.status_code < 300 for answer in answers} == {True}
    assert all("That is your address now" in answer.text for answer in answers)
    assert (await events()).count("email_changed") == 1
    assert len(to(ALICE)) == 2


async def test_a_link_is_good_for_a_day(alices, laptops, alice):
    with time_machine.travel(START, tick=False) as clock:
        alices.cookies.update(await builders.session())
        await ask(alices)
        clock.shift(timedelta(hours=24) - timedelta(seconds=1))
        assert (await laptops().get(link_to())).status_code == 200
        clock.shift(timedelta(seconds=1))
        for answer in (await laptops().get(link_to()), await laptops().post(link_to())):
            assert (answer.status_code, "This link is over" in answer.text) == (410, True)
        assert "waits to be confirmed" not in (await alices.get("/account")).text
    assert await email_of(alice) == ALICE


@pytest.mark.parametrize("token", ["x", "%2e%2e%2fx", "%00", "a" * 3000, "é"])
async def test_a_made_up_link_is_over(laptop, token):
    for answer in (await laptop.get(f"/new-email/{token}"), await laptop.post(f"/new-email/{token}")):
        assert answer.status_code in (404, 410)


async def test_a_waiting_change_is_no_older_page_in_the_browser(alices):
    """It ends by itself, without a new revision: its page must not be kept."""
    first = await alices.get("/account")
    await ask(alices)
    waiting = await alices.get("/account", headers={"if-none-match": first.headers["etag"]})
    assert waiting.status_code == 200
    assert waiting.headers["cache-control"] == "no-store"


async def test_a_cancelled_change_cannot_be_confirmed(alices, laptops, alice):
    await ask(alices)
    alices.cookies.update(await builders.session(proved=False))
    assert (await alices.post("/account/email/cancellation")).status_code == 303, "it takes nothing: no proof"
    assert (await laptops().post(link_to())).status_code == 410
    assert await email_of(alice) == ALICE
    await alices.post("/account/email/cancellation")
    assert await events() == ["email_change_asked", "email_change_cancelled"]


async def test_bob_cannot_cancel_alices(alices, laptops):
    await ask(alices)
    await builders.customer(BOB, "Bob")
    bobs = laptops()
    bobs.cookies.update(await builders.session(BOB))
    await bobs.post("/account/email/cancellation")
    assert (await laptops().post(link_to())).status_code < 300


async def test_a_second_wish_takes_the_place_of_the_first(alices, laptops, alice):
    await ask(alices, "first@example.net")
    await ask(alices)
    assert (await laptops().post(link_to("first@example.net"))).status_code == 410
    assert (await laptops().post(link_to())).status_code < 300
    assert await email_of(alice) == NEW


async def test_an_account_that_appeared_meanwhile_keeps_the_address(alices, laptops, alice):
    await ask(alices)
    other = await builders.customer(NEW, "Somebody")
    answer = await laptops().post(link_to())
    assert answer.status_code == 409
    assert "Another account has got this address meanwhile" in answer.text
    assert (await email_of(alice), await email_of(other)) == (ALICE, NEW)
    assert await events() == ["email_change_asked"]
    assert len(to(ALICE)) == 1


async def test_of_two_who_want_one_address_one_gets_it(alices, laptops, alice):
    bob = await builders.customer(BOB, "Bob")
    bobs = laptops("198.51.100.7")
    bobs.cookies.update(await builders.session(BOB))
    await ask(alices)
    first = link_to()
    await ask(bobs)
    answers = await asyncio.gather(laptops().post(first), laptops().post(link_to()))
    assert sorted(answer.status_code for answer in answers)[1] == 409
    assert sorted([await email_of(alice), await email_of(bob)]).count(NEW) == 1


async def test_an_order_and_a_confirmation_at_once_make_one_account_of_an_address(alices, laptops, alice):
    await ask(alices)
    person = builders.Person(email=NEW, name="Alice Martin")
    answer, _order = await asyncio.gather(laptops().post(link_to()), builders.order(customer=person))
    assert answer.status_code in (200, 201, 409)
    assert len(await db.rows("SELECT id FROM customers WHERE email = {}", NEW)) == 1


async def test_who_changed_the_address_meanwhile_does_not_change_it_by_an_older_link(alices, laptops, alice):
    await ask(alices)
    await db.execute("UPDATE customers SET email = {} WHERE id = {}", "else@example.net", alice)
    assert (await laptops().post(link_to())).status_code == 410
    assert await email_of(alice) == "else@example.net"


async def test_asking_is_limited_by_account_by_target_and_by_network(laptops):
    with time_machine.travel(START, tick=False):
        await builders.customer()
        seen = []
        for n in range(7):
            laptop = laptops(f"192.0.2.{n}")
            laptop.cookies.update(await builders.session())
            seen.append((await ask(laptop, f"a{n}@example.net")).status_code)
        assert seen == [303] * 5 + [429] * 2
        seen = []
        for n in range(5):
            await builders.customer(f"p{n}@example.com")
            laptop = laptops(f"198.51.100.{n}")
            laptop.cookies.update(await builders.session(f"p{n}@example.com"))
            answer = await ask(laptop, "victim@example.net")
            seen.append(answer.status_code)
        assert seen == [303] * 3 + [429] * 2
        assert len(to("victim@example.net")) == 3
        assert int(answer.headers["retry-after"]) > 0
        assert "victim@example.net" in answer.text
        laptop, seen = laptops("203.0.113.1"), []
        for n in range(22):
            await builders.customer(f"q{n}@example.com")
            laptop.cookies.update(await builders.session(f"q{n}@example.com"))
            seen.append((await ask(laptop, f"r{n}@example.net")).status_code)
        assert seen == [303] * 20 + [429] * 2


async def test_the_table_does_not_hold_the_token(alices):
    await ask(alices)
    (row,) = await db.rows("SELECT token_hash FROM email_changes")
    assert row["token_hash"] not in link_to()
    assert link_to().rpartition("/")[2] not in row["token_hash"]


async def test_orders_for_the_old_address_still_come_to_the_person_for_a_year(alices, alice):
    with time_machine.travel(START, tick=False) as clock:
        alices.cookies.update(await builders.session())
        await change(alices)
        await change(alices, "third@example.net")
        for external_id, email in (("2001", ALICE), ("2002", NEW), ("2003", "third@example.net")):
            made = await builders.order(external_id, customer=builders.Person(email=email, name="Alice"))
            assert made["customer"] == alice
        assert len(await db.rows("SELECT id FROM customers")) == 1
        clock.shift(timedelta(days=364))
        made = await builders.order("2004", customer=builders.Person(email=ALICE, name="Alice"))
        assert made["customer"] == alice
        clock.shift(timedelta(days=2))
        made = await builders.order("2005", customer=builders.Person(email=ALICE, name="Somebody"))
        assert made["customer"] != alice


async def test_who_has_the_old_address_now_gets_its_orders(alices, laptops, alice):
    await change(alices)
    bob = await builders.customer(BOB, "Bob")
    bobs = laptops()
    bobs.cookies.update(await builders.session(BOB))
    await change(bobs, ALICE)
    assert await email_of(bob) == ALICE
    made = await builders.order(customer=builders.Person(email=ALICE, name="Bob"))
    assert made["customer"] == bob


async def test_a_wish_that_was_never_confirmed_moves_no_order(alices, laptops, alice):
    bob = await builders.customer(BOB, "Bob")
    bobs = laptops()
    bobs.cookies.update(await builders.session(BOB))
    await ask(bobs, NEW)
    made = await builders.order(customer=builders.Person(email=NEW, name="Somebody"))
    assert made["customer"] not in (alice, bob)


async def test_moving_to_an_own_address_is_no_change_and_to_a_taken_one_none(alice):
    bob = await builders.customer(BOB, "Bob")
    async with db.transaction():
        assert await customers.move(alice, ALICE) is True
        assert await customers.move(alice, BOB) is False
        assert await customers.move(999_999, "x@example.com") is False
    assert (await email_of(alice), await email_of(bob)) == (ALICE, BOB)
    assert len(await db.rows("SELECT id FROM customers")) == 2


async def test_a_token_of_nobody_is_missing(alice):
    with pytest.raises(Missing):
        await contacts.confirm_email("x")
    assert await email_changes.find("x") is None
