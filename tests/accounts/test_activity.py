"""The log of an account: complete, one's own, in one's own days, and not to be buried."""

import csv
import io
import json
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from itertools import pairwise

import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.accounts import activity, activity_cards, places
from app.accounts.activity import PAGE, Cursor, read_cursor
from app.events.actions import record, record_all, row
from app.i18n import Voice
from tests import builders
from tests.accounts.steps import PASSWORD, enter_password, sign_in
from tests.builders import BOB

START = datetime(2026, 11, 21, 12, tzinfo=UTC)
LOG = "/account/activity"
PHONE = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.1 "
    "Mobile/15E148 Safari/604.1"
)


@pytest.fixture
async def number() -> int:
    return await builders.customer()


async def many(customer: int | None, kinds: str, count: int = 1, **data: object) -> None:
    """Those kinds, one a minute, again and again."""
    at = clock.now()
    rows = [row(kind, customer=customer, at=at, **data) for _ in range(count) for kind in kinds.split()]
    await record_all([{**one, "at": at + timedelta(minutes=n)} for n, one in enumerate(rows)])


def said(text: str) -> list[str]:
    """Headings (with a # in front) and entries, top to bottom."""
    found = re.findall(r"<h2>([^<]*)</h2>|<li[^>]*><svg.*?</svg><div>(.*?)</div></li>", text, re.S)
    texts = [f"# {heading}" if heading else " ".join(re.sub(r"<[^>]*>", " ", entry).split()) for heading, entry in found]
    return [unescape(text) for text in texts if text != "# Nothing of that kind yet"]


async def log(browser: AsyncClient, query: str = "") -> list[str]:
    answer = await browser.get(f"{LOG}{query}")
    assert answer.status_code == 200, answer.text
    return said(answer.text.partition('id="take-away"')[0])


def older(text: str) -> str:
    found = re.search(r'<a class="button" href="(/account/activity\?[^"]*before=[^"]*)"', text)
    return found[1].replace("&amp;", "&") if found else ""


