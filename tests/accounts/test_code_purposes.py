"""A code and the cookie of who asked for it: for signing in or for a proof, never for both."""

from datetime import timedelta

import pytest
from httpx import AsyncClient

from app import clock, db
from app.accounts import asked_cookie
from app.tokens import sign
from tests import builders
from tests.accounts.conftest import Laptops
from tests.accounts.steps import ask_for_code, enter_code, is_in, mailed_code
from tests.builders import ALICE

SIGN_IN, PROOF = "code-asked", "proof-asked"


@pytest.fixture
async def alice() -> int:
    return await builders.customer(password_hash="")


@pytest.fixture
async def signed_in(laptops: Laptops, alice: int) -> AsyncClient:
    laptop = laptops()
    laptop.cookies.update(await builders.session(proved=False))
    return laptop


async def test_a_mailed_proof_does_not_sign_in(laptops: Laptops, signed_in: AsyncClient) -> None:
    await signed_in.post("/account/proof", data={"proof_send": "yes"})
    thief = laptops("198.51.100.77")
    thief.cookies.set(SIGN_IN, signed_in.cookies[PROOF])
    assert (await enter_code(thief, mailed_code())).headers["location"] == "/sign-in", "as without a cookie"
    assert not await is_in(thief)


async def test_nor_does_its_code_with_a_cookie_of_its_own(laptops: Laptops, signed_in: AsyncClient) -> None:
    await signed_in.post("/account/proof", data={"proof_send": "yes"})
    code, (row,) = mailed_code(), await db.rows("SELECT id FROM sign_in_codes")
    thief = laptops("198.51.100.77")
    thief.cookies.set(SIGN_IN, asked_cookie.now(ALICE, row["id"], "").cookie(SIGN_IN))
    assert (await enter_code(thief, code)).status_code == 422
    assert not await is_in(thief)


async def test_a_code_to_sign_in_proves_nothing(signed_in: AsyncClient) -> None:
    await ask_for_code(signed_in)
    signed_in.cookies.set(PROOF, signed_in.cookies[SIGN_IN], domain="localhost.local")
    (row,) = await db.rows("SELECT id FROM sign_in_codes")
    for cookie in (signed_in.cookies[SIGN_IN], asked_cookie.now(ALICE, row["id"], "").cookie(PROOF)):
        headers = {"cookie": f"session={signed_in.cookies['session']}; {PROOF}={cookie}"}
        assert (await signed_in.post("/account/proof", data={"proof_code": mailed_code()}, headers=headers)).status_code == 422
    (session,) = await db.rows("SELECT proved_at FROM sessions")
    assert session["proved_at"] < clock.now() - timedelta(minutes=30)


def test_a_cookie_is_read_under_its_own_name_only() -> None:
    cookie = asked_cookie.now(ALICE, 7, "").cookie(PROOF)
    assert asked_cookie.read(cookie, PROOF) is not None
    assert asked_cookie.read(cookie, SIGN_IN) is None
    assert asked_cookie.read(sign("{}", PROOF), PROOF) is None
