"""Making the tables, also when several processes start at once."""

import json
import runpy
from collections import Counter
from pathlib import Path

from tests.commands.conftest import ROOT, Shell

MIGRATIONS = len(list(Path(ROOT, "migrations").glob("*.py")))


async def test_of_four_processes_that_start_at_once_one_makes_the_tables(bare: Shell) -> None:
    started = [bare.start("migrate", "--json") for _ in range(4)]
    answers = [process.communicate(timeout=120)[0] for process in started]
    assert [process.returncode for process in started] == [0, 0, 0, 0], answers
    ran = sorted(len(json.loads(answer)["ran"]) for answer in answers)
    assert ran == [0, 0, 0, MIGRATIONS]
    assert await bare.count("migration") == MIGRATIONS
    assert await bare.count("orders") == 0


def test_a_second_time_nothing_is_left_to_do(shell: Shell) -> None:
    assert shell.json("migrate")["ran"] == []
    assert shell.works("migrate") == "The tables are up to date.\n"


def test_no_two_indexes_have_one_name() -> None:
    """`CREATE INDEX IF NOT EXISTS` would leave out the second one in silence."""
    tables = (runpy.run_path(str(file)).get("INDEXES", ()) for file in Path(ROOT, "migrations").glob("*.py"))
    names = [next(part for part in index if part.strip() not in ("", "UNIQUE")) for table in tables for index in table]
    assert [name for name, times in Counter(names).items() if times > 1] == []
