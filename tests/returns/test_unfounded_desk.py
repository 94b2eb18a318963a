"""A declaration that has no effect, at the desk, in the mail and on the pages of whoever declared it."""

import re

import pytest
from httpx import AsyncClient

from app import db
from app.mail import letters
from app.returns import guests, kept, lists, matching, unfounded
from app.returns.unfounded_reasons import Why
from tests import builders
from tests.accounts.steps import text_of
from tests.builders import ALICE, BOB
from tests.returns import bought, withdrawn

RETURNS = f"/desk/{builders.MO}/returns"
ANSWER = "You wrote on Monday to leave it <be>."


async def _at_desk(client: AsyncClient, role: str) -> None:
    client.cookies.clear()
    await builders.member(f"{role}@example.com", builders.MO, role)
    client.cookies.update(await builders.session(f"{role}@example.com", factor=True))


async def _as(client: AsyncClient, email: str) -> None:
    client.cookies.clear()
    client.cookies.update(await builders.session(email))


async def _last(email: str) -> str:
    await letters.post()
    return text_of(withdrawn.sent_to(email)[-1])


def _link(text: str) -> str:
    found = re.search(r"https?://[^/\s]+(/(?:withdrawal|returns)/\S+)", text)
    assert found
    return found[1]


@pytest.mark.parametrize(("role", "may"), [("agent", False), ("manager", True), ("owner", True)])
async def test_managers_close_it_and_agents_read_why_they_cannot(client: AsyncClient, role: str, may: bool) -> None:
    order = await bought.delivered()
    code = await guests.confirm(await withdrawn.guest())
    await _at_desk(client, role)
    here = f"{RETURNS}/{code}"
    text = (await client.get(here)).text
    assert ("Close it as having no effect" in text) == may
    assert ("Managers and owners say that a declaration has no effect" in text) == (not may)
    said = {"clause": "forgotten", "answer": ANSWER}
    assert (await client.post(f"{here}/no-effect", data=said)).status_code == (303 if may else 403)
    assert await bought.state(code) == ("unfounded" if may else "goods_due")
    if not may:
        await unfounded.close(order["merchant"], code, Why("forgotten"), answer=ANSWER, by="member:1")
    closed = (await client.get(here)).text
    assert "You wrote on Monday to leave it &lt;be&gt;." in closed
    assert "Whoever declared it has asked to forget it" in closed
    assert "Money due by" not in closed
    assert ("Put it in force" in closed) == may
    assert (await client.post(f"{here}/no-effect/end")).status_code == (303 if may else 403)


async def test_what_the_facts_contradict_is_refused_at_its_field_with_what_was_typed(client: AsyncClient) -> None:
    await bought.delivered()
    code = await guests.confirm(await withdrawn.guest())
    await _at_desk(client, "manager")
    here = f"{RETURNS}/{code}/no-effect"
    text = (await client.get(f"{RETURNS}/{code}")).text
    assert 'value="double"' in text
    assert 'value="no_right"' not in text
    assert 'value="no_order"' not in text
    for said, field in (
        ({"clause": "no_right", "answer": ANSWER}, "clause"),
        ({"clause": "", "answer": ANSWER}, "clause"),
        ({"clause": "double", "double": "R-00000000", "answer": ANSWER}, "double"),
        ({"clause": "forgotten", "answer": " "}, "answer"),
    ):
        refused = await client.post(here, data=said)
        assert (refused.status_code, f'id="{field}-error"' in refused.text) == (422, True), field
        if said.get("double"):
            assert 'value="R-00000000"' in refused.text
    assert await bought.state(code) == "goods_due"


async def test_it_is_out_of_the_queue_and_found_among_all_with_its_word(client: AsyncClient) -> None:
    await builders.merchant()
    code = await guests.confirm(await withdrawn.guest(BOB, "the blue teapot"))
    await _at_desk(client, "manager")
    assert code in (await client.get(RETURNS)).text
    said = {"clause": "no_order", "answer": ANSWER}
    assert (await client.post(f"{RETURNS}/{code}/no-effect", data=said)).status_code == 303
    assert code not in (await client.get(RETURNS)).text
    row = (await client.get(f"{RETURNS}?show=all")).text.partition(f"{RETURNS}/{code}")[2].partition("</li>")[0]
    assert "No effect" in row
    assert (await client.get(f"{RETURNS}/{code}/order")).status_code == 404, "it is taken back before an order is attached"


