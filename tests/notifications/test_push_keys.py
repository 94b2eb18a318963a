"""The key pair is made once, however many processes start at the same time, and is its owner's alone to read."""

import stat
import subprocess
import sys
from pathlib import Path

import pytest

from app.notifications import push_keys
from app.settings import kept

pytestmark = pytest.mark.without_database

PROGRAM = "from app.notifications import push_keys; print(push_keys.public_key())"


def test_several_processes_at_once_agree_on_one(tmp_path: Path) -> None:
    environment = {"COMPTOIR_DATA_DIR": str(tmp_path), "PATH": "/usr/bin:/bin"}
    command = [sys.executable, "-c", PROGRAM]
    root = Path(__file__).parents[2]
    running = [subprocess.Popen(command, cwd=root, env=environment, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    said = {process.communicate(timeout=120)[0].strip() for process in running}
    assert len(said) == 1
    assert len(said.pop()) == 87  # 65 bytes
    assert stat.S_IMODE((tmp_path / push_keys.FILE).stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob(f"{push_keys.FILE}*")] == [push_keys.FILE]


def test_what_is_kept_is_not_made_again(tmp_path: Path) -> None:
    assert kept(tmp_path, "some", lambda: "one") == kept(tmp_path, "some", lambda: "other") == "one"


def test_a_file_that_holds_another_kind_of_key_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(push_keys, "kept", lambda *_: "nonsense")
    with pytest.raises(ValueError, match="PEM"):
        push_keys.private_key.__wrapped__()
