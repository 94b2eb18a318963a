"""Store credit and gift cards on the pages of who spends them, and at the desk of who gives them."""

import asyncio
import re

import pytest
from httpx import AsyncClient

from app import db
from app.payments import balances, claiming
from tests import builders
from tests.payments.steps import paid, within

HERE = "/account/credit"
DESK = f"/desk/{builders.MO}/credit"
GIVEN = {
    "email": " Alice@Example.com ",
    "amount": "12,50",
    "currency": "eur",
    "reason": "Late <b>parcel</b>",
    "key": "g" * 43,
    "step": "give",
}
CARD = {"amount": "25", "currency": "EUR", "key": "k" * 43}


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _amounts() -> list[int]:
    return [row["amount"] for row in await db.rows("SELECT amount FROM balances ORDER BY id")]


async def test_a_card_is_claimed_by_its_code_once_and_has_its_history(alice: AsyncClient) -> None:
    merchant = await builders.merchant()
    _number, code = await balances.add_card(merchant, "EUR", 2500, by="member:1")
    assert "Nothing to spend yet" in (await alice.get(HERE)).text
    for typed in (code.lower(), f" {code.replace('-', ' ')} "):
        answer = await alice.post(HERE, data={"code": typed})
        assert (answer.status_code, answer.headers["location"]) == (303, HERE)
    text = (await alice.get(HERE)).text
    assert "€25.00" in text
    assert "Card issued" in text
    assert "To be spent at Atelier Mo only" in text
    assert code not in text
    assert await _amounts() == [2500]


async def test_somebody_elses_card_and_none_at_all_are_answered_alike_and_counted(alice: AsyncClient) -> None:
    merchant, bob = await builders.merchant(), await builders.customer(builders.BOB, "Bob")
    _number, code = await balances.add_card(merchant, "EUR", 2500, by="member:1", customer=bob)
    strange = await alice.post(HERE, data={"code": code})
    nothing = await alice.post(HERE, data={"code": "2" * 16})
    for answer in (strange, nothing):
        assert answer.status_code == 422
        assert "There is no such card" in answer.text
        assert code not in answer.text
    short = await alice.post(HERE, data={"code": "x" * 5})
    assert (short.status_code, "16 letters and digits" in short.text) == (422, True)
    answers = [(await alice.post(HERE, data={"code": "3" * 16})).status_code for _ in range(claiming.BY_CUSTOMER.free - 1)]
    assert answers == [422, 422, 429]
    _number, free = await balances.add_card(merchant, "EUR", 100, by="member:1")
    assert (await alice.post(HERE, data={"code": free})).status_code == 429
    assert "€" not in (await alice.get(HERE)).text


async def test_right_codes_use_up_no_tries(alice: AsyncClient) -> None:
    merchant = await builders.merchant()
    for _many in range(claiming.BY_CUSTOMER.free + 2):
        _number, code = await balances.add_card(merchant, "EUR", 100, by="member:1")
        assert (await alice.post(HERE, data={"code": code})).status_code == 303


async def test_a_manager_gives_credit_once_with_a_reason_that_its_customer_reads(mo: AsyncClient) -> None:
    await paid()
    assert '<option value="EUR"' in (await mo.get(f"{DESK}/new")).text
    asked = await mo.post(f"{DESK}/new", data={**GIVEN, "step": ""})
    assert (asked.status_code, "Give €12.50 to Alice Martin?" in asked.text, await _amounts()) == (200, True, [])
    for _twice in range(2):
        answer = await mo.post(f"{DESK}/new", data=GIVEN)
        assert (answer.status_code, answer.headers["location"]) == (303, DESK)
    assert await _amounts() == [1250]
    text = (await mo.get(DESK)).text
    assert "Alice Martin" in text
    assert "€12.50" in text
    mo.cookies.update(await builders.session())
    text = (await mo.get(HERE)).text
    assert "+€12.50" in text
    assert "Late &lt;b&gt;parcel&lt;/b&gt;" in text
    await within()


