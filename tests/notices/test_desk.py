"""Notices at Mo's desk: written, looked at, sent, scheduled and stopped by managers, read by all who work there."""

import html
import re
from datetime import datetime, timedelta

import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.inbox import about, blocking, starting
from app.inbox.posting import Said
from app.notices import sending
from tests import builders
from tests.notices.steps import bought, crowd, gone, notice, threads, told, wants_offers, written

MO_MAIL, LEA, NIA_MAIL = "mo@example.com", "lea@example.com", "nia@example.com"
DESK = f"/desk/{builders.MO}/notices"
TYPED = {
    "kind": "account", "subject-en": "We close in August", "text-en": "Back on the 1st.\n\nYour Mo",
    "subject-fr": "Fermé en août", "text-fr": "De retour le 1er.",
}  # fmt: skip


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    """A manager, whose clock is that of Paris."""
    person = await builders.member(MO_MAIL, role="manager")
    await db.execute("UPDATE customers SET time_zone = 'Europe/Paris', name = 'Mo' WHERE id = {}", person)
    client.cookies.update(await builders.session(MO_MAIL, factor=True))
    return client


async def drafted(mo: AsyncClient, **typed: str) -> str:
    """Its address."""
    answer = await mo.post(f"{DESK}/new", data={**TYPED, **typed})
    assert answer.status_code == 303, answer.text
    return str(answer.headers["location"]).removesuffix("/sending")


def text(page: str) -> str:
    return re.sub(r"\s+", " ", html.unescape(re.sub(r"<[^>]+>", " ", page)))


async def test_what_is_written_is_looked_at_in_both_languages_with_how_many_get_it_and_then_sent(mo: AsyncClient) -> None:
    await bought("ann@example.com", "Ann")
    await bought("bea@example.com", "Bea", locale="fr")
    await bought("nick@example.com", "Nick", slug=builders.NIA)
    url = await drafted(mo)
    page = text((await mo.get(f"{url}/sending")).text)
    for said in ("We close in August", "Back on the 1st.", "Fermé en août", "De retour le 1er.", "2 people", "Ann, Bea"):
        assert said in page
    assert "Nick" not in page
    assert await told() == []
    done = await mo.post(f"{url}/sending", data={"when": "now", "revision": "1"}, follow_redirects=True)
    assert "It is on its way." in text(done.text)
    await gone()
    assert [row["subject"] for row in await threads()] == ["We close in August", "Fermé en août"]
    assert "2 people were told" in text((await mo.get(url)).text)
    assert "2 people were told" in text((await mo.get(DESK)).text)


async def test_nothing_is_lost_of_what_is_refused_and_each_fault_stands_at_its_field(mo: AsyncClient) -> None:
    await bought("ann@example.com", "Ann")
    typed = {
        **TYPED,
        "text-fr": "",
        "kind": "",
        "product": "umbrella",
        "stage": "delivered",
        "country": "FR",
        "open_return": "yes",
    }
    page = await mo.post(f"{DESK}/new", data=typed)
    assert page.status_code == 422
    for field in ("kind", "text-fr", "product"):
        assert f'id="{field}-error"' in page.text
    for kept in ("We close in August", "Your Mo", "Fermé en août", 'value="umbrella"', 'value="delivered" checked'):
        assert kept in html.unescape(page.text)
    assert '<option value="FR" selected>' in page.text
    assert await db.rows("SELECT id FROM notices") == []


async def test_where_a_language_is_missing_the_preview_says_which_one_they_get(mo: AsyncClient) -> None:
    await bought("bea@example.com", "Bea", locale="fr")
    url = await drafted(mo, **{"subject-fr": "", "text-fr": ""})
    assert "1 person. There are no words in this language: they get it in English." in text((await mo.get(url)).text)
    page = await mo.post(f"{DESK}/new", data={"kind": "account"})
    assert "Write it in one language at least." in page.text


async def test_of_an_offer_the_preview_says_how_many_have_asked_for_offers(mo: AsyncClient) -> None:
    people = await crowd(3)
    url = await drafted(mo, kind="offer")
    page = text((await mo.get(f"{url}/sending")).text)
    assert "0 of 3 people have asked for offers" in page
    assert "Nobody would get it" in page
    refused = await mo.post(f"{url}/sending", data={"when": "now", "revision": "1"})
    assert refused.status_code == 409
    await wants_offers(people[1])
    page = text((await mo.get(f"{url}/sending")).text)
    assert "1 of 3 people have asked for offers: it goes to them alone." in page
    assert "Send it to 1 person" in page
    await mo.post(f"{url}/sending", data={"when": "now", "revision": "1"})
    await gone()
    assert await told() == [people[1]]


async def test_it_is_scheduled_by_the_clock_of_who_does_it(mo: AsyncClient) -> None:
    await bought("ann@example.com", "Ann")
    url = await drafted(mo)
    with time_machine.travel(datetime.fromisoformat("2026-11-28T12:00:00+00:00"), tick=False):
        mo.cookies.update(await builders.session(MO_MAIL, factor=True))
        for day in ("", "2026-11-28", "2028-01-01", "<b>"):
            typed = {"when": "later", "day": day, "time": "13:00", "revision": "1"}
            page = await mo.post(f"{url}/sending", data=typed)
            assert page.status_code == 422
            assert 'id="day-error"' in page.text
            assert 'value="later" checked' in page.text
        typed = {"when": "later", "day": "2026-11-29", "time": "09:30", "revision": "1"}
        page = await mo.post(f"{url}/sending", data=typed, follow_redirects=True)
        assert "It goes on 29 November 2026, 09:30 (France – Paris)." in text(page.text)
        assert (await notice(int(url.rpartition("/")[2]))).scheduled_at == datetime.fromisoformat("2026-11-29T08:30:00+00:00")
        stopped = await mo.post(f"{url}/stopping", follow_redirects=True)
        assert "It was stopped before anybody was told." in text(stopped.text)


