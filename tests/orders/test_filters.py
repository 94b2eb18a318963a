"""What an address says about where a list goes on."""

import pytest
from httpx import AsyncClient

from app import reading
from tests import builders

NONSENSE = (
    "1-99999999999999999999999", "1-2147483648", "1--1", "99999999999999999999-1", "-62135596800000000-1",
    "253402300799000000-1", "1", "-", "-1", "1-", "x-1", "1-x", "", "1-" + "0" * 60,
)  # fmt: skip


@pytest.mark.parametrize("text", NONSENSE)
async def test_a_place_that_cannot_be_is_the_beginning(alice: AsyncClient, text: str) -> None:
    assert reading.read_cursor(text) is None
    await builders.order()
    for headers in ({}, {"HX-Request": "true", "HX-Request-Type": "partial"}):
        page = await alice.get("/orders", params={"before": text}, headers=headers)
        assert (page.status_code, "1001" in page.text) == (200, True)
