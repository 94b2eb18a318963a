"""Places on a map: everything is in the picture, whichever way around the globe."""

import pytest

from app.shipments import world
from app.shipments.projection import HEIGHT, LEAST, WIDTH, Place, fitted, on_earth, unrolled

pytestmark = pytest.mark.without_database

LYON, PARIS, TOKYO, SEATTLE, AUCKLAND, SUVA, APIA = (
    (4.84, 45.76), (2.35, 48.86), (139.7, 35.7), (-122.3, 47.6), (174.8, -36.8), (178.4, -18.1), (-171.8, -13.8),
)  # fmt: skip


@pytest.mark.parametrize(
    "places", [[LYON], [LYON, LYON], [LYON, PARIS], [TOKYO, SEATTLE], [SUVA, APIA], [AUCKLAND, PARIS, SEATTLE],
               [(180, 0), (-180, 0)], [(10, 84), (20, 85)], [(0, -50), (0, 50)],
               [(-179.9, 70), (0.1, 1), (120, -40), (-60, -30)]],
)  # fmt: skip
def test_every_place_is_in_the_picture(places: list[Place]) -> None:
    run = unrolled(places)
    view = fitted(run)
    for place, (longitude, latitude) in zip(places, run, strict=True):
        assert round(longitude - place[0], 6) % 360 == 0
        assert latitude == place[1]
        x, y = view.at((longitude, latitude))
        assert 0 < x < WIDTH
        assert 0 < y < HEIGHT


def test_the_short_way_across_the_date_line_is_taken() -> None:
    (_tokyo, seattle) = unrolled([TOKYO, SEATTLE])
    assert seattle[0] == pytest.approx(360 - 122.3)
    assert fitted([TOKYO, seattle]).east > 180


def test_a_short_way_and_a_long_one_stay_as_they_are() -> None:
    assert unrolled([LYON, PARIS]) == [pytest.approx(LYON), pytest.approx(PARIS)]
    assert unrolled([PARIS, TOKYO]) == [pytest.approx(PARIS), pytest.approx(TOKYO)]


def test_one_place_has_some_land_around_it_and_north_is_above() -> None:
    view = fitted([LYON])
    assert view.north - view.south == pytest.approx(LEAST)
    assert view.at(LYON) == (WIDTH // 2, HEIGHT // 2)
    two = fitted([LYON, PARIS])
    assert two.at(PARIS)[1] < two.at(LYON)[1]
    assert two.at(PARIS)[0] < two.at(LYON)[0]


@pytest.mark.parametrize("where", [(None, None), (None, 4.0), (0, 0), (0.0, 0.0), (181, 4), (4, 91), (4, -86)])
def test_what_is_no_place_on_earth_is_none(where: tuple[float | None, float | None]) -> None:
    assert on_earth(*where) is None


def test_the_greenwich_meridian_and_the_equator_are_places() -> None:
    assert on_earth(0, 51.5) == (0, 51.5)
    assert on_earth(9.4, 0) == (9.4, 0)


@pytest.mark.parametrize(
    "places", [[LYON], [PARIS, TOKYO], [TOKYO, SEATTLE], [SUVA, APIA], [AUCKLAND, PARIS, SEATTLE], [(10.7, 59.9), (25.7, 71.0)]]
)
def test_land_is_drawn_small_and_inside(places: list[Place]) -> None:
    land, borders = world.paths(fitted(unrolled(places)))
    assert land.startswith("M")
    assert land.endswith("z")
    assert len(land) <= world.MOST
    assert len(borders) <= world.MOST
    assert set(land + borders) <= set("Mlz -0123456789")


def test_france_has_a_neighbour_and_the_open_sea_has_none() -> None:
    assert world.paths(fitted([LYON]))[1]
    assert world.paths(fitted([(-140.0, 20.0)])) == ("", "")


def test_land_runs_on_across_the_date_line() -> None:
    """Chukotka is Asia on both sides of it: no line, no gap."""
    view = fitted([(180.0, 67.0)])
    land, _borders = world.paths(view)
    corners = [part.split("l")[0] for part in land.split("M")[1:]]
    assert len(corners) == 1
