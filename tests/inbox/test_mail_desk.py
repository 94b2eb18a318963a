"""Mails of unknown senders at Mo's desk, and what is shown of a message that came by mail, to either side."""

from datetime import timedelta

import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.inbox import about, blocking, mail_files, starting
from app.inbox.mail_in.reading import File
from app.inbox.mail_taking import take
from app.inbox.posting import Said
from tests import builders
from tests.builders import ALICE, BOB, MO, NIA
from tests.inbox.mail_steps import MO_MAIL, let_in, owned, pictures, said, shape, taken_in, thread, written
from tests.papers import paper

MAILS = f"/desk/{MO}/mails"
OLD_ADDRESS = "alice.m@elsewhere.example"


@pytest.fixture(autouse=True)
def _answers(monkeypatch: pytest.MonkeyPatch) -> None:
    let_in(monkeypatch, mail_authserv="mx.shop.example")


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member(MO_MAIL)
    client.cookies.update(await builders.session(MO_MAIL, factor=True))
    return client


async def waiting(code: str, text: str = "It is me, Alice.", **more: str) -> int:
    await take(written(code, text, sender=f"Alice M <{OLD_ADDRESS}>", **more))
    return int((await taken_in())[-1]["id"])


async def test_the_desk_is_told_how_many_wait_and_sees_whose_they_may_be(mo: AsyncClient) -> None:
    code = await thread()
    assert "unknown sender" not in (await mo.get(f"/desk/{MO}/inbox")).text
    await waiting(code, "It is <b>me</b>.\n\n> quoted, lea@example.com")
    assert "1 mail of an unknown sender" in (await mo.get(f"/desk/{MO}/inbox")).text
    page = (await mo.get(MAILS)).text
    assert "Alice M" in page
    assert "a•••@elsewhere.example" in page
    assert OLD_ADDRESS not in page, "nobody sees the other's address"
    assert "lea@example.com" not in page
    assert "It is &lt;b&gt;me&lt;/b&gt;." in page
    assert f"/desk/{MO}/inbox/{code}" in page


async def test_what_is_accepted_lands_as_the_customers_with_its_pictures(mo: AsyncClient) -> None:
    code = await thread()
    await take(shape("picture-attached", code).replace(ALICE.encode(), OLD_ADDRESS.encode()))
    number = (await taken_in())[0]["id"]
    answer = await mo.post(f"{MAILS}/{number}/acceptance")
    assert answer.headers["location"].endswith(f"/inbox/{code}#newest")
    assert (await said(code))[-1] == ("buyer", "Look.", "mail")
    assert await pictures(code) == ["fêlure.png"]
    (row,) = await taken_in()
    assert (row["state"], row["sender"], row["text"], row["decided_by"] is not None) == ("accepted", "", "", True)
    assert (await mo.post(f"{MAILS}/{number}/acceptance")).status_code == 404, "it is decided"
    assert len(await said(code)) == 2
    assert (await owned(code)).waiting_on == "seller"


async def test_what_a_colleague_sends_from_at_home_is_said_by_who_accepts_it(mo: AsyncClient) -> None:
    code = await thread()
    await take(written(code, "It left today.", side="desk", sender="mo@home.example"))
    await mo.post(f"{MAILS}/{(await taken_in())[0]['id']}/acceptance")
    assert (await said(code))[-1] == ("seller", "It left today.", "mail")


async def test_what_is_discarded_is_gone_and_nothing_of_it_was_said(mo: AsyncClient) -> None:
    code = await thread()
    number = await waiting(code)
    assert "Discarded" in (await mo.post(f"{MAILS}/{number}/discarding", follow_redirects=True)).text
    assert len(await said(code)) == 1
    (row,) = await taken_in()
    assert (row["state"], row["text"], row["sender"]) == ("discarded", "", "")
    events = await db.rows("SELECT kind FROM events WHERE kind = 'mail_discarded'")
    assert len(events) == 1
    assert "No mail waits" in (await mo.get(MAILS)).text


