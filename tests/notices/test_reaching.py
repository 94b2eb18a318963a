"""What a notice is to who gets it: found in their inbox, told on the ways they have chosen, kept as long as its kind is."""

import html
from datetime import timedelta
from email.message import EmailMessage

import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.errors import Refused
from app.i18n import Voice
from app.inbox import lists, putting
from app.notices.kept import Words
from app.notifications import email, preferences, unsubscribing, ways
from app.notifications import purging as everywhere
from app.notifications.preferences import DEFAULTS, Choices
from app.settings import settings
from tests import builders
from tests.accounts.steps import text_of
from tests.inbox.mail_steps import gone_out, let_in
from tests.notices.steps import bought, notice, sent, threads, wants_offers, written
from tests.notifications.steps import Sink, deliveries, notifications, said_of, told

ANN = "ann@example.com"
ONE = {"en": Words("We close in August", "Back on the 1st.\n\nSee https://mo.example")}


@pytest.fixture
async def ann() -> int:
    person = await bought(ANN, "Ann")
    await told()
    await db.execute("DELETE FROM deliveries")
    await db.execute("DELETE FROM notifications")
    return person


@pytest.fixture(autouse=True)
def no_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "CHANNELS", {})


@pytest.fixture
def mail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers by mail are taken."""
    let_in(monkeypatch)


async def going(kind: str) -> list[EmailMessage]:
    await sent(await written(kind, ONE))
    return await gone_out()


@pytest.fixture
async def anns(client: AsyncClient, ann: int) -> AsyncClient:
    client.cookies.update(await builders.session(ANN))
    return client


async def test_it_lies_among_the_notices_and_is_found_counted_read_and_put_away(anns: AsyncClient, ann: int) -> None:
    await sent(await written(words=ONE))
    for wanted in ({"kind": "notices"}, {"q": "august"}, {"q": "atelier"}, {"unread": "yes"}):
        (found,), _older = await lists.page_of(ann, lists.Filter(**wanted))
        assert (found.subject, found.unread) == ("We close in August", 1)
    page = (await anns.get("/inbox?kind=notices")).text
    assert "Atelier Mo: Back on the 1st." in html.unescape(page)
    assert '<inbox-count><span class="hidden-text">' in page
    code = found.code
    until = Voice("en").day(clock.now() + timedelta(days=settings.inbox_kept["account"]))
    assert f"Kept until {until}" in (await anns.get(f"/inbox/{code}")).text
    await anns.post(f"/inbox/{code}/reading")
    assert (await lists.page_of(ann, lists.Filter(unread="yes")))[0] == []
    assert await putting.change(ann, [code], "archived", True) == [code]
    assert [it.code for it in (await lists.page_of(ann, lists.Filter(archived="yes")))[0]] == [code]


@pytest.mark.parametrize(("kind", "status"), [("account", 303), ("policy", 409), ("offer", 409)])
async def test_an_official_notice_is_answered_and_what_was_sent_to_many_is_not(
    anns: AsyncClient, ann: int, kind: str, status: int
) -> None:
    await wants_offers(ann)
    await sent(await written(kind, ONE))
    code = (await threads())[0]["code"]
    page = (await anns.get(f"/inbox/{code}")).text
    assert ('id="reply"' in page) == (kind == "account")
    assert ("/inbox/new?seller=atelier-mo" in page) == (kind != "account")
    assert ("because you have asked for them" in page) == (kind == "offer")
    assert 'href="https://mo.example"' in page  # they have bought there
    assert (await anns.post(f"/inbox/{code}/messages", data={"text": "Thanks"})).status_code == status


async def test_by_mail_it_is_whole_and_answered_where_answers_are_taken(ann: int, mail: None) -> None:
    (one,) = await going("account")
    assert str(one["Subject"]) == "We close in August · Atelier Mo"
    assert "Back on the 1st." in text_of(one)
    assert "above this line" in text_of(one)
    assert one["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_it_is_whole_where_no_answers_are_taken_too(ann: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ways, "CHANNELS", {"email": email})
    (one,) = await going("account")
    assert "See https://mo.example" in text_of(one)
    assert "above this line" not in text_of(one)
    assert one["Reply-To"] is None


async def test_a_change_of_terms_goes_by_mail_whatever_was_chosen_and_offers_no_way_out(ann: int, mail: None) -> None:
    await preferences.change(ann, Choices(on=frozenset()))
    assert await going("account") == []
    (one,) = await going("policy")
    assert one["List-Unsubscribe"] is None
    assert "unsubscribe" not in text_of(one)
    assert "cannot be turned off" in text_of(one)
    assert "above this line" not in text_of(one)


async def test_unsubscribing_from_messages_leaves_a_change_of_terms_on_its_way(ann: int, mail: None) -> None:
    await sent(await written("policy", ONE))
    await sent(await written("account", ONE))
    await told()
    await unsubscribing.stop(unsubscribing.address(ann, ANN, "messages", "email").rpartition("/")[2])
    assert [str(one["Subject"]) for one in await gone_out()] == ["We close in August · Atelier Mo"]
    assert {row["kind"]: row["state"] for row in await db.rows(
        "SELECT n.kind, d.state FROM deliveries d JOIN notifications n ON n.id = d.notification"
    )} == {"policy_posted": "sent", "notice_posted": "dropped"}  # fmt: skip


async def test_an_offer_goes_on_the_ways_that_were_asked_for_and_one_click_ends_it(ann: int, mail: None) -> None:
    ways.CHANNELS["push"] = Sink()
    with pytest.raises(Refused):
        await going("offer")
    await wants_offers(ann)
    (one,) = await going("offer")
    assert [row["channel"] for row in await deliveries()] == ["email"]
    assert one["List-Id"].startswith("<offers.")
    assert "You get this because you have asked for offers." in text_of(one)
    await unsubscribing.stop(str(one["List-Unsubscribe"]).strip("<>").rpartition("/")[2])
    number = await written("offer", ONE)
    with pytest.raises(Refused):
        await sent(number)
    assert (await notice(number)).state == "draft"


async def test_it_is_told_in_the_inbox_and_in_no_second_list(ann: int, mail: None) -> None:
    await wants_offers(ann, "app")
    await wants_offers(ann)
    await going("offer")
    assert [(row["kind"], bool(row["shown"]), row["topic"]) for row in await notifications()] == [
        ("offer_posted", False, "offers")
    ]
    said = await said_of("offer_posted")
    assert (said.title, said.body[:16]) == ("Atelier Mo: We close in August", "Back on the 1st.")


async def test_nobody_is_asked_for_offers_who_has_not_said_so() -> None:
    assert not [pair for pair in DEFAULTS if pair[0] == "offers"]


@pytest.mark.parametrize("kind", ["account", "policy", "offer"])
async def test_it_is_purged_when_its_kind_is_over_with_what_was_told_of_it(ann: int, mail: None, kind: str) -> None:
    await wants_offers(ann)
    await going(kind)
    for days, left in ((-1, 1), (1, 0)):
        with time_machine.travel(clock.now() + timedelta(days=settings.inbox_kept[kind] + days)):
            await everywhere.bite()
        assert len(await threads()) == left
        assert len(await notifications()) == left
        assert len(await db.rows("SELECT * FROM message_words")) == left