@pytest.mark.parametrize(
    ("field", "typed"),
    [
        ("email", builders.BOB), ("email", "nobody@example.com"), ("email", "no"), ("amount", "0"), ("amount", "-1"),
        ("amount", "1e3"), ("amount", "9" * 16), ("currency", "XXZ"), ("currency", ""), ("reason", "  "), ("reason", "x" * 201),
    ],
)  # fmt: skip
async def test_what_is_wrong_with_giving_is_said_at_its_field(mo: AsyncClient, field: str, typed: str) -> None:
    await paid()
    await builders.customer(builders.BOB, "Bob")
    answer = await mo.post(f"{DESK}/new", data={**GIVEN, field: typed})
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert await _amounts() == []


async def test_a_made_cards_code_is_shown_once_and_is_worth_what_it_says(mo: AsyncClient) -> None:
    await paid()
    made = await mo.post(f"{DESK}/card", data=CARD)
    assert made.status_code in (200, 201)
    assert "no-store" in made.headers["cache-control"]
    code = re.findall(r'<code id="key"[^>]*>([^<]+)<', made.text)[0]
    assert code not in (await mo.get(DESK)).text
    assert "In nobody’s account yet" in (await mo.get(DESK)).text
    for wrong in ({"amount": "0"}, {"amount": "x"}, {"currency": "ABC"}):
        assert (await mo.post(f"{DESK}/card", data={**CARD, "key": "o" * 43, **wrong})).status_code == 422
    assert (await mo.post(f"{DESK}/card", data={**CARD, "key": "short"})).status_code == 409
    assert code in (await mo.post(f"{DESK}/card", data=CARD)).text  # loaded again
    assert await _amounts() == [2500]
    alice = await builders.customer()
    await claiming.claim(alice, code, "network")
    assert [row["customer"] for row in await db.rows("SELECT customer FROM balances")] == [alice]


