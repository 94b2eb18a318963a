"""Who works at a desk: added, removed and given another role by its owners, who all hear of it."""

import asyncio

import httpx
import pytest

from app import db
from app.accounts import contacts, customers, email_changes
from app.errors import Missing, Refused
from app.mail import letters
from app.merchants import members
from tests import builders
from tests.accounts.steps import mails, text_of
from tests.builders import ALICE, BOB, MO, NIA
from tests.merchants.at_desk import DESK, ELSEWHERE, OWNER, STAFF, come_in, events, viewer

PEOPLE = f"{DESK}/people"
SECOND = "second@example.com"


@pytest.fixture(autouse=True)
async def people() -> None:
    await builders.member(OWNER, MO, "owner")
    await builders.member(STAFF, MO)


async def member(email: str, slug: str = MO) -> int:
    return await members.found(await builders.merchant(slug), email)


async def roles() -> dict[str, str]:
    return {row["email"]: row["role"] for row in await members.of(await builders.merchant())}


async def test_somebody_without_an_account_is_added_and_told(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop)
    answer = await laptop.post(f"{PEOPLE}/new", data={"email": " Kim@Example.com ", "role": "agent"})
    assert (answer.status_code, answer.headers["location"]) == (303, PEOPLE)
    assert await roles() == {OWNER: "owner", STAFF: "agent", "kim@example.com": "agent"}
    sent = {mail["To"]: mail for mail in mails()}
    assert sent["kim@example.com"]["Subject"] == "You now work at the desk of Atelier Mo"
    welcome = text_of(sent["kim@example.com"])
    assert "mo@example.com has added you." in welcome
    assert "http://localhost:8000/desk/atelier-mo\n" in welcome
    assert "Somebody new works at the desk of Atelier Mo." in text_of(sent[OWNER])
    assert "kim@example.com" in text_of(sent[OWNER])
    (row,) = await db.rows("SELECT id FROM customers WHERE email = 'kim@example.com'")
    (owner,) = await db.rows("SELECT id FROM customers WHERE email = {}", OWNER)
    (event,) = await events("member_added")
    assert (event["customer"], event["merchant"]) == (row["id"], await builders.merchant())
    assert (event["by"], event["role"]) == (owner["id"], "agent")


async def test_an_address_does_not_tell_whose_it_is_before_they_have_been_there(laptop: httpx.AsyncClient, laptops) -> None:
    """Else a desk would be a way to ask for the names of customers."""
    await builders.customer(BOB, "Bob Turner")
    await come_in(laptop)
    await laptop.post(f"{PEOPLE}/new", data={"email": BOB, "role": "agent"})
    page = (await laptop.get(PEOPLE)).text
    assert (BOB in page, "Bob Turner" in page, "has not been here yet" in page) == (True, False, True)
    assert "Bob Turner" not in (await laptop.get(DESK)).text
    bobs = laptops()
    await come_in(bobs, BOB)
    assert (await bobs.get(DESK)).status_code == 200
    assert "Bob Turner" in (await laptop.get(PEOPLE)).text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"email": "nobody", "role": "agent"}, "email-error"),
        ({"email": "a@example.com\r\nBcc: b@example.com", "role": "agent"}, "email-error"),
        ({"email": STAFF, "role": "owner"}, "email-error"),
        ({"email": "kim@example.com", "role": "boss"}, "role-error"),
        ({"email": "kim@example.com"}, "role-error"),
        ({}, "email-error"),
    ],
)
async def test_what_cannot_be_taken_is_said_at_the_field_and_nothing_is_lost(
    laptop: httpx.AsyncClient, typed: dict[str, str], said: str
) -> None:
    await come_in(laptop)
    answer = await laptop.post(f"{PEOPLE}/new", data=typed)
    assert (answer.status_code, f'id="{said}"' in answer.text) == (422, True)
    if "\n" not in typed.get("email", "\n"):
        assert f'value="{typed["email"]}"' in answer.text
    assert await roles() == {OWNER: "owner", STAFF: "agent"}
    assert await db.rows("SELECT id FROM letters WHERE kind LIKE 'desk%'") == []


