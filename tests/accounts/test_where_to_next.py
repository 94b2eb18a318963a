import pytest

from app.accounts.forms import own_path
from tests import builders
from tests.accounts.steps import ELSEWHERE, ask_for_code, enter_code, enter_password, mailed_code, sign_in
from tests.builders import ALICE

OURS = ["/", "/orders", "/orders/12?from=mail#top", "/orders?q=%C3%A9", "/sign-in/code"]


@pytest.fixture(autouse=True)
async def alice() -> int:
    return await builders.customer(ALICE)


@pytest.mark.parametrize("path", OURS)
def test_a_path_of_ours_may_be_next(path):
    assert own_path(path) == path


@pytest.mark.parametrize("path", ["", *ELSEWHERE])
def test_no_other_place_may_be_next(path):
    assert own_path(path) == ""


async def test_the_wanted_page_is_kept_through_signing_in_by_code(laptop):
    form = await laptop.get("/sign-in", params={"next": "/orders/12?from=mail"})
    assert 'name="next" value="/orders/12?from=mail"' in form.text
    await ask_for_code(laptop, next="/orders/12?from=mail")
    assert 'name="next" value="/orders/12?from=mail"' in (await laptop.get("/sign-in/code")).text
    await enter_code(laptop, "000000")
    assert (await enter_code(laptop, mailed_code())).headers["location"] == "/orders/12?from=mail"


async def test_the_wanted_page_is_kept_through_signing_in_with_a_password(laptop):
    form = await laptop.get("/sign-in/password", params={"next": "/orders/12"})
    assert 'name="next" value="/orders/12"' in form.text
    refused = await enter_password(laptop, "not the password", next="/orders/12")
    assert 'name="next" value="/orders/12"' in refused.text


async def test_who_is_in_already_goes_on_to_the_wanted_page(laptop):
    await sign_in(laptop)
    assert (await laptop.get("/sign-in", params={"next": "/orders/12"})).headers["location"] == "/orders/12"


@pytest.mark.parametrize("path", ELSEWHERE)
async def test_signing_in_never_leads_elsewhere(laptop, path):
    assert "evil.example" not in (await laptop.get("/sign-in", params={"next": path})).text
    assert "evil.example" not in (await ask_for_code(laptop, "no address", next=path)).text
    await ask_for_code(laptop, next=path)
    assert (await enter_code(laptop, mailed_code())).headers["location"] == "/orders"
    assert (await laptop.get("/sign-in", params={"next": path})).headers["location"] == "/orders"
    answer = await laptop.post("/locale", data={"locale": "en", "back": path})
    assert answer.headers["location"] == "/"
