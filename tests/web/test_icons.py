"""The icons that pages draw: there is a path for each that is asked for, and none that nobody asks for."""

import re
from pathlib import Path

import pytest

from app.web.assets import ROOT
from app.web.templating import environment

pytestmark = pytest.mark.without_database

PATH = re.compile(r"M[-\d .aAcClLhHvVmMsSzZqQtT]+")


def test_the_icons_are_those_of_the_list() -> None:
    icons = environment.get_template("parts/icons.html").module.icons  # type: ignore[attr-defined]
    assert list(icons) == (ROOT / "static/icons/ICONS").read_text("utf-8").split()
    assert [name for name, path in icons.items() if not PATH.fullmatch(path)] == []


def test_what_is_asked_for_is_there_and_nothing_else() -> None:
    icons = environment.get_template("parts/icons.html").module.icons  # type: ignore[attr-defined]
    said = "".join(file.read_text("utf-8") for folder in ("app", "templates") for file in _texts(ROOT / folder))
    assert set(re.findall(r'\bicon\("([^"]+)"', said)) - set(icons) == set()
    assert [name for name in icons if f'"{name}"' not in said] == []


def _texts(folder: Path) -> list[Path]:
    return [file for ending in ("py", "html") for file in folder.rglob(f"*.{ending}") if file.name != "icons.html"]
