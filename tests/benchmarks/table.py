"""The figures against their goals: as a table for people, as JSON for programs."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from tests.benchmarks.doors import Doors
from tests.benchmarks.importing import Imported
from tests.benchmarks.measuring import Figure
from tests.benchmarks.pushing import Pushing
from tests.benchmarks.scanning import Scanned
from tests.benchmarks.telling import Told
from tests.benchmarks.weighing import Weight

SIGN_IN, TELLS = 1.2, 0.1
SOON, LATEST, IDLE = 100, 250, 0.01
ADDED = 1.03  # static answers: the goal is 60 µs where one takes 58
PUSHED = 1_000  # messages a second and core
FLAT = 1.1  # memory of the large import to that of the small one
GROWTH, RATE, FIRST_VISIT, LIST_PAGE = 1.15, 5_000, 60_000, 8_000


class Result(Struct):
    """Of one database at one size; `bytes` is what the filled database takes."""

    database: str
    orders: int
    bytes: int
    figures: list[Figure]


class Verdict(Struct):
    """One goal. `met` is None where something is only told."""

    what: str
    value: str
    goal: str
    met: bool | None


class Results(Struct):
    results: list[Result] = []
    imports: dict[str, list[Imported]] = {}
    doors: dict[str, Doors] = {}
    scans: dict[str, Scanned] = {}
    told: dict[str, Told] = {}
    weight: Weight | None = None
    pushing: Pushing | None = None
    missing: list[str] = []  # what could not be measured, and why
    load: list[float] = []  # processes that wanted a CPU, the kernel's mean of a minute, before each measurement
    cpus: int = 1

    def verdicts(self) -> Iterator[Verdict]:
        for result in self.results:
            for figure in result.figures:
                if figure.goal is not None:
                    yield _verdict(f"{figure.name}, {_where(result)}", figure.ratio, figure.goal, " ×", bool(figure.fault))
        for database in dict.fromkeys(result.database for result in self.results):
            yield from self._growth(database)
        for database, runs in self.imports.items():
            yield from _import(database, runs)
        for database, door in self.doors.items():
            yield _verdict(f"CPU of a sign-in to that of the password's hash, {database}", round(door.ratio, 2), SIGN_IN, " ×")
            yield Verdict(f"CPU that a session adds to a request, {database}", f"{door.added:.0f} µs", "", None)
            yield _verdict(f"the same to a static answer, {database}", round(door.added_ratio, 2), ADDED, " ×")
            for way, told in (("password", door.passwords), ("code", door.codes)):
                yield _verdict(f"what time tells of an account, by {way}, {database}", round(abs(told - 0.5), 2), TELLS)
        for database, told in self.told.items():
            yield from _told(database, told)
        if self.weight:
            yield _verdict("bytes of a first visit", self.weight.first_visit, FIRST_VISIT)
            yield _verdict("bytes of a list page", self.weight.list_page, LIST_PAGE)

        if self.pushing:
            yield from _pushing(self.pushing)

    def _growth(self, database: str) -> Iterator[Verdict]:
        """The list's cost at the largest size to that at the smallest, the database's work included."""
        costs = {
            result.orders: next(figure.ratio_with_database for figure in result.figures if figure.name == "list")
            for result in self.results
            if result.database == database
        }
        least, most = min(costs), max(costs)
        if least < most and costs[least]:
            what = f"list at {most:,} to list at {least:,} orders, {database}"
            yield _verdict(what, round(costs[most] / costs[least], 2), GROWTH, " ×")

    def lines(self) -> Iterator[str]:
        for result in self.results:
            yield f"\n{_where(result)} ({result.bytes / 1e6:,.0f} MB)"
            yield f"  {'':26}{'bytes':>7}{'a second':>10}{'CPU µs':>9}{'database':>10}{'static':>8}{'ratio':>8}{'with db':>9}"
            yield from (f"  {_figure(figure)}" for figure in result.figures)
        yield ""
        for database, runs in self.imports.items():
            for run in runs:
                yield (
                    f"import, {database}: {run.lines:,} lines in {run.seconds:.1f} s ({run.cpu:.1f} s of CPU), "
                    f"{run.rate:,.0f} a second, {run.memory / 1e6:.0f} MB of memory ({run.resident / 1e6:.0f} MB resident)"
                )
        for database, scan in self.scans.items():
            yield (
                f"scans, {database}: {scan.taken:,.0f} taken a second (again: {scan.again:,.0f}); a bare row in a transaction: "
                f"{scan.inserted:,.0f}, {scan.ratio:.1f} × as many"
            )
        yield f"\n{'goal':66}{'measured':>12}{'goal':>12}"
        for verdict in self.verdicts():
            met = {True: "met", False: "MISSED", None: ""}[verdict.met]
            yield f"{verdict.what:66}{verdict.value:>12}{verdict.goal:>12}  {met}"
        yield from (f"NOT MEASURED: {line}" for line in self.missing)
        if max(self.load) > self.cpus:
            busy = f"a load of up to {max(self.load):.1f} on {self.cpus} CPUs"
            yield f"THE MACHINE WAS BUSY with something else ({busy}). CPUs share their caches: ratios come out up to half as"
            yield "high again, and the import waits for its turn: measure when nothing else runs."


def _where(result: Result) -> str:
    return f"{result.database}, {result.orders:,} orders"


def _figure(figure: Figure) -> str:
    if figure.fault:
        return f"{figure.name:26}  {figure.fault}"
    return (
        f"{figure.name:26}{figure.size:>7,}{figure.rate:>10,.0f}{figure.cpu:>9,.0f}{figure.database:>10,.0f}{figure.static:>8,.0f}"
        f"{figure.ratio:>8.1f}{figure.ratio_with_database:>9.1f}"
    )


def _verdict(what: str, value: float, most: float, unit: str = "", failed: bool = False) -> Verdict:
    return Verdict(what, "failed" if failed else f"{value:,}{unit}", f"≤ {most:,}{unit}", not failed and value <= most)


def _import(database: str, runs: list[Imported]) -> Iterator[Verdict]:
    """The goal is SQLite's; the other's is told."""
    slowest = min(run.rate for run in runs)
    judged = database == "sqlite"
    yield Verdict(f"lines imported a second, {database}", f"{slowest:,.0f}", f"≥ {RATE:,}", slowest >= RATE if judged else None)
    if len(runs) > 1:
        grown = round(runs[-1].memory / runs[0].memory, 2)
        what = f"memory for {runs[-1].lines:,} lines to that for {runs[0].lines:,}, {database}"
        yield _verdict(what, grown, FLAT, " ×")


def _pushing(rates: Pushing) -> Iterator[Verdict]:
    yield Verdict("messages pushed a second and core", f"{rates.sent:,.0f}", f"≥ {PUSHED:,}", rates.sent >= PUSHED)
    yield Verdict("their limit: encryption alone", f"{rates.encrypted:,.0f}", "", None)
    yield Verdict("encryption, and a signature for each", f"{rates.signed_each:,.0f}", "", None)


def _told(database: str, told: Told) -> Iterator[Verdict]:
    yield _verdict(f"ms from an event to its notification, half of them, {database}", round(told.p50), SOON)
    yield _verdict(f"the same, 99 of 100, {database}", round(told.p99), LATEST)
    yield Verdict(f"events told a second, {database}", f"{told.rate:,.0f}", "", None)
    yield _verdict(f"of a CPU for a worker that waits, {database}", round(told.idle, 4), IDLE)


def as_json(results: Results) -> dict[str, Any]:
    return {
        "goals": list(results.verdicts()), "results": results.results, "imports": results.imports, "doors": results.doors,
        "scans": results.scans, "told": results.told, "weight": results.weight, "pushing": results.pushing,
        "missing": results.missing,
        "load": results.load, "cpus": results.cpus,
    }  # fmt: skip
