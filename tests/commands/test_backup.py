"""A backup is one state of the whole database, taken while others write, or no file at all."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.commands.conftest import Shell, Shells, damage
from tests.commands.orders_file import mapping, orders
from tests.conftest import SERVER

LINES = 3
TOTALS = 'SELECT count(*), count(DISTINCT o.id), sum(o.total) FROM orders o JOIN order_lines l ON l."order" = o.id'
without_pg_dump = pytest.mark.skipif(bool(SERVER) and not shutil.which("pg_dump"), reason="there is no pg_dump on this machine")


def restore(file: Path, other: Shell) -> None:
    """Into another installation, of the backup alone, as --help says."""
    if other.url:
        command = ["pg_restore", "--clean", "--if-exists", "--no-owner", "-d", other.url, file]
        subprocess.run(command, check=True, timeout=60)
    else:
        other.place.mkdir()
        shutil.copy(file, other.place / "comptoir.db")


@without_pg_dump
async def test_a_backup_taken_during_an_import_holds_whole_batches_and_can_be_restored(shells: Shells, tmp_path: Path) -> None:
    shell, other = await shells(), await shells()
    shell.works("migrate")
    command = ["import", "spreadsheet", orders(tmp_path / "stall.csv", 6_000, LINES), "--mapping", mapping(tmp_path)]
    process = shell.start(*command)
    while await shell.count("orders") < 200:
        assert process.poll() is None, process.communicate()
    told = shell.json("backup", tmp_path / "one.backup")
    process.communicate(timeout=60)
    assert process.returncode == 0

    restore(tmp_path / "one.backup", other)
    lines, kept, _sum = (await other.rows(TOTALS))[0]
    assert kept >= 200
    assert kept % 200 == 0
    assert lines == kept * LINES
    assert other.json("migrate")["ran"] == []
    assert other.json("check")["ok"] is True
    # What came after the backup comes in again, nothing double.
    assert other.json(*command)["unchanged"] == kept
    assert await other.rows(TOTALS) == await shell.rows(TOTALS)
    assert told["bytes"] > 10_000


@without_pg_dump
async def test_a_backup_is_for_its_owner_only_and_leaves_nothing_beside_it(shell: Shell, tmp_path: Path) -> None:
    folder = tmp_path / "kept"
    folder.mkdir()
    shell.works("backup", folder / "one.backup")
    assert [path.name for path in folder.iterdir()] == ["one.backup"]
    assert (folder / "one.backup").stat().st_mode & 0o777 == 0o600


@without_pg_dump
async def test_a_file_that_is_there_is_replaced_only_when_that_was_asked_for(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "one.backup"
    file.write_text("precious")
    done = shell("backup", file)
    assert (done.returncode, file.read_text()) == (2, "precious")
    assert "--force replaces it" in done.stderr
    shell.works("backup", file, "--force")
    assert file.stat().st_size > 10_000


@without_pg_dump
async def test_what_else_belongs_into_a_backup_is_named(shop: Shell, tmp_path: Path) -> None:
    (shop.place / "inbox").mkdir()
    told = shop.json("backup", tmp_path / "one.backup")
    assert told["also"] == [str(shop.place / name) for name in ("pictures", "inbox", "secret_key")]


async def test_a_folder_that_is_not_there_is_told(shell: Shell, tmp_path: Path) -> None:
    done = shell("backup", tmp_path / "none" / "one.backup")
    assert done.returncode == 2
    assert "cannot be written: No such file or directory" in done.stderr


@pytest.mark.skipif(bool(SERVER), reason="a file of SQLite's is damaged here")
async def test_a_damaged_database_is_told_and_no_backup_is_made(shop: Shell, tmp_path: Path) -> None:
    damage(shop.place / "comptoir.db")
    done = shop("backup", tmp_path / "one.backup")
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert not (tmp_path / "one.backup").exists()


@pytest.mark.skipif(not SERVER, reason="only PostgreSQL needs pg_dump")
async def test_without_pg_dump_it_says_what_to_install(shell: Shell, tmp_path: Path) -> None:
    done = shell("backup", tmp_path / "one.backup", PATH="/nowhere")
    assert done.returncode == 1
    assert "install postgresql-client" in done.stderr


@pytest.mark.skipif(not SERVER, reason="a file of SQLite's has no password")
async def test_the_password_stays_off_the_command_line_and_out_of_messages(shell: Shell, tmp_path: Path) -> None:
    stub = tmp_path / "bin" / "pg_dump"
    stub.parent.mkdir()
    stub.write_text('#!/bin/sh\necho "$@" >&2\n[ "$PGPASSWORD" = "a:b@c" ] && echo "password known" >&2\nexit 1\n')
    stub.chmod(0o755)
    url = shell.url.replace("comptoir@", "comptoir:a%3Ab%40c@")
    done = shell("backup", tmp_path / "x", COMPTOIR_DATABASE_URL=url, PATH=f"{stub.parent}:{os.environ['PATH']}")
    assert done.returncode == 1
    assert f"--dbname={shell.url}" in done.stderr
    assert "password known" in done.stderr
    assert "a%3Ab" not in done.stderr
