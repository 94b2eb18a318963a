"""Several processes on one database: what one changes is told at the others; a database that was gone is found again."""

import asyncio
import time
from pathlib import Path

import asyncpg
import httpx
import pytest

from tests import on_postgres
from tests.commands.conftest import Shell
from tests.commands.ready import Ready
from tests.conftest import SERVER
from tests.live.processes import PATIENCE, page_open, person, serving, stopped, two_serving


async def speak(address: str, cookies: dict[str, str], locale: str) -> None:
    """A change by the verb of one process."""
    async with httpx.AsyncClient(base_url=address, cookies=cookies, headers={"Origin": "http://localhost:8000"}) as browser:
        answer = await browser.post("/locale", data={"locale": locale, "back": "/"}, headers={"Sec-Fetch-Site": "same-origin"})
    assert answer.status_code == 303


async def test_a_change_by_one_process_reaches_a_page_that_is_open_at_another(shell: Shell) -> None:
    cookies = await person(shell)
    with two_serving(shell) as ((one, _), (other, _)):
        async with page_open(one, cookies) as here, page_open(other, cookies) as there:
            assert await here.state() == await there.state() == (1, 0)
            took = []
            for revision, locale in enumerate(("fr", "en", "fr"), 2):
                asking = asyncio.create_task(speak(one, cookies, locale))
                took += [await there.until((revision, 0)), await here.until((revision, 0))]
                await asking
            await shell.change("UPDATE customers SET unread = 4 WHERE id = 7")
            took += [await there.until((4, 4)), await here.until((4, 4))]
            assert sorted(took)[len(took) // 2] < 1, took
            await shell.change("DELETE FROM sessions WHERE customer = 7")
            for page in (here, there):
                with pytest.raises(AssertionError, match="over"):
                    await page.state()


async def test_two_workers_of_one_server_tell_each_others_changes(shell: Shell) -> None:
    cookies = await person(shell)
    with serving(shell, "--workers", "2") as (address, _):
        async with page_open(address, cookies) as one, page_open(address, cookies) as two, page_open(address, cookies) as three:
            pages = (one, two, three)
            assert [await page.state() for page in pages] == [(1, 0)] * 3
            await speak(address, cookies, "fr")
            assert [await page.state() for page in pages] == [(2, 0)] * 3


async def test_open_streams_do_not_hold_up_a_stop(shell: Shell) -> None:
    cookies = await person(shell)
    with serving(shell) as (address, process):
        async with page_open(address, cookies) as page, page_open(address, cookies):
            await page.state()
            said = await asyncio.to_thread(stopped, process)
            with pytest.raises(AssertionError, match="over"):
                await page.state()
    assert "Cancel" not in said
    assert "Traceback" not in said


async def _answers(address: str, cookies: dict[str, str]) -> float:
    """Seconds until a page that asks the database is there again."""
    begun = time.monotonic()
    async with httpx.AsyncClient(base_url=address, cookies=cookies, timeout=PATIENCE) as browser:
        while (answer := await browser.get("/account")).status_code != 200:
            assert time.monotonic() - begun < PATIENCE, answer.text
            await asyncio.sleep(0.05)
    return time.monotonic() - begun


@pytest.mark.skipif(not SERVER, reason="a file is never restarted: PostgreSQL only")
@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_a_database_that_was_restarted_is_found_again_and_nothing_is_lost(
    tmp_path: Path, ready: Ready, mode: str
) -> None:
    folder = on_postgres.binaries()
    assert folder is not None
    with on_postgres.running(folder) as database:
        shell = Shell(tmp_path, f"{database.address}/postgres", ready)
        await asyncio.to_thread(shell.works, "migrate")
        cookies = await person(shell)
        with two_serving(shell) as ((one, process), (other, _)):
            async with page_open(one, cookies) as here, page_open(other, cookies) as there:
                assert await here.state() == await there.state() == (1, 0)
                await asyncio.to_thread(database.stop, mode)
                async with httpx.AsyncClient(base_url=one, cookies=cookies, timeout=PATIENCE) as browser:
                    assert [(await browser.get(path)).status_code for path in ("/account", "/up", "/account")] == [503] * 3
                await asyncio.to_thread(database.start)
                connection = await asyncpg.connect(shell.url)  # sooner than anybody listens again
                await connection.execute("UPDATE customers SET revision = 9, unread = 2 WHERE id = 7")
                await connection.close()
                assert await here.state() == await there.state() == (9, 2)
                await _answers(one, cookies)
                await _answers(other, cookies)
                await speak(one, cookies, "fr")
                assert await there.state() == (10, 2)
                assert await here.state() == (10, 2)
            said = await asyncio.to_thread(stopped, process)
            assert "no news from the database" in said or "has ended the connection" in said
