"""A message is reported and judged: by whom, in what they see of it, and what both sides and their programs see afterwards."""

import pytest
from httpx import AsyncClient

from app import clock, db
from app.errors import Missing, Refused
from app.events.unnoticed import heard
from app.i18n import Voice
from app.inbox import about, flag_queue, flagging, judging, kept, posting, starting
from app.inbox.posting import Said
from app.merchants import shop
from app.notifications import actions as notifications
from tests import builders
from tests.builders import ALICE, MO

EN = Voice("en", "UTC")
HALLE, LEO, MOS, BO = "la-halle", "leo@example.com", "mo@example.com", "bo@example.com"


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


async def talk(alice: int) -> tuple[str, int, int]:
    """A conversation in which Mo is rude to Alice: its code, her message's id and his."""
    order = await builders.order()
    mo = await builders.member(MOS, role="manager")
    said = Said(side="buyer", text="Where is it?", author=alice, name="Alice Martin")
    code = await starting.start(alice, await about.order(alice, order["address"]), said)
    it = await kept.owned_by(alice, code)
    note = Said(side="note", text="Difficult customer", author=mo, name="Mo")
    await posting.answer(it.merchant, code, note)
    his = await posting.answer(it.merchant, code, Said(side="seller", text="You are a nuisance", author=mo, name="Mo"))
    return code, it.last_message, his


async def marketplace() -> int:
    await builders.merchant(HALLE, "La Halle")
    await shop.name(HALLE)
    return await builders.member(LEO, HALLE, role="manager")


async def as_somebody(client: AsyncClient, email: str) -> AsyncClient:
    client.cookies.clear()
    client.cookies.update(await builders.session(email, factor=True))
    return client


async def worked() -> None:
    rows = await db.rows("SELECT id FROM events WHERE noticed_at IS NULL ORDER BY id")
    async with db.transaction():
        await notifications.notify(await heard([row["id"] for row in rows]))
        await db.execute("UPDATE events SET noticed_at = {} WHERE noticed_at IS NULL", clock.now())


async def told(customer: int) -> list[tuple[str, str]]:
    rows = await db.rows("SELECT kind, url FROM notifications WHERE customer = {} AND shown ORDER BY id", customer)
    return [(row["kind"], row["url"]) for row in rows]


async def test_a_customer_reports_from_the_bubble_and_once(client: AsyncClient, alice: int) -> None:
    code, hers, his = await talk(alice)
    await as_somebody(client, ALICE)
    page = (await client.get(f"/inbox/{code}")).text
    place = f"/inbox/{code}/messages/{his}/report"
    assert f'href="{place}"' in page
    assert f"/messages/{hers}/report" not in page, "nobody reports their own"
    asked = (await client.get(place)).text
    assert ("You are a nuisance" in asked, f'href="{place}"' in asked) == (True, False)
    refused = await client.post(place, data={"why": "boring"})
    assert (refused.status_code, "Choose what is wrong with it." in refused.text) == (422, True)
    sent = await client.post(place, data={"why": "insult", "text": "He is rude"}, follow_redirects=True)
    assert "you are told what comes of it" in sent.text
    again = (await client.get(place)).text
    assert ("You reported this message on" in again, 'name="why"' in again) == (True, False)
    assert (await client.post(place, data={"why": "fraud"})).status_code == 409
    assert (await client.get(f"/inbox/{code}/messages/{hers}/report")).status_code == 404


async def test_only_the_shop_decides_where_there_is_one_and_sees_no_notes(client: AsyncClient, alice: int) -> None:
    code, _hers, his = await talk(alice)
    await marketplace()
    await flagging.by_customer(alice, code, his, why="insult", text="He is rude", voice=EN)
    await as_somebody(client, MOS)
    for path in ("inbox/reported", f"inbox/reported/{his}"):
        assert (await client.get(f"/desk/{MO}/{path}")).status_code == 404, "nobody decides about themselves"
    assert (await client.post(f"/desk/{MO}/inbox/reported/{his}/verdict", data={"did": "leave"})).status_code == 404
    await as_somebody(client, LEO)
    assert "1 waits for your decision" in (await client.get(f"/desk/{HALLE}/inbox")).text
    assert "You are a nuisance" in (await client.get(f"/desk/{HALLE}/inbox/reported")).text
    page = (await client.get(f"/desk/{HALLE}/inbox/reported/{his}")).text
    assert [words in page for words in ("Where is it?", "He is rude", "Insults or threats", "Difficult")] == [True] * 3 + [
        False
    ]


async def test_a_withdrawn_message_has_no_words_for_anybody_and_why_stands_in_its_place(
    client: AsyncClient, alice: int
) -> None:
    code, _hers, his = await talk(alice)
    await marketplace()
    await flagging.by_customer(alice, code, his, why="insult", text="", voice=EN)
    await as_somebody(client, LEO)
    wrong = await client.post(f"/desk/{HALLE}/inbox/reported/{his}/verdict", data={"did": "withdraw"})
    assert (wrong.status_code, "Choose why: they are told." in wrong.text) == (422, True)
    await client.post(
        f"/desk/{HALLE}/inbox/reported/{his}/verdict", data={"did": "withdraw", "why": "insult", "text": "Be kind"}
    )
    assert "You are a nuisance" in (await client.get(f"/desk/{HALLE}/inbox/reported?show=decided")).text, (
        "who decides reads it still"
    )
    for email, place in ((ALICE, f"/inbox/{code}"), (MOS, f"/desk/{MO}/inbox/{code}")):
        await as_somebody(client, email)
        page = (await client.get(place)).text
        assert "nuisance" not in page
        assert "is hidden: Insults or threats" in page
        assert f"/messages/{his}/report" not in page
    await as_somebody(client, ALICE)
    for place in ("/inbox", f"/inbox/{code}/conversation.json"):
        assert "nuisance" not in (await client.get(place)).text
    assert code not in (await client.get("/inbox?q=nuisance")).text
    assert code in (await client.get("/inbox?q=1001")).text, "it is found by all else"
    await as_somebody(client, LEO)
    await client.post(f"/desk/{HALLE}/inbox/reported/{his}/verdict", data={"did": "leave"})
    await as_somebody(client, ALICE)
    assert "You are a nuisance" in (await client.get(f"/inbox/{code}")).text
    assert code in (await client.get("/inbox?q=nuisance")).text
    assert "You are a nuisance" in (await client.get("/inbox")).text


