"""Make outlines.json, the land and the borders of the world for maps of parcels. For developers; nothing runs it.

npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
python app/shipments/outlines/make_outlines.py package/countries-50m.json

Two levels of detail, `near` and `far`; in each, `land` is closed rings and `borders` open lines. A line is a flat list of whole
hundredths of a degree: longitude and latitude of its first point, then the steps from each point to the next.
"""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Point = tuple[int, int]
# How far a line may be from the true one, and what is too small to be seen: hundredths of a degree.
LEVELS = {"near": (2.0, 0), "far": (20.0, 60)}
TURN = 36000
SOUTHERNMOST = -6000  # no parcel goes to Antarctica


def arcs_of(atlas: dict[str, Any]) -> list[list[Point]]:
    """The lines of TopoJSON: whole steps on a grid, here as points."""
    (wide, high), (west, south) = atlas["transform"]["scale"], atlas["transform"]["translate"]
    found = []
    for arc in atlas["arcs"]:
        x = y = 0
        points = []
        for step in arc:
            x, y = x + step[0], y + step[1]
            points.append((round((x * wide + west) * 100), round((y * high + south) * 100)))
        found.append(running_on(points))
    return found


def running_on(points: list[Point]) -> list[Point]:
    """Across the date line longitudes count on beyond 180 degrees, from those of the first point."""
    found = points[:1]
    for x, y in points[1:]:
        turns = round((found[-1][0] - x) / TURN)
        found.append((x + turns * TURN, y))
    return found


def thinned(points: list[Point], off: float) -> list[Point]:
    """Without the points that the line passes within `off` anyway (Ramer, Douglas, Peucker)."""
    kept, open_ = {0, len(points) - 1}, [(0, len(points) - 1)]
    while open_:
        first, last = open_.pop()
        away = [(distance(points[n], points[first], points[last]), n) for n in range(first + 1, last)]
        farthest, at = max(away, default=(0.0, 0))
        if farthest > off:
            kept.add(at)
            open_ += [(first, at), (at, last)]
    return [points[n] for n in sorted(kept)]


def distance(point: Point, start: Point, end: Point) -> float:
    """From the straight line through two points; from the one point where they are the same."""
    across, up = end[0] - start[0], end[1] - start[1]
    x, y = point[0] - start[0], point[1] - start[1]
    length: float = (across**2 + up**2) ** 0.5
    return abs(up * x - across * y) / length if length else float((x**2 + y**2) ** 0.5)


def rings(shape: Any) -> list[list[int]]:
    """The numbers of the arcs that make each ring: of a polygon, of several, of a collection."""
    if shape["type"] == "GeometryCollection":
        return [ring for part in shape["geometries"] for ring in rings(part)]
    polygons = [shape["arcs"]] if shape["type"] == "Polygon" else shape["arcs"]
    return [ring for polygon in polygons for ring in polygon]


def joined(ring: list[int], arcs: list[list[Point]]) -> list[Point]:
    """A negative number is that arc backwards."""
    points: list[Point] = []
    for number in ring:
        part = arcs[number] if number >= 0 else arcs[~number][::-1]
        points += part[1:] if points else part
    return running_on(points)


def large_enough(points: list[Point], least: int) -> bool:
    across, up = zip(*points, strict=True)
    return max(up) > SOUTHERNMOST and max(max(across) - min(across), max(up) - min(up)) >= least


def steps(points: list[Point]) -> list[int]:
    flat, before = [], (0, 0)
    for x, y in points:
        flat += [x - before[0], y - before[1]]
        before = x, y
    return flat


def main(path: Path) -> None:
    atlas = json.loads(path.read_text())
    shared = Counter(number if number >= 0 else ~number for ring in rings(atlas["objects"]["countries"]) for number in ring)
    made = {}
    for level, (off, least) in LEVELS.items():
        arcs = [thinned(arc, off) for arc in arcs_of(atlas)]
        land = [joined(ring, arcs) for ring in rings(atlas["objects"]["land"])]
        borders = [arcs[number] for number, countries in sorted(shared.items()) if countries > 1]
        made[level] = {
            "land": [steps(ring) for ring in land if len(ring) > 3 and large_enough(ring, least)],
            "borders": [steps(line) for line in borders if large_enough(line, 0)],
        }
    (HERE / "outlines.json").write_text(json.dumps(made, separators=(",", ":")) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