async def test_agents_give_nothing_away(client: AsyncClient) -> None:
    await paid()
    await builders.member("sam@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("sam@example.com", factor=True))
    assert (await client.get(DESK)).status_code == 403
    assert (await client.post(f"{DESK}/new", data=GIVEN)).status_code == 403
    assert (await client.post(f"{DESK}/card", data=CARD)).status_code == 403
    assert "/credit" not in (await client.get(f"/desk/{builders.MO}")).text
    assert await _amounts() == []


async def test_a_desk_sees_nothing_of_another_merchants_balances(mo: AsyncClient) -> None:
    other = await builders.merchant(builders.NIA, "Nia")
    await balances.add_card(other, "EUR", 7700, by="member:9")
    assert "77.00" not in (await mo.get(DESK)).text


async def test_what_nobody_has_spent_is_taken_back_once_with_its_reason(mo: AsyncClient) -> None:
    await paid()
    await mo.post(f"{DESK}/new", data=GIVEN)
    (row,) = await db.rows("SELECT id FROM balances")
    here = f"{DESK}/{row['id']}"
    assert f'href="{here}"' in (await mo.get(DESK)).text
    text = (await mo.get(here)).text
    assert ("Late &lt;b&gt;parcel" in text, 'value="12.50"' in text, "€12.50 are left" in text) == (True, True, True)
    for wrong in ({"amount": "12.51"}, {"amount": "0"}, {"reason": " "}):
        answer = await mo.post(here, data={"amount": "2.50", "reason": "By mistake", "key": "t" * 43, **wrong})
        assert (answer.status_code, f'id="{next(iter(wrong))}-error"' in answer.text) == (422, True)
    for _twice in range(2):
        answer = await mo.post(here, data={"amount": "2.50", "reason": "By mistake", "key": "t" * 43})
        assert (answer.status_code, answer.headers["location"]) == (303, here)
    assert await _amounts() == [1000]
    assert "By mistake" in (await mo.get(here)).text
    mo.cookies.update(await builders.session())
    assert "Taken back" in (await mo.get(HERE)).text
    await within()


async def test_a_card_that_is_in_nobodys_account_is_made_worthless(mo: AsyncClient) -> None:
    await paid()
    await mo.post(f"{DESK}/card", data=CARD)
    (row,) = await db.rows("SELECT id FROM balances")
    done = await mo.post(f"{DESK}/{row['id']}", data={"amount": "25", "reason": "Lost", "key": "t" * 43})
    assert (done.status_code, await _amounts()) == (303, [0])
    assert "Nothing is left on it" in (await mo.get(f"{DESK}/{row['id']}")).text


async def test_another_merchants_balance_is_not_there(mo: AsyncClient) -> None:
    number, _code = await balances.add_card(await builders.merchant(builders.NIA, "Nia"), "EUR", 7700, by="member:9")
    here = f"{DESK}/{number}"
    assert (await mo.get(here)).status_code == 404
    assert (await mo.post(here, data={"amount": "1", "reason": "Mine", "key": "t"})).status_code == 404
    assert await _amounts() == [7700]


@pytest.mark.parametrize("other", [{"amount": "100"}, {"currency": "JPY"}])
async def test_a_form_that_is_filled_in_anew_makes_no_card_that_says_what_it_is_not_worth(
    mo: AsyncClient, other: dict[str, str]
) -> None:
    await paid()
    await mo.post(f"{DESK}/card", data=CARD)
    again = await mo.post(f"{DESK}/card", data={**CARD, **other})
    assert (again.status_code, "This form was sent before, with €25.00" in again.text) == (409, True)
    assert await _amounts() == [2500]
    (key,) = re.findall(r'name="key" value="([^"]+)"', again.text)
    assert (await mo.post(f"{DESK}/card", data={**CARD, **other, "key": key})).status_code == 200  # meant as another one
    assert len(await _amounts()) == 2


async def test_a_form_that_is_filled_in_anew_never_says_that_it_gave_or_took_what_it_did_not(mo: AsyncClient) -> None:
    await paid()
    await mo.post(f"{DESK}/new", data=GIVEN)
    again = await mo.post(f"{DESK}/new", data={**GIVEN, "amount": "50"})
    assert (again.status_code, "This form was sent before, with €12.50" in again.text) == (409, True)
    (row,) = await db.rows("SELECT id FROM balances")
    taking = {"amount": "2.50", "reason": "By mistake", "key": "t" * 43}
    await mo.post(f"{DESK}/{row['id']}", data=taking)
    again = await mo.post(f"{DESK}/{row['id']}", data={**taking, "amount": "5"})
    assert (again.status_code, "This form was sent before, with €2.50" in again.text) == (409, True)
    rest = {"amount": "10", "reason": "By mistake", "key": "r" * 43}
    answers = [await mo.post(f"{DESK}/{row['id']}", data=rest) for _twice in range(2)]
    assert ([answer.status_code for answer in answers], await _amounts()) == ([303, 303], [0])
    assert (await mo.post(f"{DESK}/new", data={**GIVEN, "key": ""})).status_code == 409
    await within()


async def test_a_card_that_is_made_by_several_clicks_at_once_is_one(mo: AsyncClient) -> None:
    await paid()
    answers = await asyncio.gather(*(mo.post(f"{DESK}/card", data=CARD) for _click in range(4)))
    codes = {re.findall(r'<code id="key"[^>]*>([^<]+)<', answer.text)[0] for answer in answers if answer.status_code == 200}
    assert ({answer.status_code for answer in answers}, len(codes), await _amounts()) == ({200}, 1, [2500])


async def test_what_was_typed_wrongly_is_changed_before_it_is_given(mo: AsyncClient) -> None:
    await paid()
    asked = await mo.post(f"{DESK}/new", data={**GIVEN, "step": ""})
    assert 'name="step" value="change"' in asked.text
    again = await mo.post(f"{DESK}/new", data={**GIVEN, "step": "change"})
    assert (again.status_code, 'value="12,50"' in again.text, f'value="{GIVEN["key"]}"' in again.text) == (200, True, True)
    assert "Give €12.50" not in again.text
    assert await _amounts() == []


async def test_a_balance_says_what_is_left_and_whose_it_is(mo: AsyncClient) -> None:
    await paid()
    await mo.post(f"{DESK}/new", data=GIVEN)
    (row,) = await db.rows("SELECT id FROM balances")
    text = (await mo.get(f"{DESK}/{row['id']}")).text
    assert '<h2 id="entries">€12.50</h2>' in text
    assert f"Alice Martin · {builders.ALICE}" in text
    await db.execute("UPDATE customers SET name = '' WHERE email = {}", builders.ALICE)
    assert builders.ALICE in (await mo.get(f"{DESK}/{row['id']}")).text
