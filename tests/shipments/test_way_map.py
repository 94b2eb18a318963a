"""The map of a way: what is on it, and the same in words."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from httpx import AsyncClient

from app.i18n import Voice
from app.shipments import grounds, way_map
from app.shipments.kept import KeptScan
from app.shipments.projection import HEIGHT, WIDTH

pytestmark = pytest.mark.without_database

VOICE = Voice("en")
START = datetime(2026, 11, 20, 8, tzinfo=UTC)
PARIS, DIJON, LYON = (48.86, 2.35), (47.32, 5.04), (45.76, 4.84)


def scans(*seen: tuple[str, tuple[float, float] | None]) -> list[KeptScan]:
    """Oldest first, an hour apart; as a card is given them."""
    found = []
    for hour, (place, where) in enumerate(seen):
        latitude, longitude = where or (None, None)
        about: dict[str, Any] = {"reason": "", "words": "", "place": place, "country": ""}
        found.append(KeptScan(1, START + timedelta(hours=hour), "in_transit", latitude=latitude, longitude=longitude, **about))
    return found[::-1]


def drawn(*seen: tuple[str, tuple[float, float] | None]) -> way_map.WayMap:
    made = way_map.drawn(scans(*seen), None, VOICE)
    assert made is not None
    return made


def test_without_places_there_is_no_map() -> None:
    assert way_map.drawn([], None, VOICE) is None
    assert way_map.drawn(scans(("Lyon", None), ("Paris", (0.0, 0.0))), None, VOICE) is None
    assert way_map.drawn(scans(("Lyon", None)), ("Kiosk", (4.8, 45.7)), VOICE) is None


def test_the_way_goes_from_the_first_scan_to_the_newest() -> None:
    made = drawn(("Paris", PARIS), ("Dijon", DIJON), ("Lyon", LYON))
    assert made.way.startswith("M")
    assert made.way.count("L") == 2
    assert [stop.kind for stop in made.stops] == ["between", "start", "now"]
    assert {(name.text, name.now) for name in made.names} == {("Paris", False), ("Dijon", False), ("Lyon", True)}
    assert made.text == "Map of the parcel’s way from Paris to Lyon"
    assert made.steps == ["Paris · 20 Nov 2026, 08:00", "Dijon · 20 Nov 2026, 09:00", "Lyon · 20 Nov 2026, 10:00"]


def test_one_place_and_many_scans_of_it_are_one_dot_and_no_line() -> None:
    made = drawn(*[("Lyon", LYON)] * 40)
    assert (made.way, len(made.stops), len(made.names), len(made.steps)) == ("", 1, 1, 1)
    assert made.text == "Map: the parcel in Lyon"


def test_a_scan_that_only_names_its_place_is_where_another_of_that_name_was() -> None:
    made = drawn(("Paris", PARIS), ("Lyon", LYON), ("Paris", None))
    assert made.way.count("L") == 2
    assert [step.split(" ·")[0] for step in made.steps] == ["Paris", "Lyon", "Paris"]


def test_places_without_a_name_are_drawn_and_listed_by_their_degrees() -> None:
    made = drawn(("", PARIS), ("", LYON))
    assert made.names == []
    assert made.text == "Map of the parcel’s way"
    assert made.steps[0].startswith("48.9, 2.4 ·")


def test_names_never_cover_each_other_and_stay_inside() -> None:
    many = [(f"Sorting centre number {n}", (45 + n % 7 / 10, 4 + n % 11 / 10)) for n in range(60)]
    made = drawn(*many)
    assert 0 < len(made.names) <= way_map.MOST_NAMES
    assert made.names[0].now
    boxes = []
    for name in made.names:
        assert len(name.text) <= way_map.LONGEST_NAME
        long = len(name.text) * way_map.LETTER
        left = {"start": name.x, "end": name.x - long, "middle": name.x - long // 2}[name.anchor]
        boxes.append((left, name.y - way_map.LINE + 6, left + long, name.y + 6))
    for n, (left, top, right, bottom) in enumerate(boxes):
        assert left >= 0
        assert top >= 0
        assert right <= WIDTH
        assert bottom <= HEIGHT
        assert not any(left < r and right > ll and top < b and bottom > t for ll, t, r, b in boxes[:n])


def test_the_pick_up_point_lies_ahead() -> None:
    made = way_map.drawn(scans(("Paris", PARIS), ("Lyon", LYON)), ("Kiosk", (5.3, 45.9)), VOICE)
    assert made is not None
    assert made.rest.count("L") == 1
    assert "goal" in [stop.kind for stop in made.stops]
    assert made.rest.split("L")[0][1:] == made.way.split("L")[-1]


def test_a_map_is_small() -> None:
    for seen in (
        [("Shenzhen", (22.5, 114.1)), ("Leipzig", (51.4, 12.2)), ("Lyon", LYON)],
        [("A", (-36.8, 174.8)), ("B", (51.5, -0.1))],
    ):
        made = drawn(*seen)
        assert len(made.way) + len(grounds.drawn(made.ground.removeprefix("/maps/"))) < 7500


async def test_the_land_is_a_picture_of_its_own_that_no_browser_asks_for_twice(client: AsyncClient) -> None:
    made = drawn(("Paris", PARIS), ("Lyon", LYON))
    assert made.ground == drawn(("Paris", PARIS), ("Between", (47.3, 3.5)), ("Lyon", LYON)).ground
    answer = await client.get(made.ground)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/svg+xml")
    assert "immutable" in answer.headers["cache-control"]
    assert answer.text.startswith("<svg")
    assert answer.text.count('d="M') == 2


@pytest.mark.parametrize("change", [("2.", "3."), (".svg", ""), ("/maps/", "/maps/0"), ("_", "-")])
async def test_nobody_has_us_draw_another_part_of_the_world(client: AsyncClient, change: tuple[str, str]) -> None:
    address = drawn(("Paris", PARIS), ("Lyon", LYON)).ground.replace(*change)
    assert (await client.get(address)).status_code == 404
