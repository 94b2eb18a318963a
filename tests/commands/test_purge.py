"""`python -m app purge`: what would go is told before it goes; killed at any moment, it is done when it is run again."""

import time

from tests.commands.conftest import Shell

MANY = 4_000  # messages of one conversation
LONG_AGO = "2001-01-01 12:00:00+00:00"


async def old(shell: Shell) -> None:
    """All conversations of the demo shop are from long ago, nobody waits for anything, and one of them is long."""
    await shell.change(
        f"UPDATE threads SET last_at = '{LONG_AGO}', waiting_on = 'nobody', kept = {'false' if shell.url else '0'}"
    )
    await shell.change("UPDATE returns SET state = 'closed'")
    numbers = f"SELECT generate_series(1, {MANY}) AS n" if shell.url else (
        f"WITH RECURSIVE s (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < {MANY}) SELECT n FROM s"
    )  # fmt: skip
    await shell.change(
        "INSERT INTO messages (thread, side, name, text, via, event, at) "
        f"SELECT (SELECT min(id) FROM threads), 'buyer', '', 'said', 'app', '', '{LONG_AGO}' FROM ({numbers}) AS many"
    )


async def test_what_would_go_is_told_before_it_goes(shop: Shell) -> None:
    await old(shop)
    before = await shop.count("threads")
    assert before > 0
    said = shop.works("purge", "--dry-run")
    assert "order        1095 days" in said
    assert await shop.count("threads") == before
    found = shop.json("purge")
    assert sum(one["threads"] for one in found) == before
    assert [await shop.count(table) for table in ("threads", "messages", "message_files", "message_words")] == [0, 0, 0, 0]
    assert await shop.count("events WHERE kind = 'thread_purged'") == before


async def test_killed_at_any_moment_it_is_taken_up_again(shop: Shell) -> None:
    await old(shop)
    before = await shop.count("threads")
    all_of_it = await shop.count("messages")
    for _ in range(3):
        with shop.start("purge") as running:
            while await shop.count("messages") == all_of_it and running.poll() is None:
                time.sleep(0.01)  # noqa: ASYNC251 - nothing else waits here
            running.kill()
        all_of_it = await shop.count("messages")
    shop.works("purge")
    assert await shop.count("threads") == await shop.count("messages") == 0
    assert await shop.count("events WHERE kind = 'thread_purged'") == before, "each is recorded once"
