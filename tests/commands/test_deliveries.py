"""`python -m app deliveries` and `worker`: what waits and what was given up is seen and changed; the worker stops cleanly."""

import asyncio
import signal
import time
from datetime import UTC, datetime, timedelta

from tests.commands.conftest import Shell, said_until

AT = datetime.now(UTC)


async def given(shell: Shell, *states: str, error: str = "the server said no") -> None:
    """A notification of Alice's with a delivery in each of these states, numbered from 1."""
    at = AT - timedelta(hours=3)
    await shell.change(
        "INSERT INTO customers (email, name, locale, time_zone, password_hash, revision, order_years, order_merchants, "
        f"created_at) VALUES ('alice@example.com', '', '', '', '', 1, '', '', '{at}')"
    )
    await shell.change(
        "INSERT INTO notifications (customer, event, topic, kind, url, data, at, created_at, shown) VALUES "
        f"(1, 1000, 'orders', 'order_placed', '/', '{{}}', '{at}', '{at}', true)"
    )
    for n, state in enumerate(states):
        await shell.change(
            "INSERT INTO deliveries (notification, channel, target, message_id, state, attempts, next_try_at, last_error, "
            f"created_at) VALUES (1, 'email', '{n}', 'm{n}', '{state}', 4, '{at}', '{error}', '{at}')"
        )


async def test_what_waits_and_what_was_given_up_is_listed_with_its_age_and_last_error(shell: Shell) -> None:
    await given(shell, "waiting", "failed", "sent")
    said = shell.works("deliveries", "list")
    assert [line.split()[:2] for line in said.splitlines()] == [["1", "waiting"], ["2", "failed"]]
    assert "3h" in said
    assert "4×" in said
    assert "the server said no" in said
    (one,) = shell.json("deliveries", "list", "--state", "sent")
    assert (one["id"], one["email"], one["kind"]) == (3, "alice@example.com", "order_placed")


async def test_retry_begins_anew_and_drop_ends_it(shell: Shell) -> None:
    await given(shell, "waiting", "failed", "failed", "sent")
    assert shell("deliveries", "retry").returncode == 2
    shell.works("deliveries", "retry", "--all")
    assert await shell.rows("SELECT state, attempts FROM deliveries ORDER BY id") == [
        ("waiting", 4), ("waiting", 0), ("waiting", 0), ("sent", 4),
    ]  # fmt: skip
    shell.works("deliveries", "drop", "1", "2")
    assert shell("deliveries", "drop", "3", "4").returncode == 1  # one was sent: neither is changed
    states = await shell.rows("SELECT state FROM deliveries ORDER BY id")
    assert [state for (state,) in states] == ["dropped", "dropped", "waiting", "sent"]


async def test_what_is_old_is_tried_again_by_its_number_alone(shell: Shell) -> None:
    """Nobody is told today, all at once, what was given up in a year."""
    await given(shell, "failed", "failed")
    await shell.change(f"UPDATE deliveries SET created_at = '{AT - timedelta(days=8)}' WHERE id = 1")
    assert "seven days" in " ".join(shell("deliveries", "retry", "--help").stdout.split())
    assert shell.works("deliveries", "retry", "--all").startswith("1 ")
    assert await shell.rows("SELECT state FROM deliveries ORDER BY id") == [("failed",), ("waiting",)]
    shell.works("deliveries", "retry", "1")
    assert await shell.rows("SELECT state FROM deliveries ORDER BY id") == [("waiting",), ("waiting",)]


async def test_check_says_when_nobody_is_at_work(shell: Shell) -> None:
    await given(shell, "waiting", "failed")
    done = shell("check")
    assert done.returncode == 1
    assert "1 deliveries wait for a worker" in done.stdout
    assert "1 deliveries were given up" in done.stdout


async def test_the_worker_tells_and_stops_cleanly(shell: Shell) -> None:
    """Beside a counter that leaves it the work."""
    await given(shell)
    worker = shell.start("worker")
    try:
        said_until(worker, "at work")
        await shell.change(
            'INSERT INTO events (kind, customer, "order", at, recorded_at, data) VALUES '
            f"('refund_succeeded', 1, 9, '{AT}', '{AT}', '{{}}')"
        )
        until = time.monotonic() + 30
        while not await shell.rows("SELECT 1 FROM notifications WHERE kind = 'refund_succeeded'"):
            assert time.monotonic() < until
            await asyncio.sleep(0.05)
        worker.send_signal(signal.SIGTERM)
        said, _ = worker.communicate(timeout=30)
        assert worker.returncode == 0, said
        assert "Traceback" not in said
    finally:
        worker.kill()
        worker.communicate()
    assert await shell.rows("SELECT unread FROM customers") == [(1,)]
