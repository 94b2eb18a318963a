"""A scan that one process takes is on the page that is open at another, and in the notifications there; also when the
database was restarted under both meanwhile."""

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests import on_postgres
from tests.commands.conftest import Shell
from tests.commands.ready import Ready
from tests.conftest import SERVER
from tests.live.processes import PATIENCE, Page, page_open, person, two_serving

SHOP, NUMBER = "atelier-mo", "6A00000000017"
ORDER = {
    "number": "1", "customer": {"email": "alice@example.com"}, "currency": "EUR", "total": 4800, "prices_include_tax": True,
    "placed_at": "2026-11-02T09:00:00Z",
    "lines": [{"id": "1", "title": "Teapot", "quantity": 1, "unit_price": 4800, "total": 4800}],
    "shipments": [{"id": "p1", "tracking_number": NUMBER, "lines": [{"line": "1", "quantity": 1}]}],
}  # fmt: skip


class Programs:
    """A merchant's, at one server."""

    def __init__(self, address: str, key: str) -> None:
        self.address, self.headers = address, {"Authorization": f"Bearer {key}"}

    async def put(self, path: str, method: str = "PUT", **said: Any) -> None:
        """Until it is taken: whoever is answered with an error sends it again."""
        async with asyncio.timeout(PATIENCE), httpx.AsyncClient(base_url=self.address, headers=self.headers) as program:
            while (answer := await program.request(method, path, json=said)).status_code >= 500:  # noqa: ASYNC110 - another process tells only by answering
                await asyncio.sleep(0.1)
        assert answer.status_code in (200, 201), answer.text

    async def scan(self, status: str, hours: float) -> None:
        at = datetime.now(UTC) - timedelta(hours=hours)
        await self.put(f"/api/v1/shipments/{SHOP}/{NUMBER}/scans", "POST", at=at.isoformat(), status=status)


async def _unread(page: Page, expected: int) -> int:
    """The revision at which so many are unread."""
    while True:
        revision, unread = await page.state()
        if unread >= expected:
            return revision


async def _told(shell: Shell) -> list[str]:
    """Of what its carrier said; that it was sent, the shop has."""
    found = await shell.rows("SELECT kind FROM notifications WHERE kind LIKE 'shipment_%' AND kind <> 'shipment_dispatched'")
    return sorted(row[0] for row in found)


async def _prepared(shell: Shell, one: str) -> Programs:
    made = await asyncio.to_thread(shell.works, "key", "make", SHOP, "tests")
    programs = Programs(one, made.split()[0])
    await programs.put("/api/v1/orders/1", **ORDER)
    return programs


async def test_a_scan_taken_by_one_process_reaches_a_page_open_at_another(shell: Shell) -> None:
    await _merchant(shell)
    cookies = await person(shell)
    with two_serving(shell) as ((one, _), (other, _)):
        programs = await _prepared(shell, one)
        async with page_open(other, cookies) as page:
            (known,) = (await shell.rows("SELECT unread FROM customers WHERE id = 7"))[0]
            await programs.scan("attempt_failed", 3)
            begun = asyncio.get_running_loop().time()
            await _unread(page, int(known) + 1)
            assert asyncio.get_running_loop().time() - begun < PATIENCE / 4
            async with httpx.AsyncClient(base_url=other, cookies=cookies, timeout=PATIENCE) as browser:
                assert "Teapot" in (await browser.get("/notifications")).text
    assert "shipment_attempt_failed" in await _told(shell)


@pytest.mark.skipif(not SERVER, reason="a file is never restarted: PostgreSQL only")
async def test_scans_before_during_and_after_a_restart_of_the_database_are_all_told_once(tmp_path: Path, ready: Ready) -> None:
    folder = on_postgres.binaries()
    assert folder is not None
    with on_postgres.running(folder) as database:
        shell = Shell(tmp_path, f"{database.address}/postgres", ready)
        await asyncio.to_thread(shell.works, "migrate")
        await _merchant(shell)
        cookies = await person(shell)
        with two_serving(shell) as ((one, _), (other, _)):
            programs = await _prepared(shell, one)
            async with page_open(other, cookies) as page:
                await programs.scan("out_for_delivery", 4)
                await asyncio.to_thread(database.stop, "fast")  # this server would lose what it has not written yet
                sending = asyncio.create_task(programs.scan("attempt_failed", 3))
                await asyncio.sleep(0.5)
                await asyncio.to_thread(database.start)
                await sending
                await programs.scan("delivered", 1)
                async with asyncio.timeout(PATIENCE):
                    while len(await _told(shell)) < 3:  # noqa: ASYNC110 - nor these but by what they write
                        await asyncio.sleep(0.1)
                (unread,) = (await shell.rows("SELECT unread FROM customers WHERE id = 7"))[0]
                await _unread(page, int(unread))
        assert await _told(shell) == ["shipment_attempt_failed", "shipment_delivered", "shipment_out_for_delivery"]


async def _merchant(shell: Shell) -> None:
    await shell.change(
        f"INSERT INTO merchants (slug, name, created_at) VALUES ('{SHOP}', 'Atelier Mo', '2026-11-20 10:00:00+00:00')"
    )
