"""An import that is killed, and one of a long file."""

import os
import signal
import subprocess
from pathlib import Path
from typing import Any

from tests.commands.conftest import Shell, Shells
from tests.commands.orders_file import mapping, orders

COUNT = 6_000
STORY = """
SELECT o.external_id, o.address, o.total, o.content_hash, o.line_count, c.email, count(l.id), sum(l.total)
FROM orders o JOIN customers c ON c.id = o.customer JOIN order_lines l ON l."order" = o.id
GROUP BY o.external_id, o.address, o.total, o.content_hash, o.line_count, c.email ORDER BY o.external_id
"""
TOLD = 'SELECT o.external_id, e.kind, count(*) FROM events e JOIN orders o ON o.id = e."order" GROUP BY 1, 2 ORDER BY 1, 2'
PEOPLE = "SELECT email, order_years, order_merchants FROM customers ORDER BY email"


async def story(shell: Shell) -> list[list[tuple[Any, ...]]]:
    return [await shell.rows(sql) for sql in (STORY, TOLD, PEOPLE)]


async def test_killed_three_times_and_run_again_nothing_is_lost_and_nothing_double(shells: Shells, tmp_path: Path) -> None:
    killed, undisturbed = await shells(), await shells()
    for shell in (killed, undisturbed):
        shell.works("migrate")
    command = ["import", "spreadsheet", orders(tmp_path / "stall.csv", COUNT), "--mapping", mapping(tmp_path)]
    for landed in (1, 1_000, 2_000):
        process = await started(killed, command, landed)
        process.kill()
        process.communicate()
        assert process.returncode == -signal.SIGKILL
        kept = await killed.count("orders")
        assert landed <= kept < COUNT
        assert kept % 200 == 0  # whole batches only

    again = killed.json(*command)
    assert (again["new"], again["unchanged"], again["updated"], again["refused"]) == (COUNT - kept, kept, 0, 0)
    undisturbed.works(*command)
    assert await story(killed) == await story(undisturbed)


async def started(shell: Shell, command: list[str | Path], landed: int) -> subprocess.Popen[str]:
    """An import that goes on, once that many orders have landed."""
    process = shell.start(*command)
    while await shell.count("orders") < landed:
        assert process.poll() is None, process.communicate()
    return process


async def test_interrupted_with_ctrl_c_it_says_so_and_can_be_run_again(shell: Shell, tmp_path: Path) -> None:
    command = ["import", "spreadsheet", orders(tmp_path / "stall.csv", COUNT), "--mapping", mapping(tmp_path)]
    process = await started(shell, command, 200)
    process.send_signal(signal.SIGINT)
    told, _ = process.communicate(timeout=60)
    assert (process.returncode, told) == (130, "interrupted\n")
    assert shell.json(*command)["orders"] == COUNT


def test_memory_does_not_grow_with_the_file(shell: Shell, tmp_path: Path) -> None:
    used = []
    for count in (2_000, 20_000):
        command = ["import", "spreadsheet", orders(tmp_path / "stall.csv", count), "--mapping", mapping(tmp_path)]
        used.append(peak(shell.start(*command)))
    assert used[1] - used[0] < 12, used  # MB, for nine times as much again


def peak(process: subprocess.Popen[str]) -> int:
    """The most memory that the process had when it has ended well, in MB."""
    with process:
        assert process.stdout is not None
        process.stdout.read()
        _pid, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss // 1024
