"""Addresses as their country writes them, and nothing of them lost."""

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.addresses.layout import country_name, lines
from app.ingest.snapshot import Address

pytestmark = pytest.mark.without_database

ALICE = {"name": "Alice Martin", "street": "6 rue des Lilas", "postal_code": "69003", "city": "Lyon", "country": "FR"}


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        (ALICE, ["Alice Martin", "6 rue des Lilas", "69003 Lyon"]),
        (ALICE | {"company": "Atelier Mo", "region": "Rhône"}, ["Atelier Mo", "Alice Martin", "6 rue des Lilas", "69003 Lyon"]),
        (
            {"name": "Al", "street": "1600 Pennsylvania Ave NW\nApt 2", "city": "Washington", "region": "DC",
             "postal_code": "20500", "country": "US"},
            ["Al", "1600 Pennsylvania Ave NW", "Apt 2", "Washington, DC 20500"],
        ),
        (
            {"name": "Al", "street": "96 Euston Road", "city": "London", "region": "England", "postal_code": "NW1 2DB",
             "country": "GB"},
            ["Al", "96 Euston Road", "London", "NW1 2DB"],
        ),
        (
            {"name": "山田", "street": "永田町２丁目３−１", "city": "千代田区", "region": "東京都", "postal_code": "100-0014",
             "country": "JP"},
            ["〒100-0014", "東京都", "千代田区", "永田町２丁目３−１", "山田"],
        ),
        (
            {"name": "Yamada", "street": "2-3-1 Nagatacho", "city": "Chiyoda", "region": "Tokyo", "postal_code": "100-0014",
             "country": "JP"},
            ["Yamada", "2-3-1 Nagatacho", "Chiyoda, Tokyo", "100-0014"],
        ),
        (
            {"name": "Al", "street": "1 Raffles Place", "city": "Singapore", "postal_code": "048616", "country": "SG"},
            ["Al", "1 Raffles Place", "SINGAPORE 048616"],
        ),
        (
            {"name": "Al", "street": "Sheikh Zayed Rd", "city": "Dubai", "postal_code": "00000", "country": "AE"},
            ["Al", "Sheikh Zayed Rd", "00000 Dubai"],
        ),
    ],
)  # fmt: skip
def test_each_country_has_its_own_order(address: dict[str, str], expected: list[str]) -> None:
    assert lines(address, address["country"]) == expected


def test_the_country_is_named_in_the_readers_language_unless_it_is_the_merchants() -> None:
    swiss = {"name": "Al", "street": "Marktgasse 1", "postal_code": "CH-3011", "city": "Bern", "country": "ch"}
    assert lines(swiss, "FR", "fr") == ["Al", "Marktgasse 1", "CH-3011 Bern", "Suisse"]
    assert lines(swiss, "FR", "en")[-1] == "Switzerland"
    assert lines(swiss, "", "en")[-1] == "Switzerland"
    assert lines(swiss, "CH", "en")[-1] == "CH-3011 Bern"


def test_the_telephone_comes_after_the_country() -> None:
    assert lines(ALICE | {"phone": "+33 4 00 00 00 00"}, "DE", "fr")[-2:] == ["France", "+33 4 00 00 00 00"]


def test_commas_of_fields_that_are_not_there_go_with_them() -> None:
    assert lines({"city": "Boston", "postal_code": "02101", "country": "US"}, "US") == ["Boston 02101"]
    assert lines({"region": "MA", "postal_code": "02101", "country": "US"}, "US") == ["MA 02101"]
    assert lines({"city": "Boston", "country": "US"}, "US") == ["Boston"]
    assert lines({"region": "Rhône", "country": "FR"}, "FR") == ["Rhône"]


def test_lines_alone_are_shown_as_they_were_written() -> None:
    written = ["Alice Martin", "chez Bob, 2e étage", "69003 LYON France"]
    assert lines({"lines": written}) == written
    assert lines({"lines": written[1:], "name": "Alice Martin", "country": "FR"}, "FR") == written
    assert lines({"lines": [*written, "FRANCE"], "name": "alice martin", "country": "FR"}, "DE", "fr") == [*written, "FRANCE"]


