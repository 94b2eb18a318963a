"""The two commands, as far as they can be tried without installing anything."""

import os
import re
import subprocess
from importlib import metadata
from pathlib import Path

import pytest

pytestmark = pytest.mark.without_database

ROOT = Path(__file__).parents[1]
TARGETS = ["install", "run", "test", "bench", "fmt", "words", "lock", "clean"]


def make(*arguments: str, path: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["make", *arguments], cwd=ROOT, env=os.environ | {"PATH": path + os.environ["PATH"], "MAKEFLAGS": ""},
        capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip


def stub(folder: Path, name: str, script: str) -> None:
    folder.mkdir(exist_ok=True)
    (folder / name).write_text(f"#!/bin/sh\n{script}\n")
    (folder / name).chmod(0o755)


def test_make_alone_prints_its_menu() -> None:
    menu = make().stdout
    assert [name for name in TARGETS if not re.search(rf"^  make {name} +\S", menu, re.MULTILINE)] == []


def test_run_migrates_then_seeds_an_empty_shop_then_serves() -> None:
    steps = [line.partition("-m app ")[2] for line in make("-n", "run").stdout.splitlines() if "-m app" in line]
    assert steps == ["migrate", "seed --if-empty", "serve --links"]


def test_test_runs_linters_then_types_then_both_databases_then_the_browser(tmp_path: Path) -> None:
    planned = make("-n", "test", f"VENV={tmp_path}/venv").stdout
    steps = ["ruff check", "ruff format --check", "mypy", "-m pytest tests", "-m tests.on_postgres", "-m pytest e2e"]
    places = [planned.index(step) for step in steps]
    assert places == sorted(places)
    assert "--require-hashes -r requirements-dev.txt" in planned
    assert f"{tmp_path}/venv/bin/python -m pytest" in planned


def test_a_debian_without_venv_is_told_what_to_install(tmp_path: Path) -> None:
    """`python3 -m venv` leaves a half-made folder there, which must not pass for a whole one the next time."""
    half = 'for folder; do :; done; mkdir -p "$folder/bin"; touch "$folder/bin/python"; exit 1'
    for name in ("python3", "python3.11", "python3.12", "python3.13", "python3.14"):
        stub(tmp_path / "bin", name, f'case "$*" in "-m venv"*) {half};; esac\necho python3.11-venv')
    stub(tmp_path / "bin", "apt-get", "exit 100")
    for _ in range(2):
        done = make(f"{tmp_path}/venv/bin/python", f"VENV={tmp_path}/venv", path=f"{tmp_path}/bin:")
        assert done.returncode == 2
        assert "apt-get install python3.11-venv, then run make again" in done.stderr


def test_ci_is_a_sound_script_that_calls_make_test() -> None:
    script = ROOT / ".ci" / "run"
    assert os.access(script, os.X_OK)
    subprocess.run(["bash", "-n", script], check=True, timeout=10)
    assert "make test VENV=" in script.read_text()


def test_a_package_wanted_with_an_extra_is_pinned_with_it() -> None:
    """The pip of Debian 12 takes the newest release for `name[extra]` where only `name` is pinned, and then misses its hash."""
    pinned = set(re.findall(r"^([\w.-]+(?:\[[\w,]+\])?)==", (ROOT / "requirements-dev.txt").read_text().lower(), re.MULTILINE))
    wanted = {
        found[0].lower()
        for installed in metadata.distributions()
        for needed in installed.requires or ()
        if "extra ==" not in needed and (found := re.match(r"[\w.-]+\[[\w,]+\]", needed))
    }
    assert wanted
    assert {name for name in wanted if name.partition("[")[0] in {pin.partition("[")[0] for pin in pinned}} <= pinned