async def test_stopped_on_its_way_the_page_says_how_many_were_told(mo: AsyncClient) -> None:
    await crowd(sending.BITE + 2)
    url = await drafted(mo)
    await mo.post(f"{url}/sending", data={"when": "now", "revision": "1"})
    await sending.begin()
    await sending.bite()
    page = await mo.get(url)
    assert f"{sending.BITE} of {sending.BITE + 2} were told" in text(page.text)
    assert 'hx-trigger="every 2s"' in page.text
    page = await mo.post(f"{url}/stopping", follow_redirects=True)
    assert f"Stopped. {sending.BITE} of {sending.BITE + 2} were told" in text(page.text)
    assert 'hx-trigger="every 2s"' not in page.text
    page = await mo.post(f"{url}/stopping", follow_redirects=True)
    assert "Nothing of it is left to be stopped." in text(page.text)
    copied = await mo.post(f"{url}/copies")
    assert "We close in August" in (await mo.get(copied.headers["location"])).text


async def test_what_a_colleague_has_changed_meanwhile_is_looked_at_first(mo: AsyncClient) -> None:
    await bought("ann@example.com", "Ann")
    url = await drafted(mo)
    await mo.post(f"{url}/words", data={**TYPED, "subject-en": "We close in July"})
    page = await mo.post(f"{url}/sending", data={"when": "now", "revision": "1"})
    assert page.status_code == 409
    assert "It was changed since you looked at it." in text(page.text)
    assert "We close in July" in page.text
    assert (await mo.post(f"{url}/sending", data={"when": "now", "revision": "2"})).status_code == 303
    for place in ("words", "sending"):  # nothing to be changed any more
        assert (await mo.get(f"{url}/{place}")).headers["location"] == url
    assert (await mo.post(f"{url}/words", data=TYPED)).status_code == 409


async def test_the_button_that_sends_is_touched_twice_and_it_goes_once(mo: AsyncClient) -> None:
    ann = await bought("ann@example.com", "Ann")
    url = await drafted(mo)
    for _ in range(2):
        done = await mo.post(f"{url}/sending", data={"when": "now", "revision": "1"})
        assert (done.status_code, done.headers["location"]) == (303, url)
    await gone()
    assert await told() == [ann]


async def test_agents_read_them_and_change_nothing_and_other_desks_have_none_of_it(mo: AsyncClient) -> None:
    await bought("ann@example.com", "Ann")
    url = await drafted(mo)
    await builders.member(LEA)
    await builders.member(NIA_MAIL, builders.NIA, "owner")
    mo.cookies.clear()
    mo.cookies.update(await builders.session(LEA, factor=True))
    page = await mo.get(url)
    assert "We close in August" in page.text
    assert "Send it" not in page.text
    assert (await mo.get(DESK)).status_code == 200
    for place in ("sending", "stopping", "copies", "removal", "words"):
        assert (await mo.post(f"{url}/{place}", data=TYPED)).status_code == 403
    mo.cookies.clear()
    mo.cookies.update(await builders.session(NIA_MAIL, factor=True))
    assert (await mo.get(url.replace(builders.MO, builders.NIA))).status_code == 404
    assert (await mo.post(f"{url.replace(builders.MO, builders.NIA)}/sending", data={"revision": "1"})).status_code == 404


async def test_a_draft_is_removed_and_the_list_goes_on_to_older_ones(mo: AsyncClient) -> None:
    await bought("ann@example.com", "Ann")
    numbers = [await written() for _ in range(52)]
    page = await mo.get(DESK)
    older = re.search(r'href="(/desk/[^"]+before=\d+)"', page.text)
    assert older
    assert f'{DESK}/{numbers[0]}"' in (await mo.get(older[1])).text
    await mo.post(f"{DESK}/{numbers[-1]}/removal")
    assert (await mo.get(f"{DESK}/{numbers[-1]}")).status_code == 404


async def test_names_that_customers_give_are_words_and_their_addresses_are_not_shown(mo: AsyncClient) -> None:
    await bought("eve@example.com", "<b>Eve</b>\u202e")
    await bought("blank@example.com")
    url = await drafted(mo, **{"text-en": "See https://mo.example <script>alert(1)</script>"})
    page = (await mo.get(url)).text
    assert "<b>Eve" not in page
    assert "<script>alert" not in page
    assert "eve@" not in page
    assert "blank@" not in page
    assert 'href="https://mo.example"' in page


async def test_what_many_were_told_is_counted_with_a_customer_who_has_been_blocked_left_out(mo: AsyncClient) -> None:
    ann = await bought("ann@example.com", "Ann")
    said = Said(side="buyer", text="Hello", author=ann, name="Ann")
    code = await starting.start(ann, await about.merchant(builders.MO), said, subject="A question")
    number = await written()
    with time_machine.travel(clock.now() + timedelta(minutes=1)):
        await blocking.by_customer(ann, code, True)
    assert "Nobody would get it" in text((await mo.get(f"{DESK}/{number}/sending")).text)
