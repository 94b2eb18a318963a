"""Where on a map a place is: an equirectangular picture, fitted around the places that it must show.

Places are (longitude, latitude) in degrees, WGS 84. A picture across the date line counts on beyond 180 degrees.
"""

from collections.abc import Sequence
from math import cos, radians

from msgspec import Struct

WIDTH, HEIGHT = 720, 400  # of the picture, in its own units
EDGE_X, EDGE_Y = 110, 80  # left free around the places: names stand there
LEAST = 4.0  # degrees of latitude in a picture; nearer, the outlines would be a lie
MOST_NORTH = 85.0  # of degrees; beyond, a parallel is too short to be drawn as one

Place = tuple[float, float]


class View(Struct, frozen=True):
    """`x` and `y` are units a degree; the upper left corner is at `west` and `north`."""

    west: float
    north: float
    x: float
    y: float

    @property
    def east(self) -> float:
        return self.west + WIDTH / self.x

    @property
    def south(self) -> float:
        return self.north - HEIGHT / self.y

    def at(self, place: Place) -> tuple[int, int]:
        """From the left and from above, in whole units."""
        return round((place[0] - self.west) * self.x), round((self.north - place[1]) * self.y)


def on_earth(longitude: float | None, latitude: float | None) -> Place | None:
    """Nothing for what is no place; 0, 0 is what programs write that know none."""
    if longitude is None or latitude is None or (longitude == 0 == latitude):
        return None
    inside = abs(longitude) <= 180 and abs(latitude) <= MOST_NORTH
    return (longitude, latitude) if inside else None


def unrolled(places: Sequence[Place]) -> list[Place]:
    """The same places with longitudes that run on, so that all are as near to each other as the globe allows."""
    around = sorted({longitude for longitude, _latitude in places})
    gaps = [((right - left) % 360, right) for left, right in zip(around, [*around[1:], around[0]], strict=True)]
    first = max(gaps)[1] if len(around) > 1 else around[0]  # the first place east of the widest gap
    return [(first + round((longitude - first) % 360, 9) % 360, latitude) for longitude, latitude in places]


def fitted(places: Sequence[Place]) -> View:
    """Around at least one place, as `unrolled` answers them; in numbers that can be written down (see `grounds.py`)."""
    across, up = zip(*places, strict=True)
    middle, height = (min(across) + max(across)) / 2, (min(up) + max(up)) / 2
    narrow = cos(radians(min(abs(height), 75)))  # a degree of longitude to one of latitude
    y = HEIGHT / LEAST
    if span := max(up) - min(up):
        y = min(y, (HEIGHT - 2 * EDGE_Y) / span)
    if span := (max(across) - min(across)) * narrow:
        y = min(y, (WIDTH - 2 * EDGE_X) / span)
    x = y * narrow
    return View(*(round(number, 4) for number in (middle - WIDTH / x / 2, height + HEIGHT / y / 2, x, y)))
