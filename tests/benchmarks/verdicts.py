"""The goals, and what stands beside them: every figure of a run that is judged, and those that are only told."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from tests.benchmarks.doors import Doors
from tests.benchmarks.importing import Imported
from tests.benchmarks.packing import Packed
from tests.benchmarks.pushing import Pushing
from tests.benchmarks.scanning import Scanned
from tests.benchmarks.streams import Streams
from tests.benchmarks.tapping import Tapping
from tests.benchmarks.telling import Told

SIGN_IN, TELLS = 1.2, 0.1
ADDED = 1.03  # static answers: the goal is 60 µs where one takes 58
PUSHED = 1_000  # messages a second and core
PACK, DELTA = 100_000, 3_000  # bytes
FLAT = 1.1  # memory of the large import to that of the small one
RATE = 5_000  # lines imported a second
OPEN, STREAM, VISIBLE = 1_000, 20, 1_000  # so many streams; kB each; ms until every open page shows what happened
READABLE = 100  # ms from a tap to an order, without a network


class Verdict(Struct):
    """One goal. `met` is None where something is only told."""

    what: str
    value: str
    goal: str
    met: bool | None


def at_most(what: str, value: float, most: float, unit: str = "", failed: bool = False) -> Verdict:
    return Verdict(what, "failed" if failed else f"{value:,}{unit}", f"≤ {most:,}{unit}", not failed and value <= most)


def said(what: str, value: str) -> Verdict:
    return Verdict(what, value, "", None)


def imports(found: Mapping[str, list[Imported]]) -> Iterator[Verdict]:
    """The goal is SQLite's; the other's is told."""
    for database, runs in found.items():
        slowest = min(run.rate for run in runs)
        judged = database == "sqlite"
        yield Verdict(
            f"lines imported a second, {database}", f"{slowest:,.0f}", f"≥ {RATE:,}", slowest >= RATE if judged else None
        )
        if len(runs) > 1:
            grown = round(runs[-1].memory / runs[0].memory, 2)
            what = f"memory for {runs[-1].lines:,} lines to that for {runs[0].lines:,}, {database}"
            yield at_most(what, grown, FLAT, " ×")


def doors(found: Mapping[str, Doors]) -> Iterator[Verdict]:
    for database, door in found.items():
        yield at_most(f"CPU of a sign-in to that of the password's hash, {database}", round(door.ratio, 2), SIGN_IN, " ×")
        yield said(f"CPU that a session adds to a request, {database}", f"{door.added:.0f} µs")
        yield at_most(f"the same to a static answer, {database}", round(door.added_ratio, 2), ADDED, " ×")
        for way, told in (("password", door.passwords), ("code", door.codes)):
            yield at_most(f"what time tells of an account, by {way}, {database}", round(abs(told - 0.5), 2), TELLS)


def packs(found: Mapping[str, Packed]) -> Iterator[Verdict]:
    for database, pack in found.items():
        what = f"bytes of a pack of {pack.orders} orders, in one answer, {database}"
        yield at_most(what, pack.whole.bytes, PACK)
        yield said("  the same pages one by one", f"{pack.pages.bytes:,}")
        yield at_most("bytes after one change: an order archived", pack.archived.bytes, DELTA)
        yield at_most("bytes after one change: a scan, and the notification of it", pack.scanned.bytes, DELTA)
        yield said("  after none", f"{pack.nothing.bytes:,}")
        yield said(f"ms of CPU for a pack of {pack.orders} orders, {database}", f"{pack.whole.cpu:.0f}")
        yield said("  the same pages one by one", f"{pack.pages.cpu:.0f}")
        yield said("  after one change: an order archived / a scan", f"{pack.archived.cpu:.0f} / {pack.scanned.cpu:.0f}")
        yield said("  after none", f"{pack.nothing.cpu:.0f}")


def scans(found: Mapping[str, Scanned]) -> Iterator[Verdict]:
    for database, scan in found.items():
        yield said(f"scans taken a second, {database}", f"{scan.taken:,.0f}")
        yield said("  the same once more", f"{scan.again:,.0f}")
        yield said("  their limit: the rows of a scan written, and nothing else", f"{scan.written:,.0f}")
        yield said("  a scan to its rows alone", f"{scan.ratio:.1f} ×")


def telling(found: Mapping[str, Told]) -> Iterator[Verdict]:
    for database, told in found.items():
        yield said(f"ms from an event to its notification, half of them, {database}", f"{told.p50:,.0f}")
        yield said("  the same, 99 of 100", f"{told.p99:,.0f}")
        yield said(f"events told a second, {database}", f"{told.rate:,.0f}")
        yield said(f"of a CPU for a worker that waits, {database}", f"{told.idle:.4f}")


def streams(found: Mapping[str, Streams]) -> Iterator[Verdict]:
    """The goals are those of a thousand streams: fewer are told of, and not judged."""
    for database, run in found.items():
        where, ours, raw = f"{run.open:,} streams, {database}", run.ours, run.raw
        memory = at_most(f"{where}: kB of memory each", round(ours.memory, 1), STREAM)
        visible = Verdict(
            f"{where}: ms until it is seen, p50 / p99", _both(ours.seen), f"≤ {VISIBLE:,}", ours.seen[1] <= VISIBLE
        )
        yield _judged(memory, run.open >= OPEN)
        yield said("  its limit: raw ASGI", f"{raw.memory:.1f}")
        yield said(f"{where}: ms from an event to its notification, p50 / p99", _both(ours.written))
        yield _judged(visible, run.open >= OPEN)
        yield said("  its limit: raw ASGI, told by a request", _both(raw.seen))
        message = Verdict(
            f"{where}: ms until a message is seen, p50 / p99", _both(run.said), f"≤ {VISIBLE:,}", run.said[1] <= VISIBLE
        )
        yield _judged(message, run.open >= OPEN)
        yield said(f"{where}: ms until all heard of a change, half / last", _both(ours.everybody))
        yield said("  its limit: raw ASGI, told by a request", _both(raw.everybody))


def _judged(verdict: Verdict, judged: bool) -> Verdict:
    return verdict if judged else said(verdict.what, verdict.value)


def _both(spread: tuple[float, float]) -> str:
    return " / ".join(f"{value:,.1f}" if value < 10 else f"{value:,.0f}" for value in spread)


def pushing(rates: Pushing) -> Iterator[Verdict]:
    """A signature is good for hours, and kept: what limits them is encryption alone."""
    yield Verdict("messages pushed a second and core", f"{rates.sent:,.0f}", f"≥ {PUSHED:,}", rates.sent >= PUSHED)
    yield said("  their limit: encryption alone", f"{rates.encrypted:,.0f}")
    yield said("  encryption, and a signature for each", f"{rates.signed_each:,.0f}")


def tapping(run: Tapping) -> Iterator[Verdict]:
    yield at_most("ms from a tap to an order without a network, half of them", run.median, READABLE, " ms")
    yield said("  19 of 20", f"{run.most:,.1f} ms")
    yield said("  orders that the phone kept", f"{run.kept:,}")
