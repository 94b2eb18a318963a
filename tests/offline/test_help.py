"""Help: every way on which messages could come says how it stands with it; and to the browser's own page and back."""

from datetime import UTC, datetime

import pytest
import time_machine
from httpx import AsyncClient

from app import db
from app.inbox import about, putting, starting
from app.inbox.posting import Said
from app.notifications import bounces
from tests import builders

PAGE = "/help/messages"


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


@pytest.fixture
async def hers(client: AsyncClient, alice: int) -> AsyncClient:
    client.cookies.update(await builders.session())
    return client


async def test_help_leads_to_what_people_come_for_with_or_without_an_account(client: AsyncClient) -> None:
    page = (await client.get("/help")).text
    for url in ("/arrivals", "/returns", PAGE, "/app-health", "/inbox/new", "/sign-in"):
        assert f'href="{url}"' in page, url


async def test_both_pages_lead_to_each_other(hers: AsyncClient) -> None:
    assert 'href="/app-health"' in (await hers.get(PAGE)).text
    assert f'href="{PAGE}"' in (await hers.get("/app-health")).text
    assert 'href="/help"' in (await hers.get("/account")).text


async def test_all_is_well_says_where_mails_go_and_from_whom(hers: AsyncClient) -> None:
    page = (await hers.get(PAGE)).text
    assert builders.ALICE in page
    assert "look among spam" in page
    assert "Muted conversations" not in page


async def test_a_closed_mailbox_is_named_with_what_mends_it(hers: AsyncClient, alice: int) -> None:
    await bounces.mark(alice, builders.ALICE, "5.1.1 no such user")
    page = (await hers.get(PAGE)).text
    assert "have come back" in page
    assert 'href="/account/email"' in page


async def test_what_they_chose_themselves_is_said(hers: AsyncClient, alice: int) -> None:
    for way in ("email", "push"):
        row = {"customer": alice, "topic": "messages", "channel": way, "wanted": False}
        await db.insert("preferences", [row])
    said = Said(side="buyer", text="?", author=alice, name="Alice Martin")
    order = await builders.order()
    code = await starting.start(alice, await about.order(alice, order["address"]), said)
    await putting.change(alice, [code], "muted", True)
    page = (await hers.get(PAGE)).text
    assert "You have switched it off for messages." in page
    assert f'href="/inbox/{code}"' in page


async def test_quiet_hours_are_said_while_they_last(client: AsyncClient, alice: int) -> None:
    row = {"customer": alice, "quiet_from": "22:00", "quiet_until": "07:00", "one_interruption": True}
    await db.insert("notice_settings", [row])
    for hour, said in ((23, "They last until"), (12, "not just now")):
        with time_machine.travel(datetime(2026, 11, 20, hour, tzinfo=UTC)):
            client.cookies.clear()
            client.cookies.update(await builders.session())
            assert said in (await client.get(PAGE)).text, hour
