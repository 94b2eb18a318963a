"""What a refused form says besides its words, and what no cache may keep."""

import pytest
from httpx import AsyncClient

from app.accounts import sign_in_links, throttle
from tests import builders
from tests.accounts.factor_steps import FACTOR, half_in, with_app
from tests.accounts.steps import ask_for_code, is_in, mailed_code, sign_in
from tests.builders import ALICE


@pytest.fixture
async def alice() -> int:
    return await builders.customer(ALICE)


async def test_a_second_factor_tried_too_often_says_when_to_try_again(
    laptop: AsyncClient, alice: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(throttle, "FACTORS_BY_NETWORK", throttle.Limit("factors_network", 1, throttle.QUARTER))
    await with_app(alice)
    await half_in(laptop)
    assert (await laptop.post(FACTOR, data={"code": "000000"})).status_code == 422
    refused = await laptop.post(FACTOR, data={"code": "000000"})
    assert refused.status_code == 429
    assert 0 < int(refused.headers["retry-after"]) <= 901


async def test_a_code_may_be_typed_with_a_hyphen_at_the_door_and_as_a_proof(laptop: AsyncClient, alice: int) -> None:
    await ask_for_code(laptop)
    code = mailed_code()
    assert (await laptop.post("/sign-in/code", data={"code": f"{code[:3]}-{code[3:]}"})).status_code == 303
    assert await is_in(laptop)
    laptop.cookies.update(await builders.session(ALICE, proved=False))
    await laptop.post("/account/proof", data={"proof_send": "yes"})
    code = mailed_code()
    proved = await laptop.post("/account/proof", data={"proof_code": f"{code[:3]} - {code[3:]}"})
    assert (proved.status_code, proved.headers.get("location")) == (303, "/account")


async def test_a_page_that_a_link_opens_is_kept_by_nobody(laptop: AsyncClient, alice: int) -> None:
    await sign_in(laptop)
    page = await laptop.get(f"/sign-in/link/{await sign_in_links.make(alice)}")
    assert (page.status_code, page.headers["cache-control"]) == (200, "no-store")
    assert "etag" not in page.headers
