from datetime import date

import pytest

from app.demo.orders import snapshots
from app.ingest.snapshot import OrderSnapshot


@pytest.fixture(scope="session")
def orders() -> list[OrderSnapshot]:
    """All orders of the demo as they stand on a Saturday."""
    return list(snapshots(date(2026, 11, 21)))