@pytest.mark.parametrize(
    ("locale", "says", "reason", "raised"),
    [
        ("en", "says that your withdrawal has no effect", "No order of the seller’s fits", "Your objection is being looked at"),
        ("fr", "dit que votre rétractation est sans effet", "Aucune commande chez le vendeur", "Votre contestation est"),
    ],
)
async def test_a_guest_is_mailed_the_reason_and_objects_by_its_link(
    client: AsyncClient, locale: str, says: str, reason: str, raised: str
) -> None:
    merchant = await builders.merchant()
    token = await withdrawn.guest(BOB, "the blue teapot")
    code = await guests.confirm(token)
    await db.execute("UPDATE returns SET locale = {} WHERE code = {}", locale, code)
    await letters.post()
    before = len(withdrawn.sent_to(BOB))
    await unfounded.close(merchant, code, Why("no_order"), answer=ANSWER, by="member:6")
    text = await _last(BOB)
    assert len(withdrawn.sent_to(BOB)) == before + 1
    assert says in str(withdrawn.sent_to(BOB)[-1]["Subject"])
    assert reason in text
    assert ANSWER in text
    client.cookies.clear()
    headers = {"Accept-Language": locale}
    link = _link(text)
    assert link.startswith("/withdrawal/")
    page = await client.get(link, headers=headers)
    assert says in page.text
    assert "&lt;be&gt;" in page.text
    assert page.headers["Referrer-Policy"] == "no-referrer"
    assert says in (await client.get(f"/withdrawal/{token}", headers=headers)).text, "the first link shows it, too"
    refused = await client.post(f"{link}/objection", data={"text": "x" * 2_001}, headers=headers)
    assert (refused.status_code, 'id="text-error"' in refused.text) == (422, True)
    assert (await client.post(f"{link}/objection", data={"text": "It was blue"}, headers=headers)).status_code == 303
    client.cookies.clear()
    page = await client.get(link, headers=headers)
    assert raised in page.text
    it = (await kept.by_code(code)).it
    assert (it.state, it.waiting_on) == ("acknowledged", "seller")
    assert (await client.post(f"{link}/objection", headers=headers)).status_code == 409, "it is raised once"
    assert (await bought.told(code)).count("withdrawal_disputed") == 1
    await unfounded.take_back(merchant, code, by="member:6")
    text = await _last(BOB)
    assert {"en": "does not say any more", "fr": "ne dit plus qu’elle est sans effet"}[locale] in text
    assert _link(text) == link


async def test_no_link_opens_what_it_was_not_signed_for(client: AsyncClient) -> None:
    await bought.delivered()
    token = await withdrawn.guest(items="the cup")
    (row,) = await db.rows("SELECT code FROM returns")
    for wrong in (f"{'A' * 24}.{row['code']}", f".{row['code']}", row["code"]):
        assert (await client.get(f"/withdrawal/{wrong}")).status_code == 410
        assert (await client.post(f"/withdrawal/{wrong}/objection")).status_code == 410
    assert "Yes, this address is mine" in (await client.post(f"/withdrawal/{token}/objection")).text, "nobody has confirmed it"
    assert await bought.state(row["code"]) == "unconfirmed"


async def test_what_nobody_has_confirmed_is_not_at_the_desk_and_no_mail_goes_out(client: AsyncClient) -> None:
    await bought.delivered()
    await withdrawn.guest()
    (row,) = await db.rows("SELECT code FROM returns")
    before = len(withdrawn.sent_to(ALICE))
    await _at_desk(client, "manager")
    said = {"clause": "forgotten", "answer": ANSWER}
    assert (await client.post(f"{RETURNS}/{row['code']}/no-effect", data=said)).status_code == 404
    await letters.post()
    assert len(withdrawn.sent_to(ALICE)) == before


