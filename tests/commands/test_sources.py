"""`python -m app source`: secrets are read or made, shown at most once, and kept sealed."""

import re
import subprocess
import sys

from app.commands.menu import SENDERS
from app.tracking.signatures import CHECKS
from tests.commands.conftest import ROOT, Shell


async def test_a_secret_that_is_made_is_printed_alone_and_kept_sealed(shop: Shell) -> None:
    done = shop("source", "add", "alpages", "easypost", COMPTOIR_BASE_URL="https://orders.example.com")
    secret = done.stdout.strip()
    assert re.fullmatch(r"[\w-]{40,}", secret)
    assert done.stderr == "Webhook: https://orders.example.com/webhooks/easypost/alpages\n"
    ((sealed,),) = await shop.rows("SELECT sealed_secret FROM tracking_sources")
    assert secret not in sealed
    listed = shop.works("source", "list")
    assert listed.split()[:2] == ["alpages", "easypost"]
    assert "not used yet" in listed
    assert secret not in listed + shop.works("source", "list", "--json")


async def test_a_source_is_removed_once(shop: Shell) -> None:
    shop.works("source", "add", "alpages", "shippo")
    shop.works("source", "remove", "alpages", "shippo")
    again = shop("source", "remove", "alpages", "shippo")
    assert (again.returncode, again.stdout) == (1, "")
    assert "alpages has no source shippo" in again.stderr
    assert await shop.rows("SELECT id FROM tracking_sources") == []


def test_wrong_usage_is_said(shop: Shell) -> None:
    assert "alpages, atelier-nord" in shop("source", "add", "nobody", "shippo").stderr
    assert shop("source", "add", "alpages", "pigeon").returncode == 2
    assert "standard input is empty" in shop("source", "add", "alpages", "shippo", "--stdin").stderr


def test_a_secret_that_is_read_is_not_shown(shop: Shell) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "app", "source", "add", "alpages", "aftership", "--stdin"], cwd=ROOT, env=shop.environment(),
        input="chosen by the sender\n", capture_output=True, text=True, timeout=120, check=True,
    )  # fmt: skip
    assert done.stdout == ""
    assert "chosen" not in done.stderr


def test_the_menu_names_the_senders_that_can_be_checked() -> None:
    assert tuple(CHECKS) == SENDERS
