"""A number names its carrier where it can, and only there."""

import json
import re
from pathlib import Path

import pytest

from app.shipments.tracking_numbers import carrier, matching

pytestmark = pytest.mark.without_database


@pytest.mark.parametrize(
    ("number", "name"),
    [
        ("1Z5R89390357567127", "UPS"), ("1z 5r8 939 03 5756 7127", "UPS"), ("1Z5R89390357567128", ""),
        ("RB123456785GB", "Royal Mail"), ("RB123456785US", "USPS"), ("RB123456786US", ""), ("RB123456785XX", ""),
        ("9400111202555842332669", "USPS"), ("", ""), ("1", ""), ("１２３", ""), ("Z" * 5000, ""),
        ("12345678901234", ""),
    ],
)  # fmt: skip
def test_a_number_names_its_carrier(number: str, name: str) -> None:
    assert carrier(number) == name


def test_what_may_be_of_several_carriers_is_of_none() -> None:
    number = "986578788855"
    assert {name for form, name in matching(number) if form.check} == {"FedEx"}
    assert carrier(number) == "FedEx"
    shared = [str(n) for n in range(10**11, 10**11 + 300) if len({name for form, name in matching(str(n)) if form.check}) > 1]
    assert shared
    assert all(carrier(number) == "" for number in shared)


def test_every_example_of_the_collection_is_judged_as_it_says(shared_data: Path) -> None:
    folder = shared_data / "shipments" / "tracking-number-data" / "couriers"
    if not folder.exists():
        pytest.skip("the collection of tracking numbers is not there")
    wrong, seen = [], 0
    for file in sorted(folder.glob("*.json")):
        courier = json.loads(file.read_text())
        for form in courier["tracking_numbers"]:
            for right, numbers in ((True, form["test_numbers"]["valid"]), (False, form["test_numbers"]["invalid"])):
                for number in numbers:
                    seen += 1
                    fits = any(found.name == form["name"] for found, _ in matching(re.sub(r"\s", "", number)))
                    if fits != right:
                        wrong.append((form["name"], number, right))
    assert seen > 200
    assert wrong == []