async def test_both_sides_are_told_and_the_desk_that_decides_before(alice: int) -> None:
    code, _hers, his = await talk(alice)
    leo = await marketplace()
    halle = (await shop.found()).id  # type: ignore[union-attr]
    (mo,) = await db.rows("SELECT id FROM customers WHERE email = {}", MOS)
    await worked()
    await flagging.by_customer(alice, code, his, why="insult", text="", voice=EN)
    await worked()
    assert await told(leo) == [("desk_message_reported", f"/desk/{HALLE}/inbox/reported/{his}")]
    before = await told(mo["id"])
    await judging.decide(halle, his, did="warn", why="insult", author=leo, member=1, voice=EN)
    await worked()
    assert (await told(alice))[-1] == ("report_settled", f"/inbox/{code}#message-{his}")
    assert (await told(mo["id"]))[len(before) :] == [("writing_judged", f"/desk/{MO}/inbox/{code}#message-{his}")]


async def test_who_is_blocked_writes_no_more_between_these_two_until_it_is_decided_otherwise(alice: int) -> None:
    code, hers, his = await talk(alice)
    leo, it = await marketplace(), await kept.owned_by(alice, code)
    halle = (await shop.found()).id  # type: ignore[union-attr]
    await flagging.by_customer(alice, code, his, why="insult", text="", voice=EN)
    await judging.decide(halle, his, did="block", why="insult", text="Enough", author=leo, member=1, voice=EN)
    with pytest.raises(Refused, match="Enough"):
        await posting.answer(it.merchant, code, Said(side="seller", text="Still here", name="Mo"))
    await posting.answer(it.merchant, code, Said(side="note", text="We may not write", name="Mo"))
    await judging.decide(halle, his, did="warn", why="insult", author=leo, member=1, voice=EN)
    await posting.answer(it.merchant, code, Said(side="seller", text="Sorry", name="Mo"))
    (mo,) = await db.rows("SELECT id FROM customers WHERE email = {}", MOS)
    await flagging.by_desk(it.merchant, code, hers, author=mo["id"], why="fraud", text="", voice=EN)
    await judging.decide(halle, hers, did="block", why="fraud", author=leo, member=1, voice=EN)
    with pytest.raises(Refused, match="Fraud"):
        await posting.reply(alice, code, Said(side="buyer", text="Why?", author=alice))


async def test_a_single_shop_decides_itself_and_not_whom_it_concerns(client: AsyncClient, alice: int) -> None:
    code, _hers, his = await talk(alice)
    (mo,) = await db.rows("SELECT id, email FROM customers WHERE email = {}", MOS)
    await flagging.by_customer(alice, code, his, why="insult", text="", voice=EN)
    await builders.member(BO, MO, role="manager")
    await as_somebody(client, MOS)
    refused = await client.post(f"/desk/{MO}/inbox/reported/{his}/verdict", data={"did": "leave"})
    assert (refused.status_code, "a colleague decides" in refused.text) == (409, True)
    await as_somebody(client, BO)
    assert (await client.post(f"/desk/{MO}/inbox/reported/{his}/verdict", data={"did": "leave"})).status_code == 303
    assert await flag_queue.count((await kept.owned_by(alice, code)).merchant) == 0
    assert mo["id"]


async def test_nobody_reports_a_strangers_message_or_a_note(client: AsyncClient, alice: int) -> None:
    code, _hers, his = await talk(alice)
    bob = await builders.customer("bob@example.com")
    with pytest.raises(Missing):
        await flagging.by_customer(bob, code, his, why="insult", text="", voice=EN)
    with pytest.raises(Missing):
        await flagging.by_customer(alice, code, his - 1, why="insult", text="", voice=EN)
    await as_somebody(client, MOS)
    assert (await client.get(f"/desk/{MO}/inbox/{code}/messages/{his}/report")).status_code == 404


async def test_nobody_has_more_than_twenty_reports_open(alice: int) -> None:
    code, _hers, _his = await talk(alice)
    it = await kept.owned_by(alice, code)
    numbers = [await posting.answer(it.merchant, code, Said(side="seller", text=f"No {n}", name="Mo")) for n in range(21)]
    for number in numbers[:20]:
        await flagging.by_customer(alice, code, number, why="insult", text="", voice=EN)
    with pytest.raises(Refused, match="not been looked at yet"):
        await flagging.by_customer(alice, code, numbers[20], why="insult", text="", voice=EN)


async def test_what_was_reported_goes_with_its_conversation(alice: int) -> None:
    code, _hers, his = await talk(alice)
    await flagging.by_customer(alice, code, his, why="insult", text="", voice=EN)
    merchant = (await kept.owned_by(alice, code)).merchant
    await judging.decide(merchant, his, did="withdraw", why="insult", author=0, member=1, voice=EN)
    await db.execute("DELETE FROM messages WHERE id = {}", his)
    assert await db.rows("SELECT id FROM message_reports UNION ALL SELECT id FROM message_verdicts") == []
