"""Kill -9 between the provider and the row: found again, and never paid twice."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app import clock, db
from app.ingest.snapshot import Payment
from app.orders import refund_sending
from app.settings import settings
from tests.payments.conftest import KEY, PATIENCE, Shop
from tests.payments.steps import ask, kinds, order_row, paid, refunds, within


def killed(shop: Shop, when: str) -> str:
    """What it said before."""
    given = {
        "COMPTOIR_DATA_DIR": str(settings.data_dir), "COMPTOIR_DATABASE_URL": settings.database_url,
        "COMPTOIR_STRIPE_KEY": KEY, "COMPTOIR_STRIPE_URL": shop.url, "PATH": os.environ["PATH"],
    }  # fmt: skip
    command = [sys.executable, "-m", "tests.payments.killed", when]
    run = subprocess.run(command, env=given, cwd=Path(__file__).parents[2], capture_output=True, text=True, timeout=PATIENCE)
    assert run.returncode == -signal.SIGKILL, run.stderr
    return run.stdout


@pytest.mark.parametrize("deaths", [["after"], ["before"], ["after", "after", "before"], ["before", "after"]])
async def test_what_a_dead_worker_has_done_is_found(shop: Shop, deaths: list[str]) -> None:
    payment = shop.charged(5290)
    order = await paid(payments=[Payment(kind="card", amount=5290, reference=payment)])
    await ask(order["id"], 1250, approved=True)
    for when in deaths:
        await db.execute("UPDATE refunds SET next_try_at = {}", clock.now())
        said = killed(shop, when)
        assert (when == "after") == said.startswith("succeeded re_")
        (row,) = await refunds()
        assert (row["state"], row["reference"]) == ("pending", "")  # nothing of it is known here
        assert len(shop.refunds(payment)) == ("after" in deaths[: deaths.index(when) + 1])
    assert (row["attempts"], await refund_sending.send_due()) == (len(deaths), 0)  # it waits for whom may still be alive
    await db.execute("UPDATE refunds SET next_try_at = {}", clock.now())
    assert await refund_sending.send_due() == 1
    (row,), (made,) = await refunds(), shop.refunds(payment)
    assert (row["state"], row["reference"], made["amount"]) == ("succeeded", made["id"], 1250)
    assert (await order_row(order["id"]))["refunded"] == 1250
    assert await kinds() == ["refund_requested", "refund_approved", "refund_succeeded"]
    await within()
