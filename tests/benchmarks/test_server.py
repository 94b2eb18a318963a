"""What pages are compared with is as long as it claims to be."""

import pytest

from tests.benchmarks.server import sent_as

pytestmark = pytest.mark.without_database


def test_a_static_answer_has_the_body_that_it_was_given() -> None:
    assert sent_as(b"never compressed").compressed == b"never compressed"