async def test_staff_see_who_works_there_and_change_nothing(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop, STAFF)
    page = (await laptop.get(PEOPLE)).text
    assert (OWNER in page, "/removal" in page, "/people/new" in page) == (True, False, False)
    number = await member(OWNER)
    for method, path in (("GET", "new"), ("POST", "new"), ("POST", f"{number}/role"), ("POST", f"{number}/removal")):
        answer = await laptop.request(method, f"{PEOPLE}/{path}", data={"email": ALICE, "role": "owner"})
        assert answer.status_code == 403, path
        assert "Only owners can do that" in answer.text
        assert 'href="/desk"' in answer.text
    assert await roles() == {OWNER: "owner", STAFF: "agent"}


async def test_another_role_and_none_any_more(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop)
    number = await member(STAFF)
    assert (await laptop.post(f"{PEOPLE}/{number}/role", data={"role": "owner"})).headers["location"] == PEOPLE
    assert (await roles())[STAFF] == "owner"
    assert (await laptop.post(f"{PEOPLE}/{number}/role", data={"role": "owner"})).status_code == 303, "a double click"
    assert (await laptop.post(f"{PEOPLE}/{number}/role", data={"role": "boss"})).status_code == 422
    assert (await laptop.post(f"{PEOPLE}/{number}/removal")).headers["location"] == PEOPLE
    assert (await laptop.post(f"{PEOPLE}/{number}/removal")).status_code == 404
    assert await roles() == {OWNER: "owner"}
    changed, removed = await events("member_role_changed", "member_removed")
    assert (changed["role"], changed["before"], removed["role"]) == ("owner", "agent", "owner")
    assert [mail["To"] for mail in mails() if "was removed" in text_of(mail)] == [OWNER, STAFF], "who is removed hears of it"


@pytest.mark.parametrize(("path", "data"), [("removal", {}), ("role", {"role": "agent"})])
async def test_the_last_owner_stays_one(laptop: httpx.AsyncClient, path: str, data: dict[str, str]) -> None:
    await come_in(laptop)
    number = await member(OWNER)
    assert f"/{number}/removal" not in (await laptop.get(PEOPLE)).text
    answer = await laptop.post(f"{PEOPLE}/{number}/{path}", data=data)
    assert (answer.status_code, "This is the last owner" in answer.text) == (409, True)
    assert (await roles())[OWNER] == "owner"
    assert await events("member_removed", "member_role_changed") == []


async def test_an_owner_who_leaves_is_sent_home(laptop: httpx.AsyncClient) -> None:
    await builders.member(SECOND, MO, "owner")
    await come_in(laptop)
    answer = await laptop.post(f"{PEOPLE}/{await member(OWNER)}/removal")
    assert answer.headers["location"] == "/account"
    assert (await laptop.get(PEOPLE)).status_code == 404


async def test_of_two_owners_who_remove_each_other_at_once_one_stays(laptops) -> None:
    await builders.member(SECOND, MO, "owner")
    mine, other = laptops(), laptops()
    await come_in(mine, OWNER)
    await come_in(other, SECOND)
    mos, seconds = await member(OWNER), await member(SECOND)
    answers = await asyncio.gather(mine.post(f"{PEOPLE}/{seconds}/removal"), other.post(f"{PEOPLE}/{mos}/removal"))
    assert sorted(answer.status_code for answer in answers) == [303, 404]
    assert sum(role == "owner" for role in (await roles()).values()) == 1


async def test_what_the_guard_let_in_may_be_over_when_it_is_done() -> None:
    """The verb asks once more, when it is its turn."""
    merchant = await builders.merchant()
    staff = viewer(await builders.customer(STAFF), STAFF)
    gone = viewer(await builders.customer(BOB), BOB)
    for by, error in ((staff, Refused), (gone, Missing)):
        with pytest.raises(error):
            await members.add(merchant, ALICE, "owner", by=by)
        with pytest.raises(error):
            await members.remove(merchant, await member(OWNER), by=by)
        with pytest.raises(error):
            await members.change_role(merchant, await member(STAFF), "owner", by=by)
    assert await roles() == {OWNER: "owner", STAFF: "agent"}


