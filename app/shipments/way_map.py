"""A map of a parcel's way, where its scans say where they were made: a small SVG, and the same as a list."""

from collections.abc import Iterable, Sequence

from msgspec import Struct

from app.i18n import Voice, _
from app.shipments import grounds
from app.shipments.checkpoints import place
from app.shipments.kept import KeptScan
from app.shipments.projection import HEIGHT, WIDTH, Place, fitted, on_earth, unrolled

MOST_NAMES, LONGEST_NAME = 6, 22
NEAR = 18  # units between two stops, at least
LETTER, LINE = 16, 30  # units: the width of a letter, on the whole, and the height of a name
Box = tuple[int, int, int, int]  # left, top, right, bottom


class Stop(Struct, frozen=True):
    """A place in which the parcel was scanned, in units of the picture; `kind` is start, between, now or goal."""

    x: int
    y: int
    kind: str


class Name(Struct, frozen=True):
    """`anchor` is start, middle or end: which part of the text stands at `x`; `y` is its foot."""

    x: int
    y: int
    anchor: str
    text: str
    now: bool


class WayMap(Struct, frozen=True, kw_only=True):
    """`ground` is the address of the land; `way` and `rest` are paths (`rest` leads to the pick-up point); `steps` say the same
    in words."""

    width: int = WIDTH
    height: int = HEIGHT
    ground: str
    way: str
    rest: str
    stops: list[Stop]
    names: list[Name]
    text: str
    steps: list[str]


def drawn(found: Sequence[KeptScan], goal: tuple[str, Place] | None, voice: Voice) -> WayMap | None:
    """Of one parcel's scans, newest first. `goal` is where it waits, by name; nothing without any place."""
    passed = _passed(found)
    if not passed:
        return None
    places = unrolled([where for _scan, where in passed] + ([goal[1]] if goal else []))
    view = fitted(places)
    points = [view.at(one) for one in places]
    been, ahead = points[: len(passed)], points[len(passed) - 1 :]
    texts = [place(scan) for scan, _where in passed] + ([goal[0]] if goal else [])
    stops = _stops(been, points[len(passed) :])
    return WayMap(
        ground=grounds.address(view), way=_line(been), rest=_line(ahead) if goal else "", stops=stops,
        names=_names(points, texts, len(passed) - 1), text=_text(texts[: len(passed)]),
        steps=[_step(scan, where, voice) for scan, where in passed],
    )  # fmt: skip


def _passed(found: Sequence[KeptScan]) -> list[tuple[KeptScan, Place]]:
    """Oldest first, each stay in a place once. A scan that only names its place is where another one of that name was."""
    known = {place(scan): where for scan in found if scan.place and (where := _where(scan))}
    passed: list[tuple[KeptScan, Place]] = []
    for scan in reversed(found):
        where = _where(scan) or known.get(place(scan))
        if where and (not passed or passed[-1][1] != where):
            passed.append((scan, where))
    return passed


def _where(scan: KeptScan) -> Place | None:
    return on_earth(scan.longitude, scan.latitude)


def _stops(been: list[tuple[int, int]], goal: list[tuple[int, int]]) -> list[Stop]:
    """Where it is now is drawn last, over the others; of those that would touch, one."""
    wanted = [(been[-1], "now"), *((at, "goal") for at in goal), (been[0], "start"), *((at, "between") for at in been[1:-1])]
    stops: list[Stop] = []
    for (x, y), kind in wanted:
        if not any(abs(x - stop.x) + abs(y - stop.y) < NEAR for stop in stops):
            stops.append(Stop(x, y, kind))
    return stops[::-1]


def _line(points: list[tuple[int, int]]) -> str:
    return "M" + "L".join(f"{x} {y}" for x, y in points) if len(points) > 1 else ""


def _names(points: list[tuple[int, int]], texts: list[str], now: int) -> list[Name]:
    """Where it is, where it came from, where it waits, then the rest from the newest on; those for which there is room."""
    order = dict.fromkeys([now, 0, len(points) - 1, *reversed(range(len(points)))])
    taken: list[Box] = [(x - 8, y - 8, x + 8, y + 8) for x, y in points]
    names: list[Name] = []
    for n in order:
        text = texts[n] if len(texts[n]) <= LONGEST_NAME else f"{texts[n][: LONGEST_NAME - 1]}…"
        if len(names) == MOST_NAMES or not text or text in [name.text for name in names]:
            continue
        beside = list(_beside(*points[n], text, now=n == now))
        room = [it for it in beside if _free(it[1], taken)]
        if n == now:  # said in any case, if need be over other stops
            room += [it for it in beside if _free(it[1], [])]
        if room:
            names.append(room[0][0])
            taken.append(room[0][1])
    return names


def _beside(x: int, y: int, text: str, *, now: bool) -> Iterable[tuple[Name, Box]]:
    """To the right of a stop, to the left, below, above."""
    long = len(text) * LETTER
    for at, foot, anchor, left in (
        (x + 20, y + 9, "start", x + 20), (x - 20, y + 9, "end", x - 20 - long), (x, y + 42, "middle", x - long // 2),
        (x, y - 20, "middle", x - long // 2),
    ):  # fmt: skip
        yield Name(at, foot, anchor, text, now), (left, foot - LINE + 6, left + long, foot + 6)


def _free(box: Box, taken: list[Box]) -> bool:
    left, top, right, bottom = box
    inside = left >= 4 and top >= 2 and right <= WIDTH - 4 and bottom <= HEIGHT - 2
    return inside and not any(left < r and right > ll and top < b and bottom > t for ll, t, r, b in taken)


def _text(texts: Sequence[str]) -> str:
    first, last = texts[0], texts[-1]
    if not last:
        return _("Map of the parcel’s way")
    if not first or first == last:
        return _("Map: the parcel in %(place)s") % {"place": last}
    return _("Map of the parcel’s way from %(first)s to %(last)s") % {"first": first, "last": last}


def _step(scan: KeptScan, where: Place, voice: Voice) -> str:
    at = _("%(day)s, %(time)s") % {"day": voice.day(scan.at), "time": voice.time(scan.at)}
    return f"{place(scan) or f'{where[1]:.1f}, {where[0]:.1f}'} · {at}"
