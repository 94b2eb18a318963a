"""A bucket gives what it holds, fills with time, and says how long to wait."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app.errors import Refused
from app.web.limits import Buckets

pytestmark = pytest.mark.without_database


def test_a_burst_is_let_through_and_then_it_is_so_many_a_second() -> None:
    buckets = Buckets(rate=2, burst=3)
    with time_machine.travel(datetime(2026, 1, 1, tzinfo=UTC), tick=False) as traveller:
        for _ in range(3):
            buckets.take("a")
        with pytest.raises(Refused) as refused:
            buckets.take("a")
        assert (refused.value.status, refused.value.retry_after) == (429, 1)
        buckets.take("b")
        traveller.shift(timedelta(seconds=0.5))
        buckets.take("a")
        with pytest.raises(Refused):
            buckets.take("a")


def test_keys_that_nobody_uses_are_forgotten() -> None:
    buckets = Buckets(rate=1, burst=1, most_keys=3)
    for key in "abcdefgh":
        buckets.take(key)
    assert list(buckets.levels) == ["f", "g", "h"]


def test_a_clock_that_is_put_back_shuts_nobody_out() -> None:
    buckets = Buckets(rate=2, burst=3)
    for day in (2, 1):
        with time_machine.travel(datetime(2026, 1, day, tzinfo=UTC), tick=False):
            buckets.take("a")