async def test_another_merchants_people_are_nobodys_here(laptop: httpx.AsyncClient) -> None:
    await builders.member(ELSEWHERE, NIA, "owner")
    await builders.member(SECOND, NIA, "owner")
    number = await member(SECOND, NIA)
    await come_in(laptop)
    for path in ("removal", "role"):
        strange = await laptop.post(f"{PEOPLE}/{number}/{path}", data={"role": "agent"})
        nothing = await laptop.post(f"{PEOPLE}/999999/{path}", data={"role": "agent"})
        assert (strange.status_code, strange.content) == (nothing.status_code, nothing.content)
        assert strange.status_code == 404
    assert await member(SECOND, NIA) == number


async def test_a_desk_is_no_way_to_fill_a_strangers_mailbox(laptop: httpx.AsyncClient) -> None:
    await come_in(laptop)
    for _ in range(5):
        assert (await laptop.post(f"{PEOPLE}/new", data={"email": BOB, "role": "agent"})).status_code == 303
        assert (await laptop.post(f"{PEOPLE}/{await member(BOB)}/removal")).status_code == 303
    answer = await laptop.post(f"{PEOPLE}/new", data={"email": BOB, "role": "agent"})
    assert (answer.status_code, f'value="{BOB}"' in answer.text) == (429, True)
    assert int(answer.headers["retry-after"]) > 0
    await letters.post()
    assert len([mail for mail in mails() if mail["To"] == BOB]) == 5


async def test_the_mail_is_in_the_language_of_who_gets_it(laptop: httpx.AsyncClient) -> None:
    await builders.customer(BOB, "Bob", locale="fr")
    await come_in(laptop)
    await laptop.post(f"{PEOPLE}/new", data={"email": BOB, "role": "agent"})
    (mail,) = [mail for mail in mails() if mail["To"] == BOB]
    assert mail["Subject"] == "Vous travaillez désormais chez Atelier Mo"


async def test_an_address_that_was_left_is_as_good_as_unknown(laptop: httpx.AsyncClient) -> None:
    """Else a desk would be a way to ask who has changed theirs."""
    bob = await builders.customer(BOB, "Bob Turner")
    await contacts.confirm_email(await email_changes.begin(bob, BOB, "bob@elsewhere.example"))
    await come_in(laptop)
    left, unknown = [
        await laptop.post(f"{PEOPLE}/new", data={"email": email, "role": "agent"}) for email in (BOB, "kim@example.com")
    ]
    assert (left.status_code, left.headers["location"]) == (unknown.status_code, unknown.headers["location"]) == (303, PEOPLE)
    assert await roles() == {OWNER: "owner", STAFF: "agent", BOB: "agent", "kim@example.com": "agent"}
    (row,) = await db.rows("SELECT id, name FROM customers WHERE email = {}", BOB)
    assert (row["id"] != bob, row["name"]) == (True, "")
    assert not await db.rows("SELECT id FROM members WHERE customer = {}", bob)


async def test_an_address_that_is_somebodys_stays_theirs() -> None:
    bob = await builders.customer(BOB, "Bob Turner")
    async with db.transaction():
        row = await customers.with_address(BOB)
    assert (row["id"], row["email"]) == (bob, BOB)
    (kept,) = await db.rows("SELECT id, name FROM customers WHERE email = {}", BOB)
    assert (kept["id"], kept["name"]) == (bob, "Bob Turner")


@pytest.mark.parametrize("method", ["get", "post"])
async def test_managers_are_no_owners(laptop: httpx.AsyncClient, method: str) -> None:
    await builders.member("mia@example.com", role="manager")
    await come_in(laptop, "mia@example.com")
    assert "You are a manager here" in (await laptop.get(DESK)).text
    answer = await laptop.request(method, f"{PEOPLE}/new", data={"email": BOB, "role": "agent"})
    assert (answer.status_code, "Only owners can do that" in answer.text) == (403, True)
    assert BOB not in await roles()


async def test_owners_are_listed_before_managers_and_those_before_agents(laptop: httpx.AsyncClient) -> None:
    await builders.member("aaron@example.com", role="manager")
    await come_in(laptop)
    await laptop.post(f"{PEOPLE}/new", data={"email": BOB, "role": "manager"})
    found = await members.of(await builders.merchant())
    assert [(row["email"], row["role"]) for row in found] == [
        (OWNER, "owner"), ("aaron@example.com", "manager"), (BOB, "manager"), (STAFF, "agent"),
    ]  # fmt: skip
    assert (await laptop.get(PEOPLE)).text.count('<option value="manager" selected>Manager</option>') == 2
