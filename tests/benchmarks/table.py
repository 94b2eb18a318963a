"""The figures against their goals: as a table for people, as JSON for programs."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

from tests.benchmarks import verdicts
from tests.benchmarks.doors import Doors
from tests.benchmarks.importing import Imported
from tests.benchmarks.measuring import Figure
from tests.benchmarks.packing import Packed
from tests.benchmarks.pushing import Pushing
from tests.benchmarks.scanning import Scanned
from tests.benchmarks.streams import Streams
from tests.benchmarks.tapping import Tapping
from tests.benchmarks.telling import Told
from tests.benchmarks.verdicts import Verdict, at_most
from tests.benchmarks.weighing import Weight

FIRST_VISIT, LIST_PAGE = 60_000, 8_000
# How much more a page may cost at the largest size than at the smallest.
GROWTH = {"list": 1.15, "inbox, list": 1.15, "inbox, thread": 1.15, "inbox, found": 2.0}


class Result(Struct):
    """Of one database at one size; `bytes` is what the filled database takes."""

    database: str
    orders: int
    bytes: int
    figures: list[Figure]


class Results(Struct):
    results: list[Result] = []
    imports: dict[str, list[Imported]] = {}
    doors: dict[str, Doors] = {}
    scans: dict[str, Scanned] = {}
    told: dict[str, Told] = {}
    streams: dict[str, Streams] = {}
    packs: dict[str, Packed] = {}
    weight: Weight | None = None
    pushing: Pushing | None = None
    tapping: Tapping | None = None
    missing: list[str] = []  # what could not be measured, and why
    load: list[float] = []  # processes that wanted a CPU, the kernel's mean of a minute: at first, before each size
    cpus: int = 1

    def verdicts(self) -> Iterator[Verdict]:
        for result in self.results:
            for figure in result.figures:
                if figure.goal is not None:
                    yield at_most(f"{figure.name}, {_where(result)}", figure.ratio, figure.goal, " ×", bool(figure.fault))
        for database in dict.fromkeys(result.database for result in self.results):
            yield from self._growth(database)
        yield from verdicts.imports(self.imports)
        yield from verdicts.doors(self.doors)
        if self.weight:
            yield at_most("bytes of a first visit", self.weight.first_visit, FIRST_VISIT)
            yield at_most("bytes of a list page", self.weight.list_page, LIST_PAGE)
        yield from verdicts.packs(self.packs)
        yield from verdicts.scans(self.scans)
        yield from verdicts.telling(self.told)
        yield from verdicts.streams(self.streams)
        if self.pushing:
            yield from verdicts.pushing(self.pushing)
        if self.tapping:
            yield from verdicts.tapping(self.tapping)

    def _growth(self, database: str) -> Iterator[Verdict]:
        """A page's cost at the largest size to that at the smallest, the database's work included."""
        sizes = [result for result in self.results if result.database == database]
        least, most = (pick(sizes, key=lambda it: it.orders) for pick in (min, max))
        if least.orders < most.orders:
            for name, goal in GROWTH.items():
                before, after = (_cost(result, name) for result in (least, most))
                if before:
                    what = f"{name} at {most.orders:,} to {name} at {least.orders:,}, {database}"
                    yield at_most(what, round(after / before, 2), goal, " ×")

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
        yield f"\n{'goal':71}{'measured':>12}{'goal':>12}"
        for verdict in self.verdicts():
            met = {True: "met", False: "MISSED", None: ""}[verdict.met]
            yield f"{verdict.what:71}{verdict.value:>12}{verdict.goal:>12}  {met}"
        yield from (f"NOT MEASURED: {line}" for line in self.missing)
        if max(self.load, default=0) > self.cpus:
            busy = f"a load of up to {max(self.load):.1f} on {self.cpus} CPUs"
            yield f"THE MACHINE WAS BUSY with something else ({busy}). CPUs share their caches: ratios come out up to half as"
            yield "high again, and the import waits for its turn: measure when nothing else runs."


def _cost(result: Result, name: str) -> float:
    return next(figure.ratio_with_database for figure in result.figures if figure.name == name)


def _where(result: Result) -> str:
    return f"{result.database}, {result.orders:,} orders"


def _figure(figure: Figure) -> str:
    if figure.fault:
        return f"{figure.name:26}  {figure.fault}"
    return (
        f"{figure.name:26}{figure.size:>7,}{figure.rate:>10,.0f}{figure.cpu:>9,.0f}{figure.database:>10,.0f}{figure.static:>8,.0f}"
        f"{figure.ratio:>8.1f}{figure.ratio_with_database:>9.1f}"
    )


def as_json(results: Results) -> dict[str, Any]:
    return {
        "goals": list(results.verdicts()), "results": results.results, "imports": results.imports, "doors": results.doors,
        "scans": results.scans, "told": results.told, "streams": results.streams, "packs": results.packs,
        "weight": results.weight, "pushing": results.pushing, "tapping": results.tapping, "missing": results.missing,
        "load": results.load,
        "cpus": results.cpus,
    }  # fmt: skip