async def test_a_thread_that_takes_nothing_more_leaves_the_mail_where_it_is(mo: AsyncClient) -> None:
    code = await thread()
    number = await waiting(code)
    await db.execute("UPDATE threads SET kind = 'policy'")
    assert "sent to many" in (await mo.post(f"{MAILS}/{number}/acceptance", follow_redirects=True)).text
    assert (await taken_in())[0]["state"] == "waiting"


async def test_another_desk_neither_sees_nor_decides_them(client: AsyncClient) -> None:
    await builders.member("nia@example.com", NIA)
    code = await thread()
    number = await waiting(code)
    client.cookies.update(await builders.session("nia@example.com", factor=True))
    assert "Alice M" not in (await client.get(f"/desk/{NIA}/mails")).text
    for verb in ("acceptance", "discarding"):
        assert (await client.post(f"/desk/{NIA}/mails/{number}/{verb}")).status_code == 404
        assert (await client.post(f"{MAILS}/{number}/{verb}")).status_code == 404
    assert (await taken_in())[0]["state"] == "waiting"


@pytest.mark.parametrize(
    ("result", "words"),
    [("dkim=pass header.d=example.com", "Its address is genuine"), ("dkim=fail header.d=example.com", "signature is wrong"),
     ("dkim=pass header.d=bulk.example", "Signed by another"), ("dkim=none", "Not signed")],
)  # fmt: skip
async def test_the_desk_sees_what_a_mails_signature_proves(mo: AsyncClient, result: str, words: str) -> None:
    code = await thread()
    await take(written(code, Authentication_Results=f"mx.shop.example; {result}"))
    page = (await mo.get(f"/desk/{MO}/inbox/{code}")).text
    assert words in page
    assert "By e-mail" in page


async def test_what_cannot_be_taken_back_is_asked_for_twice_and_a_wrong_signature_invites_to_nothing(mo: AsyncClient) -> None:
    await waiting(await thread())
    page = (await mo.get(MAILS)).text
    assert 'class="button first"' in page
    assert page.index("Nothing of it is kept.") < page.index("Discard for good")
    await db.execute("UPDATE mails_in SET proof = 'fail'")
    page = (await mo.get(MAILS)).text
    assert 'class="button first"' not in page
    assert "Anybody may have written this under that address." in page


async def test_the_desk_that_has_blocked_a_customer_is_told_that_it_has(mo: AsyncClient) -> None:
    code = await thread()
    number = await waiting(code)
    it = await owned(code)
    await blocking.by_desk(it.merchant, code, True, author=7, reason="Threats", by="member:7")
    assert ">Blocked<" in (await mo.get(f"/desk/{MO}/inbox/{code}")).text
    page = await mo.post(f"{MAILS}/{number}/acceptance", follow_redirects=True)
    assert "You take no messages of this customer" in page.text


async def test_what_was_cut_off_is_there_for_both_and_shows_no_address_to_the_other_side(mo: AsyncClient) -> None:
    code = await thread()
    await take(written(code, f"Thanks.\n\n-- \nAlice Martin\n{ALICE}\n06 12 34 56 78"))
    at_desk = (await mo.get(f"/desk/{MO}/inbox/{code}")).text
    assert "What was cut off the mail" in at_desk
    assert "06 12 34 56 78" in at_desk
    assert ALICE not in at_desk
    mo.cookies.clear()
    mo.cookies.update(await builders.session(ALICE))
    own = (await mo.get(f"/inbox/{code}")).text
    assert ALICE in own.partition("What was cut off the mail")[2]
    assert "DKIM" not in own


PASSED_ON = """See below.

---------- Forwarded message ---------
From: Carrier <news@carrier.example>
To: Alice Martin <alice@example.com>,
 Bob <bob@example.com>

It is lost: ask help@carrier.example.

On 26 Nov 2026 Alice <alice@example.com>
wrote:
> From: <alice@example.com>
> Where is it?
"""


