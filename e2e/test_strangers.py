"""A stranger's order does not exist: the same bytes as for a number that was never given out."""

import httpx
import pytest

from e2e import steps
from e2e.conftest import Visit
from e2e.counter import Counter

PATHS = ("", "/summary.pdf", "/invoice.pdf", "/archiving")


@pytest.fixture(scope="module")
def bobs(counter: Counter) -> str:
    """An order of Bob's that Alice has not."""
    answer = httpx.get(f"{counter.url}/orders", cookies={"session": counter.session("bob@example.com")})
    path = answer.text.partition('<h3><a href="')[2].partition('"')[0]
    assert path.startswith("/orders/")
    return path


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize("partial", [False, True], ids=["page", "part"])
def test_a_strangers_order_and_no_order_are_the_same_bytes(
    visit: Visit, bobs: str, path: str, method: str, partial: bool
) -> None:
    request = visit().context.request
    headers = {"HX-Request": "true", "HX-Request-Type": "partial"} if partial else {}
    never = bobs[:-1] + ("X" if bobs[-1] != "X" else "Y")
    form: dict[str, str | float | bool] | None = {"archived": "yes"} if method == "POST" else None
    answers = [request.fetch(one + path, method=method, headers=headers, form=form) for one in (bobs, never)]
    assert answers[0].status == answers[1].status
    assert answers[0].status in (404, 405)
    assert answers[0].body() == answers[1].body()
    told = [{name: value for name, value in answer.headers.items() if name != "date"} for answer in answers]
    assert told[0] == told[1]


def test_bob_himself_sees_it_and_nothing_was_changed_by_alice(visit: Visit, counter: Counter, bobs: str) -> None:
    visit().context.request.post(f"{bobs}/archiving", form={"archived": "yes"})
    page = visit(who="")
    page.context.add_cookies([{"name": "session", "value": counter.session("bob@example.com"), "url": counter.url}])
    steps.open_orders(page)
    assert bobs in steps.addresses(page)


def test_a_strangers_order_shows_nothing_to_somebody_signed_out(visit: Visit, bobs: str) -> None:
    page = visit(who="")
    page.goto(bobs)
    assert "/sign-in?next=" in page.url
