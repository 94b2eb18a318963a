"""Notices on their way: each is told once, whoever dies or stops it; each in their language, and only who is to be."""

import asyncio
import contextvars
import os
import signal
import subprocess
import sys
import time
from datetime import timedelta
from pathlib import Path

import pytest
import time_machine

from app import clock, db
from app.accounts import customers
from app.errors import Invalid, Refused
from app.inbox import desk_queue, posting
from app.inbox.posting import Said
from app.notices import actions, sending
from app.notices.kept import KeptNotice, Words
from app.settings import settings
from tests import builders
from tests.merchants.at_desk import events
from tests.notices.steps import MO, bought, crowd, gone, notice, sent, threads, told, wants_offers, written

PATIENCE = 60


async def scheduled(number: int) -> None:
    it = await notice(number)
    await actions.schedule(it.merchant, number, None, revision=it.revision, by=MO.by)


async def ended(number: int) -> KeptNotice:
    """A database server takes a moment to see that a worker is dead, and lets go of what it had locked."""
    until = time.monotonic() + PATIENCE
    while (it := await notice(number)).state != "sent" and time.monotonic() < until:
        await gone()
        await asyncio.sleep(0.02)
    return it


def worker(bites: int) -> subprocess.Popen[str]:
    """A process that sends, and dies in the bite after so many."""
    given = {
        "COMPTOIR_DATA_DIR": str(settings.data_dir), "COMPTOIR_DATABASE_URL": settings.database_url, "PATH": os.environ["PATH"],
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.notices.killed", str(bites)]
    return subprocess.Popen(command, env=given, cwd=Path(__file__).parents[2], stderr=subprocess.PIPE, text=True)


def dies(after: int) -> None:
    run = worker(after)
    _out, complaint = run.communicate(timeout=PATIENCE)
    assert run.returncode == -signal.SIGKILL, complaint


async def test_each_is_told_once_in_their_own_language() -> None:
    ann, bea = await bought("ann@example.com", "Ann"), await bought("bea@example.com", "Bea", locale="fr")
    it = await sent(await written())
    assert (it.state, it.people, it.told) == ("sent", 2, 2)
    found = {row["customer"]: row for row in await threads()}
    assert [(found[who]["subject"], found[who]["last_text"]) for who in (ann, bea)] == [
        ("We close in August", "Back on the 1st."), ("Fermé en août", "De retour le 1er."),
    ]  # fmt: skip
    assert {(row["kind"], row["waiting_on"], row["unread"], row["last_name"]) for row in found.values()} == {
        ("account", "nobody", 1, "Atelier Mo")
    }
    rows = await db.rows("SELECT unread_threads FROM customers WHERE id IN ({}, {})", ann, bea)
    assert [row["unread_threads"] for row in rows] == [1, 1]
    assert await sending.send_due() is False


async def test_where_a_language_is_missing_they_get_the_other_one() -> None:
    await bought("ann@example.com", "Ann")
    await sent(await written(words={"fr": Words("Fermé", "En août.")}))
    assert [row["subject"] for row in await threads()] == ["Fermé"]


@pytest.mark.parametrize("deaths", [[0], [1], [0, 0, 1]])
async def test_killed_in_the_middle_it_goes_on_and_nobody_is_told_twice(
    deaths: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    people = await crowd(sending.BITE * 2 + 7)
    number = await written()
    await scheduled(number)
    whole = 0
    for after in deaths:
        dies(after)
        whole += after
        assert ((await notice(number)).told, len(await told())) == (whole * sending.BITE,) * 2  # all of a bite, or nothing
    it = await ended(number)
    assert (it.state, it.told, it.people) == ("sent", len(people), len(people))
    assert await told() == sorted(people)
    assert len(await db.rows("SELECT id FROM messages")) == len(people)
    assert len(await events("notice_posted")) == len(people)


async def test_a_code_that_is_given_out_already_costs_one_try(monkeypatch: pytest.MonkeyPatch) -> None:
    people = await crowd(3)
    await sent(await written())
    taken = (await threads())[0]["code"]
    number = await written("policy")
    await scheduled(number)
    await sending.begin()
    with monkeypatch.context() as patched:
        patched.setattr(sending, "new_code", lambda _letter: taken)
        with pytest.raises(Exception, match=r"(?i)unique"):
            await sending.bite()
    assert (await notice(number)).told == 0
    await gone()
    assert ((await notice(number)).told, await told()) == (3, sorted(people * 2))


async def test_two_workers_at_once_tell_each_once() -> None:
    people = await crowd(sending.BITE * 2 + 3)
    numbers = [await written(), await written(kind="policy")]
    for number in numbers:
        await scheduled(number)
    await asyncio.gather(gone(), gone(), gone())
    await gone()
    assert await told() == sorted(people * 2)
    assert [(await notice(number)).state for number in numbers] == ["sent", "sent"]
    assert [one["people"] for one in await events("notice_begun")] == [len(people)] * 2


async def test_two_processes_at_once_tell_each_once_and_one_of_them_dies() -> None:
    people = await crowd(sending.BITE * 4 + 3)
    number = await written()
    await scheduled(number)
    runs = [worker(1), worker(1_000)]
    complaints = [run.communicate(timeout=PATIENCE)[1] for run in runs]
    assert runs[1].returncode == 0, complaints
    it = await ended(number)
    assert (it.told, await told()) == (len(people), sorted(people))
    assert len(await events("notice_sent")) == 1


@pytest.mark.skipif(db.ON_SQLITE, reason="SQLite has one writer: whoever comes second waits in any case")
async def test_who_is_changing_a_customer_just_then_does_not_hold_up_a_beginning() -> None:
    people = await crowd(3)
    number = await written()
    await scheduled(number)
    async with db.transaction():
        await customers.lock(people[1])
        begun = asyncio.create_task(sending.begin(), context=contextvars.Context())
        await asyncio.wait_for(begun, timeout=5)
    assert (await notice(number)).people == 3


async def test_stopped_in_the_middle_what_went_stays_and_nothing_more_goes() -> None:
    await crowd(sending.BITE + 5)
    number = await written()
    await scheduled(number)
    assert await sending.send_due()  # begun
    assert await sending.send_due()  # a bite
    it = await actions.stop((await notice(number)).merchant, number, by=MO.by)
    assert (it.told, it.people) == (sending.BITE, sending.BITE + 5)
    await gone()
    assert (len(await told()), (await notice(number)).state) == (sending.BITE, "stopped")
    assert [(one["told"], one["people"]) for one in await events("notice_stopped")] == [(sending.BITE, sending.BITE + 5)]
    with pytest.raises(Refused):
        await actions.stop(it.merchant, number, by=MO.by)


async def test_it_goes_when_it_is_due_to_whom_it_fits_then() -> None:
    ann = await bought("ann@example.com", "Ann")
    number = await written()
    it, later = await notice(number), clock.now() + timedelta(hours=2)
    with pytest.raises(Invalid):
        await actions.schedule(it.merchant, number, clock.now(), revision=it.revision, by=MO.by)
    await actions.schedule(it.merchant, number, later, revision=it.revision, by=MO.by)
    assert await sending.send_due() is False
    bea = await bought("bea@example.com", "Bea")
    with time_machine.travel(later + timedelta(seconds=1)):
        await gone()
    assert await told() == [ann, bea]
    with pytest.raises(Refused):
        await actions.stop(it.merchant, number, by=MO.by)


async def test_stopped_before_it_begins_it_reaches_nobody() -> None:
    await bought("ann@example.com", "Ann")
    number = await written()
    await scheduled(number)
    await actions.stop((await notice(number)).merchant, number, by=MO.by)
    await gone()
    assert await told() == []


async def test_who_takes_back_their_wish_for_offers_or_blocks_meanwhile_is_left_out() -> None:
    ann, bea = await bought("ann@example.com", "Ann"), await bought("bea@example.com", "Bea")
    await bought("cleo@example.com", "Cleo")
    for person in (ann, bea):
        await wants_offers(person)
    number = await written(kind="offer")
    await scheduled(number)
    await sending.begin()
    await db.execute("UPDATE preferences SET wanted = {} WHERE customer = {}", False, ann)
    await gone()
    it = await notice(number)
    assert (await told(), it.people, it.told, it.left_out, it.state) == ([bea], 2, 1, 1, "sent")


async def test_what_was_looked_at_is_what_goes() -> None:
    await bought("ann@example.com", "Ann")
    number = await written()
    it = await notice(number)
    draft = actions.Draft(kind="policy", words=it.words, segment=it.segment)
    await actions.change(it.merchant, number, draft, MO)
    with pytest.raises(Refused):
        await actions.schedule(it.merchant, number, None, revision=it.revision, by=MO.by)
    await scheduled(number)
    with pytest.raises(Refused):
        await actions.change(it.merchant, number, draft, MO)
    with pytest.raises(Refused):
        await actions.remove(it.merchant, number, by=MO.by)


async def test_every_step_is_an_event_of_the_merchant() -> None:
    await bought("ann@example.com", "Ann")
    merchant = await builders.merchant()
    number = await actions.copy(merchant, (await sent(await written())).id, MO)
    await actions.remove(merchant, number, by=MO.by)
    steps = ("written", "scheduled", "begun", "posted", "sent", "removed")
    found = await events(*(f"notice_{step}" for step in steps))
    assert [one["kind"] for one in found] == [
        "notice_written", "notice_scheduled", "notice_begun", "notice_posted", "notice_sent", "notice_written",
        "notice_removed",
    ]  # fmt: skip
    assert {one["merchant"] for one in found} == {merchant}


async def test_who_got_it_is_forgotten_when_it_itself_would_be_and_the_count_stays() -> None:
    await bought("ann@example.com", "Ann")
    number = (await sent(await written())).id
    await sending.forget_some()
    assert len(await db.rows("SELECT id FROM notice_people")) == 1
    with time_machine.travel(clock.now() + timedelta(days=settings.inbox_kept["account"] + 1)):
        await sending.forget_some()
    assert (await db.rows("SELECT id FROM notice_people"), (await notice(number)).told) == ([], 1)


async def test_it_is_looked_for_what_to_forget_once_an_hour(monkeypatch: pytest.MonkeyPatch) -> None:
    looks: list[int] = []

    async def some() -> int:
        looks.append(1)
        return 0 if len(looks) > 1 else sending.IDS

    monkeypatch.setattr(sending, "forget_some", some)
    monkeypatch.setattr(sending, "_due", 0.0)
    for _ in range(3):
        await sending.forget()
    assert len(looks) == 2, "at once again while there is more, then not before an hour is over"


async def test_a_desk_finds_it_among_what_is_answered_once_they_have_said_something() -> None:
    ann = await bought("ann@example.com", "Ann")
    await sent(await written())
    merchant, code = await builders.merchant(), (await threads())[0]["code"]
    answered = desk_queue.Filter(show="answered")
    assert (await desk_queue.page_of(merchant, 0, answered))[0] == []
    await posting.reply(ann, code, Said(side="buyer", text="And the parcels?", author=ann, name="Ann"))
    assert [it.code for it in (await desk_queue.page_of(merchant, 0, desk_queue.Filter()))[0]] == [code]
    await posting.answer(merchant, code, Said(side="seller", text="They wait.", author=None, name="Mo"))
    assert [it.code for it in (await desk_queue.page_of(merchant, 0, answered))[0]] == [code]
