"""The land and the borders behind a parcel's way, as paths of an SVG: from outlines/outlines.json, which is Natural Earth's.

Only what a view shows is drawn, and no finer than it can be seen; a view that was drawn is kept.
"""

from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from itertools import pairwise
from pathlib import Path

import msgspec
from msgspec import Struct

from app.shipments.projection import Place, View

OUTLINES = Path(__file__).parent / "outlines" / "outlines.json"
FAR = 50.0  # degrees of latitude in a view, from which the coarse outlines do
MOST = 3500  # characters of a path; a longer one is drawn coarser
GRAINS = (3, 5, 8, 13, 21)  # units between the points of a line, at least
TURNS = (-360.0, 0.0, 360.0)  # a view may run on beyond the date line


class Line(Struct, frozen=True):
    """Points, and the box around them."""

    points: list[Place]
    west: float
    south: float
    east: float
    north: float


@lru_cache(512)
def paths(view: View) -> tuple[str, str]:
    """The land, which is filled, and the borders on it, which are lines; see `OUTLINES` for whose they are."""
    level = _levels()["far" if view.north - view.south > FAR else "near"]
    land = [_clipped(ring, view) for ring in _seen(level["land"], view)]
    borders = [run for line in _seen(level["borders"], view) for run in _inside(line, view)]
    return _path(land, view, "z"), _path(borders, view, "")


@cache
def _levels() -> dict[str, dict[str, list[Line]]]:
    """What is in the file, read when the first map is drawn."""
    found = msgspec.json.decode(OUTLINES.read_bytes(), type=dict[str, dict[str, list[list[int]]]])
    return {level: {kind: [_line(flat) for flat in lines] for kind, lines in of.items()} for level, of in found.items()}


def _line(flat: list[int]) -> Line:
    x = y = 0
    points = []
    for step in zip(flat[::2], flat[1::2], strict=True):
        x, y = x + step[0], y + step[1]
        points.append((x / 100, y / 100))
    across, up = zip(*points, strict=True)
    return Line(points, min(across), min(up), max(across), max(up))


def _seen(lines: Iterable[Line], view: View) -> Iterator[list[Place]]:
    """The points of each line in the view, once for each turn of the globe in which it is."""
    for line in lines:
        if line.south < view.north and line.north > view.south:
            for turn in TURNS:
                if line.west + turn < view.east and line.east + turn > view.west:
                    yield [(x + turn, y) for x, y in line.points] if turn else line.points


def _clipped(ring: list[Place], view: View) -> list[Place]:
    """A polygon cut to somewhat more than the view (Sutherland and Hodgman): the cut is never seen."""
    wide, high = (view.east - view.west) / 20, (view.north - view.south) / 20
    for axis, sign, edge in (
        (0, 1, view.west - wide), (0, -1, view.east + wide), (1, 1, view.south - high), (1, -1, view.north + high),
    ):  # fmt: skip
        ring = _cut(ring, axis, sign, edge)
    return ring


def _cut(ring: list[Place], axis: int, sign: int, edge: float) -> list[Place]:
    """What of a polygon is on one side of a line along the other axis."""
    kept: list[Place] = []
    for before, point in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
        was, inside = (before[axis] - edge) * sign >= 0, (point[axis] - edge) * sign >= 0
        if was != inside:
            part = (edge - before[axis]) / (point[axis] - before[axis])
            kept.append((before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])))
        if inside:
            kept.append(point)
    return kept


def _inside(line: list[Place], view: View) -> Iterator[list[Place]]:
    """The runs of a line that are in the view, each with the points just outside."""
    run: list[Place] = []
    shown = [view.west <= x <= view.east and view.south <= y <= view.north for x, y in line]
    for n, point in enumerate(line):
        if any(shown[max(n - 1, 0) : n + 2]):
            run.append(point)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _path(lines: list[list[Place]], view: View, end: str) -> str:
    text = ""
    for grain in GRAINS:
        text = "".join(_drawn([view.at(point) for point in line], grain, end) for line in lines)
        if len(text) <= MOST:
            break
    return text


def _drawn(points: list[tuple[int, int]], grain: int, end: str) -> str:
    """In steps of whole units; nothing of what is smaller than a grain."""
    kept = points[:1]
    for x, y in points[1:]:
        if abs(x - kept[-1][0]) + abs(y - kept[-1][1]) >= grain:
            kept.append((x, y))
    if len(kept) < (3 if end else 2):
        return ""
    steps = [f"{x - was_x} {y - was_y}" for (was_x, was_y), (x, y) in pairwise(kept)]
    return f"M{kept[0][0]} {kept[0][1]}l{' '.join(steps).replace(' -', '-')}{end}"