async def test_a_persons_way_through_the_account_is_told_with_browser_and_place(
    laptops, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(places, "of", lambda network, _voice: {"203.0.113.9": "Lyon, France"}.get(network, ""))
    with time_machine.travel(START, tick=False) as time:
        laptop, phone = laptops(), laptops("203.0.113.9")
        phone.headers["user-agent"] = PHONE
        await sign_in(laptop)
        time.shift(timedelta(minutes=1))
        await laptop.post("/account/password", data={"new_password": PASSWORD})
        time.shift(timedelta(minutes=1))
        await enter_password(phone, "not this one")
        time.shift(timedelta(minutes=1))
        await enter_password(phone)
        await laptop.post("/account/sessions/ending")
        await laptop.post("/sign-out")
        await sign_in(laptop)
        assert await log(laptop) == [
            "# Today",
            "Signed in with a mailed code 12:03 · A browser · 192.0.2.1",
            "Signed out 12:03 · A browser · 192.0.2.1",
            "Signed out everywhere else 12:03 · A browser · 192.0.2.1",
            "Signed in with your password New browser 12:03 · Safari on iPhone · Lyon, France",
            "Failed sign-in: wrong password 12:02 · Safari on iPhone · Lyon, France",
            "Password set 12:01 · A browser · 192.0.2.1",
            "Signed in with a mailed code New browser 12:00 · A browser · 192.0.2.1",
        ]


async def test_nobody_reads_anothers_log(alice: AsyncClient, laptop: AsyncClient) -> None:
    bob = await builders.customer(BOB, "Bob")
    await record("passkey_added", customer=bob, name="Bob's phone")
    await record("sign_in_failed", customer=None, by="code")
    assert await log(alice) == []
    for path in (LOG, f"{LOG}.csv", f"{LOG}.json"):
        assert "Bob" not in (await alice.get(path)).text.replace(BOB, "")
        assert (await laptop.get(path)).headers["location"].startswith("/sign-in")


async def test_what_happens_to_orders_is_not_in_it(alice: AsyncClient) -> None:
    await builders.order()
    assert await db.rows("SELECT id FROM events") != []
    assert await log(alice) == []
    assert "Nothing of that kind yet" in (await alice.get(LOG)).text


@pytest.mark.parametrize(
    ("zone", "now", "times", "headings"),
    [
        ("Europe/Paris", "2026-03-29T20:00", ["2026-03-28T22:59", "2026-03-28T23:00", "2026-03-29T21:59"],
         ["# Today", "00:00", "# Yesterday", "23:59"]),  # a day of 23 hours
        ("Europe/Paris", "2026-10-26T12:00", ["2026-10-24T21:59", "2026-10-24T22:00", "2026-10-25T22:59"],
         ["# Yesterday", "23:59", "00:00", "# Saturday 24 Oct", "23:59"]),  # one of 25
        ("America/New_York", "2026-01-02T12:00", ["2025-12-31T04:00", "2026-01-01T04:59", "2026-01-01T05:00"],
         ["# Yesterday", "00:00", "# Wednesday 31 Dec 2025", "23:59", "# Tuesday 30 Dec 2025", "23:00"]),
        ("", "2026-11-21T00:00", ["2026-11-20T23:59", "2026-11-21T00:00"], ["# Today", "00:00", "# Yesterday", "23:59"]),
    ],
)  # fmt: skip
async def test_days_are_those_of_the_persons_own_calendar(
    alice: AsyncClient, zone: str, now: str, times: list[str], headings: list[str]
) -> None:
    customer = await builders.customer(time_zone=zone)
    instants = [datetime.fromisoformat(f"{text}+00:00") for text in times]
    if zone == "Europe/Paris" and now.startswith("2026-03"):
        instants = instants[:2]
    await record_all([row("passkey_added", customer=customer, at=at) for at in instants])
    with time_machine.travel(datetime.fromisoformat(f"{now}+00:00"), tick=False):
        entries = await log(alice)
    assert [re.sub(r"^.* (\d\d:\d\d)$", r"\1", one) if one[0] != "#" else one for one in entries] == headings


async def test_twelve_failed_tries_are_one_entry_from_the_first_to_the_last(alice: AsyncClient, number: int) -> None:
    with time_machine.travel(START, tick=False):
        await many(number, "sign_in_failed", 12, by="password", browser=PHONE)
        await many(number, "signed_in")
        assert (await log(alice))[2:] == ["12 failed sign-ins 12:00 – 12:11 · last from Safari on iPhone"]


async def test_what_the_owner_did_between_tries_parts_them(alice: AsyncClient, number: int) -> None:
    with time_machine.travel(START, tick=False):
        await many(number, "sign_in_failed sign_in_failed signed_in sign_in_failed second_factor_failed sign_in_failed", 1)
        found = [re.sub(r" 12:.*", "", one) for one in await log(alice)]
    assert found == [
        "# Today", "2 failed sign-ins", "The first step was right, the second factor was not", "Signed in", "2 failed sign-ins",
    ]  # fmt: skip


async def test_tries_over_days_stand_under_the_last_and_say_both(alice: AsyncClient, number: int) -> None:
    at = START - timedelta(days=20)
    await record_all([row("sign_in_failed", customer=number, at=at + timedelta(days=n)) for n in range(19)])
    with time_machine.travel(START, tick=False):
        assert await log(alice) == [
            "# Thursday 19 Nov", "19 failed sign-ins 1 November 2026, 12:00 – 19 November 2026, 12:00",
        ]  # fmt: skip


async def test_a_change_is_not_buried_under_a_hundred_thousand_tries(alice: AsyncClient, number: int) -> None:
    with time_machine.travel(START.replace(hour=0), tick=False):  # so that a thousand minutes later it is the same day
        await record("passkey_added", customer=number, name="The thief's")
        for _ in range(5):
            await many(number, "sign_in_failed sign_in_failed password_link_asked second_factor_failed", 250)
    found = await log(alice)
    assert len(found) == 5
    assert found[-1].startswith("Passkey added The thief's")
    assert {one.partition(" links")[0].partition(" failed")[0] for one in found[1:4]} == {"2500", "1250"}


async def pages(browser: AsyncClient, query: str = "") -> list[list[str]]:
    """Each as it is put below the one before; the first as it is."""
    found, path, partial = [], f"{LOG}{query}", {}
    while path:
        answer = await browser.get(path, headers=partial)
        found.append(said(answer.text.partition('id="take-away"')[0]))
        path, partial = older(answer.text), {"hx-request": "true", "hx-request-type": "partial"}
    return found


async def test_five_thousand_events_are_read_to_the_end_each_once(alice: AsyncClient, number: int) -> None:
    with time_machine.travel(START, tick=False):
        names = [f"n{n:04}" for n in range(5000)]
        await record_all([row("passkey_added", customer=number, name=name) for name in names])
        found, before = [], Cursor().id
        while before:
            shown, before = await activity.page_of(number, None, before)
            assert len(shown) <= PAGE
            found += [json.loads(one.data)["name"] for one in shown]
    assert found == names[::-1]


async def test_older_goes_on_under_the_same_heading_and_says_a_new_one(alice: AsyncClient, number: int) -> None:
    at = START - timedelta(days=1)
    made = [row("passkey_added", customer=number, name=f"n{n}", at=at + timedelta(minutes=20 * n)) for n in range(80)]
    await record_all(made)
    with time_machine.travel(START + timedelta(hours=6), tick=False):
        first, second, third = await pages(alice)
    assert (first[0], first.count("# Today")) == ("# Today", 1)
    assert second[0].startswith("Passkey added")
    assert second.count("# Yesterday") == 1
    assert not any(one.startswith("#") for one in third)
    assert [one.split()[2] for page in (first, second, third) for one in page if one[0] != "#"] == [
        f"n{n}" for n in reversed(range(80))
    ]


async def test_without_javascript_an_older_page_is_a_whole_one_with_a_way_back(alice: AsyncClient, number: int) -> None:
    await many(number, "passkey_added", PAGE + 5)
    path = older((await alice.get(LOG)).text)
    answer = await alice.get(path)
    assert answer.text.startswith("<!doctype html>")
    assert len([one for one in said(answer.text) if one.startswith("Passkey")]) == 5
    assert said(answer.text)[0].startswith("#")
    assert f'href="{LOG}"' in answer.text
    assert older(answer.text) == ""


async def test_the_chips_choose_a_group_and_its_older_pages_stay_in_it(alice: AsyncClient, number: int) -> None:
    await many(number, "signed_in passkey_added phone_changed sign_in_failed password_link_asked", PAGE + 1)
    for group, words in {
        "sign_ins": {"Signed in", "Failed sign-in"}, "security": {"Passkey added", "Link for a new password sent"},
        "profile": {"Telephone number changed"},
    }.items():  # fmt: skip
        found = [one for page in await pages(alice, f"?about={group}") for one in page if one[0] != "#"]
        assert {re.sub(r" \d\d:.*", "", one) for one in found} == words
        assert len(found) == len(words) * (PAGE + 1)
        text = (await alice.get(f"{LOG}?about={group}")).text
        assert f'href="{LOG}?about={group}" aria-current="true"' in text


@pytest.mark.parametrize(
    "query",
    ["?about=nonsense", "?before=x", "?before=99999999999999999999_2026-11-21", "?before=0_2026-11-21", "?before=-5_2026-11-21",
     "?before=7", "?before=7_2026-13-45", "?before=٣_2026-11-21", "?before=%00", "?about=%00", "?before=" + "9" * 5000],
)  # fmt: skip
async def test_nonsense_in_the_address_is_the_same_as_nothing(alice: AsyncClient, number: int, query: str) -> None:
    await many(number, "passkey_added")
    with time_machine.travel(clock.now(), tick=False):
        assert (await alice.get(f"{LOG}{query}")).status_code == 200


def test_a_cursor_leads_back_to_where_it_was_made() -> None:
    made = Cursor(17, datetime(2026, 11, 21).date())
    assert read_cursor(str(made)) == made


BROKEN = ["", "{", "null", "[1]", '"text"', "{}", '{"by": 7, "browser": ["x"], "network": {}, "name": null}', "\\ud800",
          '{"by": "x"}',
          '{"network": "\\u202egro.elpmaxe", "browser": "\\u202e<b>", "name": "<script>alert(1)</script>\\u0000"}']  # fmt: skip


@pytest.mark.parametrize("data", BROKEN)
async def test_an_old_row_may_hold_anything(alice: AsyncClient, number: int, data: str) -> None:
    await many(number, "signed_in passkey_added sign_in_failed cat_fed sign_in_failed sign_in_failed account_locked")
    await db.execute("UPDATE events SET data = {}", data)
    entries = [line for line in await log(alice) if not line.startswith("# ")]
    assert len(entries) == 4, "of a kind that nobody knows nothing can be said"
    text = (await alice.get(LOG)).text
    assert "<script>alert" not in text
    assert "\u202e" not in text
    for ending in ("csv", "json"):
        answer = await alice.get(f"{LOG}.{ending}")
        assert answer.status_code == 200
        assert "\u202e" not in answer.text
    assert len((await alice.get(f"{LOG}.json")).json()["events"]) == 6


async def exported(browser: AsyncClient) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    table = (await browser.get(f"{LOG}.csv")).content
    assert table.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(table.decode("utf-8-sig"), newline=""))), (await browser.get(f"{LOG}.json")).json()[
        "events"
    ]


