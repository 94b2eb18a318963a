"""The README is true: what it names exists, and what exists is named."""

import re
from pathlib import Path

import pytest

from app.commands.menu import parser
from app.setting_values import PREFIX
from app.settings import Settings

pytestmark = pytest.mark.without_database

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text()


@pytest.mark.parametrize("name", Settings.__struct_fields__)
def test_every_setting_is_explained(name: str) -> None:
    assert f"`{PREFIX}{name.upper()}`" in README


def test_no_setting_is_explained_that_does_not_exist() -> None:
    named = set(re.findall(rf"`{PREFIX}([A-Z_]+)`", README))
    assert named == {name.upper() for name in Settings.__struct_fields__}


def test_every_folder_and_floor_file_of_the_house_is_on_the_map() -> None:
    folders = {path.name for path in (ROOT / "app").iterdir() if path.is_dir() and path.name != "__pycache__"}
    assert [name for name in sorted(folders) if f"{name}/" not in README] == []
    files = {path.name for path in (ROOT / "app").glob("*.py")} - {
        "__init__.py",
        "__main__.py",
        "piccolo_conf.py",
        "piccolo_app.py",
    }
    assert [name for name in sorted(files) if name not in README] == []


def test_the_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    for target in set(re.findall(r"make ([a-z]+) ", README)) | {"run", "test", "bench", "words"}:
        assert re.search(rf"^{target}:", makefile, re.M), target


def test_every_command_is_explained() -> None:
    choices = [action.choices for action in parser()._actions if isinstance(action.choices, dict)]
    assert choices
    for name in choices[0]:
        assert f"| `{name}` |" in README


def test_its_pictures_exist() -> None:
    for path in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", README):
        assert (ROOT / path).is_file(), path