@pytest.mark.parametrize("head", [PASSED_ON, "Begin forwarded message:\n\n" + PASSED_ON.partition("---------\n")[2]])
async def test_what_is_passed_on_names_no_address_of_its_head_to_either_side(mo: AsyncClient, head: str) -> None:
    code = await thread()
    await take(written(code, head))
    page = (await mo.get(f"/desk/{MO}/inbox/{code}")).text
    assert "It is lost: ask help@carrier.example." in page
    assert not [address for address in (ALICE, BOB, "news@carrier.example") if address in page]


async def test_a_quote_that_is_answered_names_no_address_of_its_head(mo: AsyncClient) -> None:
    code = await thread()
    await take(written(code, f"> From: Mo <{MO_MAIL}>\n> Which?\n\nBoth.\n\n> And when?\n\nNow. To: {BOB}"))
    text = (await said(code))[-1][1]
    assert "> From: Mo <…>\n> Which?\n\nBoth." in text
    assert text.endswith(f"Now. To: {BOB}"), "what one writes oneself is as it was written"


async def test_both_see_which_files_were_not_taken(mo: AsyncClient) -> None:
    code = await thread()
    await take(shape("picture-attached", code))
    assert "Not taken from the mail: invoice.pdf" in (await mo.get(f"/desk/{MO}/inbox/{code}")).text


async def test_a_paper_comes_with_a_mail_and_one_that_acts_does_not() -> None:
    sent = [
        File("terms.pdf", "application/pdf", paper()),
        File("act.pdf", "application/pdf", paper(b"/OpenAction<</S/JavaScript/JS(1)>>")),
    ]
    kept, untaken = await mail_files.keep(sent)
    assert [(one.title, one.media_type) for one in kept] == [("terms.pdf", "application/pdf")]
    assert untaken == "act.pdf"


async def test_mails_that_wait_for_one_that_became_part_of_another_wait_there(mo: AsyncClient) -> None:
    code = await thread()
    alice = (await owned(code)).customer
    said_ = Said(side="buyer", text="And the lid?", author=alice, name="Alice Martin")
    second = await starting.start(alice, await about.merchant(MO), said_, subject="The lid")
    number = await waiting(code)
    await mo.post(f"/desk/{MO}/inbox/{second}/merging", data={"with": code})
    assert f"/desk/{MO}/inbox/{second}" in (await mo.get(MAILS)).text
    await mo.post(f"{MAILS}/{number}/acceptance")
    assert ("buyer", "It is me, Alice.", "mail") in await said(second)


async def test_the_desk_sees_how_many_mails_did_not_land_and_why(mo: AsyncClient, client: AsyncClient) -> None:
    code = await thread()
    assert "Not taken in the last 30 days" not in (await mo.get(MAILS)).text
    assert MAILS in (await mo.get(f"/desk/{MO}/inbox/setup")).text
    for name in ("out-of-office-gmail", "vacation-old", "only-a-quote"):
        await take(shape(name, code))
    page = (await mo.get(MAILS)).text
    assert page.index("Automatic answers: 2") < page.index("Nothing beside what was quoted: 1")
    with time_machine.travel(clock.now() + timedelta(days=31)):
        client.cookies.update(await builders.session(MO_MAIL, factor=True))
        assert "Automatic answers" not in (await mo.get(MAILS)).text


@pytest.mark.parametrize("header", ["Feedback_ID", "X_Auto_Response_Suppress"])
async def test_what_relays_put_on_mails_of_people_makes_none_a_machines(header: str) -> None:
    code = await thread()
    assert (await take(written(code, **{header: "All"}))).state == "landed"


async def test_a_stranger_with_an_account_here_is_a_stranger_there(mo: AsyncClient) -> None:
    await builders.customer(BOB, "Bob")
    code = await thread()
    await take(written(code, sender=BOB))
    page = (await mo.get(MAILS)).text
    assert "b•••@example.com" in page
    assert BOB not in page
