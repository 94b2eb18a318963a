"""What is judged in the table, and what is only told."""

import pytest

from tests.benchmarks import verdicts
from tests.benchmarks.pushing import Pushing
from tests.benchmarks.streams import Figures, Streams
from tests.benchmarks.table import Results

pytestmark = pytest.mark.without_database

RAW = Figures(memory=10.0, written=(0.0, 0.0), seen=(0.4, 2.0), everybody=(10.0, 20.0))


def _run(streams: int, *, memory: float = 17.0, late: float = 200.0, said: float = 90.0) -> dict[str, Streams]:
    ours = Figures(memory=memory, written=(50.0, 100.0), seen=(100.0, late), everybody=(100.0, 110.0))
    return {"sqlite": Streams(streams, 200, ours, RAW, (50.0, said))}


def _met(run: dict[str, Streams]) -> list[bool]:
    return [verdict.met for verdict in verdicts.streams(run) if verdict.met is not None]


def test_a_thousand_streams_are_judged_by_their_memory_and_by_the_latest_of_a_hundred_each_way() -> None:
    assert _met(_run(1_000)) == [True, True, True]
    assert _met(_run(1_000, memory=20.1)) == [False, True, True]
    assert _met(_run(1_000, late=1_001.0)) == [True, False, True]
    assert _met(_run(1_000, said=1_001.0)) == [True, True, False]


def test_fewer_are_told_of_and_not_judged() -> None:
    assert _met(_run(200, memory=99.0)) == []


def test_the_limit_stands_below_what_it_limits() -> None:
    lines = list(Results(streams=_run(200), pushing=Pushing(2_000, 6_000, 4_000)).lines())
    memory = next(n for n, line in enumerate(lines) if "kB of memory" in line)
    pushed = next(n for n, line in enumerate(lines) if "messages pushed a second and core" in line)
    assert "200 streams, sqlite" in lines[memory]
    assert "raw ASGI" in lines[memory + 1]
    assert "encryption alone" in lines[pushed + 1]
    assert "6,000" in lines[pushed + 1]
