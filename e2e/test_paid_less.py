"""Less money than was promised, on a phone: its customer does not agree, with one tap; the desk pays the rest, or says
why not."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e import asking, steps
from e2e.conftest import Visit
from e2e.counter import Counter

DESK = "/desk/atelier-nord/returns"


@pytest.fixture
def less(counter: Counter) -> tuple[str, str]:
    """Somebody's address, and the code of what came back, of which 8.00 were kept."""
    email = asking.came(counter)
    code, *_others = counter.beside("asked_each", email=email)
    counter.beside("paid_less", code=code, kept_back=800, reason="A chip in the lid")
    return email, code


def _objects(page: Page, code: str, button: str, deadline: str) -> None:
    page.goto(f"/returns/{code}")
    expect(page.locator(".items")).to_contain_text("A chip in the lid")
    page.locator("#text").fill("It came <like> that")
    page.get_by_role("button", name=button).click()
    expect(page.locator(".part.order-head")).to_contain_text(re.compile(deadline))
    expect(page.get_by_role("button", name=button)).to_have_count(0)


def _at_the_desk(page: Page, code: str) -> None:
    page.goto(DESK)
    page.locator(f".queue > li:has(a[href$='/{code}'])", has_text="Objection").click()
    page.wait_for_url(f"**{DESK}/{code}")
    expect(page.locator("#decide")).to_contain_text("Look at the objection")
    expect(page.locator("#objection")).to_contain_text("It came <like> that")


def test_the_rest_is_paid(visit: Visit, counter: Counter, less: tuple[str, str]) -> None:
    email, code = less
    page = visit("phone", session=counter.session(email))
    page.goto(f"/returns/{code}")
    steps.looks_right(page)
    _objects(page, code, "I do not agree", r"Their answer is due by \w+day \d+ \w+")
    steps.looks_right(page)
    desk = visit("desktop", who="mo", scheme="dark")
    _at_the_desk(desk, code)
    steps.looks_right(desk)
    desk.get_by_role("button", name="Pay the rest: €8.00").click()
    expect(desk.locator(".toast.good")).to_contain_text("The rest is approved.")
    expect(page.locator(".part.order-head")).to_contain_text("After your objection the rest was given back")  # not loaded again
    expect(page.locator("main")).not_to_contain_text("A chip in the lid")
    steps.looks_right(page)


def test_it_stands_and_its_customer_reads_why(visit: Visit, counter: Counter, less: tuple[str, str]) -> None:
    email, code = less
    page = visit("phone", session=counter.session(email, "fr"), locale="fr", js=False)
    _objects(page, code, "Je ne suis pas d’accord", r"avant la fin du \w+di \d+ \w+")
    desk = visit("phone", who="mo", js=False)
    _at_the_desk(desk, code)
    desk.locator("#objection summary", has_text="It stands").click()
    desk.locator("form[action$='/upholding'] textarea").fill("The photo shows it.")
    desk.get_by_role("button", name="Answer the objection").click()
    expect(desk.locator("main")).not_to_contain_text("Look at the objection")
    page.reload()
    expect(page.locator(".part.order-head")).to_contain_text("Réexaminé après votre contestation")
    expect(page.locator("blockquote")).to_contain_text("The photo shows it.")