async def test_the_log_can_be_taken_away_each_try_by_itself(
    alice: AsyncClient, number: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(activity, "BATCH", 7)
    await builders.customer(time_zone="Europe/Paris")
    with time_machine.travel(START, tick=False):
        await many(number, "signed_in sign_in_failed sign_in_failed", 10, by="password", browser=PHONE, network="192.0.2.1")
    table, events = await exported(alice)
    assert table == events
    assert [one["kind"] for one in table] == ["sign_in_failed", "sign_in_failed", "signed_in"] * 10
    assert table[-1] == {
        "at": "2026-11-21T12:00:00Z", "local": "2026-11-21 13:00:00+01:00", "kind": "signed_in",
        "said": "Signed in with your password", "detail": "", "browser": "Safari on iPhone", "user_agent": PHONE, "where": "",
        "network": "192.0.2.1",
    }  # fmt: skip
    assert all(one["at"] >= two["at"] for one, two in pairwise(table))


@pytest.mark.parametrize("text", ['=HYPERLINK("http://evil")', "+1", "-1", "@SUM(1)", "  =1", "＝1", "\t=1"])
async def test_no_text_is_a_formula_in_a_spreadsheet(alice: AsyncClient, number: int, text: str) -> None:
    await record("passkey_added", customer=number, name=text, browser=text)
    ((line,), (event,)) = await exported(alice)
    for column in ("detail", "user_agent"):
        assert line[column].startswith("'")
        assert not event[column].startswith("'"), "JSON holds it as it is"


async def test_the_files_are_to_be_kept_not_shown(alice: AsyncClient) -> None:
    for ending, kind in (("csv", "text/csv"), ("json", "application/json")):
        answer = await alice.get(f"{LOG}.{ending}")
        assert answer.headers["content-type"].startswith(kind)
        assert answer.headers["content-disposition"] == f'attachment; filename="activity.{ending}"'
        assert answer.headers["cache-control"] == "no-store"
    assert (await alice.get(LOG)).headers["cache-control"] == "no-store"


async def test_it_speaks_french(alice: AsyncClient, number: int) -> None:
    await builders.customer(locale="fr")
    with time_machine.travel(START, tick=False):
        await many(number, "sign_in_failed", 12)
        (heading, entry) = await log(alice)
    assert heading == "# Aujourd’hui"
    assert entry.startswith("12 ")
    assert "failed" not in entry


async def test_it_is_read_from_an_index_of_its_own(alice: AsyncClient, number: int) -> None:
    """A customer with thousands of orders has ten events of theirs for one of the account's."""
    if not db.ON_SQLITE:
        return  # PostgreSQL plans by the size of the table
    plan = await db.rows(f"EXPLAIN QUERY PLAN SELECT id, data {activity.FROM} AND id < {{}} ORDER BY id DESC", number, 9)
    assert [one["detail"] for one in plan] == ["SEARCH events USING INDEX events_of_an_account (customer=? AND id<?)"]


def test_a_hostile_browser_is_a_text_in_the_card() -> None:
    data = json.dumps({"browser": "\u202e" + "Bot/1 " * 2000, "network": "1" * 999})
    made = activity_cards.entry(activity.Happened(1, "signed_in", START, data), Voice("en"))
    assert len(made.where) <= 300
    assert len(made.browser) <= 100
