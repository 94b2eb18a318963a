"""No way leads out of the app unless a test opens one."""

import pytest

from app.notifications import ways
from tests.notifications.steps import Sink


@pytest.fixture(autouse=True)
def no_ways(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing leaves the app unless a test opens a way."""
    monkeypatch.setattr(ways, "CHANNELS", {})


@pytest.fixture
def mail(no_ways: None) -> Sink:
    ways.CHANNELS["email"] = sink = Sink()
    return sink


@pytest.fixture
def push(no_ways: None) -> Sink:
    ways.CHANNELS["push"] = sink = Sink()
    return sink