def test_known_fields_win_over_the_original_lines() -> None:
    assert lines(ALICE | {"lines": ["whatever"]}, "FR") == ["Alice Martin", "6 rue des Lilas", "69003 Lyon"]


def test_a_struct_is_laid_out_like_its_fields() -> None:
    assert lines(Address(**ALICE), "DE", "en") == lines(ALICE, "DE", "en")


def test_a_country_nobody_described_still_gets_all_of_its_fields() -> None:
    unknown = {"name": "Al", "street": "1 Way", "postal_code": "X1", "city": "Town", "region": "Land", "country": "QQ"}
    assert lines(unknown, "FR") == ["Al", "1 Way", "X1 Town", "Land", "QQ"]
    assert lines(unknown | {"country": "Atlantis"}, "FR")[-1] == "ATLANTIS"
    assert lines(unknown | {"country": ""}) == ["Al", "1 Way", "X1 Town", "Land"]


odd = st.none() | st.integers() | st.text(max_size=8) | st.lists(st.none() | st.text(max_size=4), max_size=3)
NAMES = ("lines", "name", "company", "street", "postal_code", "city", "region", "country", "phone")


@settings(max_examples=500)
@given(st.dictionaries(st.sampled_from(NAMES), odd) | odd, st.text(max_size=3), st.sampled_from(["en", "fr", "xx", ""]))
def test_odd_input_never_raises_and_never_gives_a_broken_line(address: Any, viewer_country: str, locale: str) -> None:
    for line in lines(address, viewer_country, locale):
        assert line == " ".join(line.split()) != ""


def _regions(shared_data: Path) -> list[dict[str, Any]]:
    yaml = pytest.importorskip("yaml", reason="PyYAML is not installed: the example addresses cannot be read")
    paths = sorted((shared_data / "addresses/shopify-worldwide/regions").glob("*.yml"))
    regions = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in paths]
    return [region for region in regions if region.get("example_address")]


def _address(region: dict[str, Any]) -> dict[str, str]:
    example = {key: str(value or "") for key, value in region["example_address"].items()}
    provinces = {str(zone["code"]): zone["name"] for zone in region.get("zones") or []}
    return {
        "name": "Alice Martin", "street": "\n".join(example.get(key, "") for key in ("address1", "address2")),
        "country": region["code"], "company": example.get("company", ""),
        "city": example.get("city", ""), "postal_code": example.get("zip", ""),
        "region": provinces.get(example.get("province_code", ""), ""),
    }  # fmt: skip


def test_nothing_is_lost_of_the_example_address_of_any_country(shared_data: Path) -> None:
    regions = _regions(shared_data)
    assert len(regions) == 238  # 6 of the 244 have no example
    for region in regions:
        address = _address(region)
        shown = lines(address, "", "en")
        for name in ("name", "company", "street", "city", "postal_code"):
            for part in address[name].split("\n"):
                assert " ".join(part.split()).casefold() in "\n".join(shown).casefold(), (region["code"], name, shown)
        assert country_name(region["code"], "en").casefold() in "\n".join(shown).casefold()


# Shopify has one simple format for many countries; here Google's data, which follows the postal union, says otherwise.
OTHERWISE = "AF BN BR BT CC CO CU CX GT HN HU IL IN IR KR KY KZ MS NA NG PH SV TW UZ VC"


def test_town_and_code_come_in_the_order_that_a_second_source_knows(shared_data: Path) -> None:
    compared, differ = 0, []
    for region in _regions(shared_data):
        address, known = _address(region), region["format"]["show"]
        if not (address["city"] and address["postal_code"] and "{zip}" in known and "{city}" in known):
            continue
        shown = "\n".join(lines(address | {"street": "Street 1", "company": ""}, region["code"]))
        compared += 1
        if (shown.find(address["postal_code"]) < shown.find(address["city"])) != (known.find("{zip}") < known.find("{city}")):
            differ.append(region["code"])
    assert compared == 153
    assert " ".join(differ) == OTHERWISE
