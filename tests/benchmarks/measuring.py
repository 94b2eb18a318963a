"""Rounds over all scenarios, a static answer of the same size before each: what counts is the median of the ratios."""

from collections.abc import Iterator
from statistics import median

from msgspec import Struct

from tests.benchmarks.client import Client
from tests.benchmarks.cpu import Meter
from tests.benchmarks.databases import Database
from tests.benchmarks.filling import Cast
from tests.benchmarks.scenarios import Scenario, scenarios, static

WARM_UP = 0.3  # seconds


class Figure(Struct):
    """Of one scenario. `cpu` and `database` are µs of CPU a request, of the server's process and of PostgreSQL's;
    `static` what the static answer of the same `size` (bytes of the body) takes; the ratios are medians over rounds."""

    name: str
    goal: float | None
    size: int
    rate: float
    cpu: float
    database: float
    static: float
    ratio: float
    ratio_with_database: float
    fault: str = ""


class Stint(Struct):
    """One run of requests: a second's answers and their cost in µs."""

    rate: float
    cpu: float
    database: float
    size: int


class Measuring:
    def __init__(self, client: Client, database: Database, server: int, seconds: float) -> None:
        self.client, self.database, self.server, self.seconds = client, database, server, seconds

    async def all(self, cast: Cast, rounds: int) -> list[Figure]:
        prepared: list[tuple[Scenario, Iterator[bytes], list[tuple[Stint, Stint]]]] = []
        figures: dict[str, Figure] = {}
        async for scenario in scenarios(self.client, cast):
            size, fault = await self._warm_up(scenario)
            if fault:
                figures[scenario.name] = Figure(scenario.name, scenario.goal, 0, 0, 0, 0, 0, 0, 0, fault)
            else:
                prepared.append((scenario, static(size, cast.collector), []))
        for last in (False, True):
            for _ in range(rounds):
                for scenario, plain, stints in prepared:
                    if scenario.last == last:
                        still = await self._stint(plain, (200,))
                        stints.append((still, await self._stint(scenario.requests, scenario.status)))
        return [*(_figure(scenario, stints) for scenario, _, stints in prepared), *figures.values()]

    async def _warm_up(self, scenario: Scenario) -> tuple[int, str]:
        """The size of a usual answer; what was wrong when something else came than the scenario wants."""
        run = await self.client.run(scenario.requests, WARM_UP)
        if wrong := {status: count for status, count in run.statuses.items() if status not in scenario.status}:
            return 0, f"answered {wrong}"
        return run.bytes // run.answers, ""

    async def _stint(self, requests: Iterator[bytes], wanted: tuple[int, ...]) -> Stint:
        own, backends = Meter([self.server]), Meter(await self.database.backends())
        run = await self.client.run(requests, self.seconds)
        cpu, database = own.read([self.server]), backends.read(await self.database.backends())
        if wrong := run.statuses.keys() - set(wanted):
            raise RuntimeError(f"answered {wrong} instead of {wanted}")
        return Stint(run.answers / run.seconds, cpu / run.answers * 1e6, database / run.answers * 1e6, run.bytes // run.answers)


def _figure(scenario: Scenario, stints: list[tuple[Stint, Stint]]) -> Figure:
    plain, own = [one for one, _ in stints], [one for _, one in stints]
    return Figure(
        name=scenario.name,
        goal=scenario.goal,
        size=own[0].size,
        rate=round(median(one.rate for one in own)),
        cpu=round(median(one.cpu for one in own), 1),
        database=round(median(one.database for one in own), 1),
        static=round(median(one.cpu for one in plain), 1),
        ratio=round(median(one.cpu / still.cpu for still, one in stints), 2),
        ratio_with_database=round(median((one.cpu + one.database) / still.cpu for still, one in stints), 2),
    )
