"""Reports of mail servers, piped into `python -m app bounce`."""

import subprocess
import sys

from tests.commands.conftest import ROOT, Shell
from tests.mail.reported import report


def piped(shell: Shell, raw: bytes) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "app", "bounce"], cwd=ROOT, env=shell.environment(), input=raw, capture_output=True, timeout=120
    )


def test_a_report_is_read_from_standard_input(shell: Shell) -> None:
    shell.works("migrate")
    done = piped(shell, report("0" * 32))
    assert (done.returncode, done.stdout) == (0, b"no notice of ours, or to another address: nothing was changed\n")


def test_what_is_no_report_is_said(shell: Shell) -> None:
    done = piped(shell, b"\xff\x00 hello")
    assert done.returncode == 1
    assert b"no report" in done.stderr
    assert b"Traceback" not in done.stderr