async def test_its_customer_reads_it_everywhere_and_objects_with_one_tap(client: AsyncClient) -> None:
    order = await bought.delivered()
    code = await guests.confirm(await withdrawn.guest())
    await unfounded.close(order["merchant"], code, Why("forgotten"), answer=ANSWER, by="member:6")
    text = await _last(ALICE)
    assert _link(text) == f"/returns/{code}"
    await _as(client, ALICE)
    page = (await client.get(f"/returns/{code}")).text
    assert "says that your withdrawal has no effect" in page
    assert "Whoever declared it has asked to forget it" in page
    assert "It is in force again then" in page
    assert "What comes back" not in page
    assert "Money due by" not in page
    assert "No effect" in (await client.get("/returns")).text
    assert code not in (await client.get("/returns?open=yes")).text
    assert f'href="/orders/{order["address"]}/withdrawal"' in (await client.get(f"/orders/{order['address']}")).text
    history = await lists.of_order(order["customer"], order["id"])
    assert [one.state for one in history] == ["unfounded"]
    assert (await client.post(f"/returns/{code}/objection", data={"text": ""})).status_code == 303
    client.cookies.delete("flash")
    page = (await client.get(f"/returns/{code}")).text
    assert "looks at your objection until" in page
    assert "How to send it back" in page
    await _as(client, BOB)
    assert (await client.post(f"/returns/{code}/objection", data={"text": ""})).status_code == 404


async def test_the_first_link_does_not_say_any_more_that_they_have_withdrawn_but_that_they_declared_it(
    client: AsyncClient,
) -> None:
    order = await bought.delivered()
    code = await guests.confirm(token := await withdrawn.guest())
    assert "has withdrawn from the contract" in (await client.get(f"/withdrawal/{token}")).text
    await unfounded.close(order["merchant"], code, Why("forgotten"), answer=ANSWER, by="member:6")
    page = (await client.get(f"/withdrawal/{token}")).text
    assert "has declared to withdraw from a contract" in page
    assert "has withdrawn from" not in page
    assert "What happens next" not in page
    client.cookies.update(await builders.session(ALICE))
    assert (await client.get(f"/returns/{code}/receipt.pdf")).content.startswith(b"%PDF-"), "what was acknowledged stays so"


async def test_the_mail_to_the_shops_owners_says_that_there_is_a_way_out(client: AsyncClient) -> None:
    await bought.delivered()
    await builders.member("mo@example.com", builders.MO, "owner")
    await guests.confirm(await withdrawn.guest())
    text = await _last("mo@example.com")
    assert "A withdrawal cannot be declined" in text
    assert "is closed at the desk by a manager" in text


async def test_the_desk_hears_of_the_objection_and_lets_it_stand(client: AsyncClient) -> None:
    order = await bought.delivered()
    code = await guests.confirm(await withdrawn.guest())
    await unfounded.close(order["merchant"], code, Why("forgotten"), answer=ANSWER, by="member:6")
    await unfounded.dispute(order["customer"], code, text="I did not", by=f"customer:{order['customer']}")
    await _at_desk(client, "agent")
    row = (await client.get(RETURNS)).text.partition(f"{RETURNS}/{code}")[2].partition("</li>")[0]
    assert "Objection" in row
    text = (await client.get(f"{RETURNS}/{code}")).text
    assert "Look at the objection" in text
    assert "Managers and owners answer an objection." in text
    assert "I did not" in text
    await _at_desk(client, "manager")
    assert "It stands" in (await client.get(f"{RETURNS}/{code}")).text
    assert (await client.post(f"{RETURNS}/{code}/no-effect/end")).status_code == 303
    assert code not in (await client.get(RETURNS)).text
    assert "does not say any more that it has no effect" in await _last(ALICE)


async def test_the_code_of_a_double_is_named_to_whom_both_are_and_to_nobody_else(client: AsyncClient) -> None:
    """Alice wrote both; what Bob declared was attached by hand to her order, and he need not know that she has, too."""
    order = await bought.delivered()
    first = await guests.confirm(await withdrawn.guest())
    again = await guests.confirm(await withdrawn.guest(items="all of it, please"))
    await unfounded.close(order["merchant"], again, Why("double", first), answer=ANSWER, by="member:6")
    assert f"It is a double of another declaration ({first})" in await _last(ALICE)
    await _as(client, ALICE)
    assert f"It is a double of another declaration: {first}" in (await client.get(f"/returns/{again}")).text
    his = await guests.confirm(await withdrawn.guest(BOB, "the order of Alice"))
    await matching.attach(order["merchant"], his, order["id"], by="member:6")
    await unfounded.close(order["merchant"], his, Why("double", first), answer=ANSWER, by="member:6")
    text = await _last(BOB)
    assert "It is a double of another declaration" in text
    assert first not in text
    client.cookies.clear()
    page = (await client.get(_link(text))).text
    assert "It is a double of another declaration" in page
    assert first not in page
