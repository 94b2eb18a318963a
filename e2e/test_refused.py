"""A return that was declined, on a phone: its customer does not agree, with one tap; the desk looks at it again."""

import re

import pytest
from playwright.sync_api import Page, expect

from e2e import asking, steps
from e2e.conftest import Visit
from e2e.counter import Counter

DESK = "/desk/atelier-nord/returns"


@pytest.fixture
def refused(counter: Counter) -> tuple[str, str]:
    """Somebody's address, and the code of what was declined."""
    email = asking.came(counter)
    code, *_others = counter.beside("asked_each", email=email)
    counter.beside("decided", code=code, clause="used", answer="There is tea in it.")
    return email, code


def _objects(page: Page, code: str, clause: str, button: str, deadline: str) -> None:
    """From the list of returns by one tap; the day of the answer is named at once, and in the history."""
    page.goto("/returns")
    page.locator(f"#return-{code} h3 a").click()
    expect(page.locator("main")).to_contain_text(clause)
    expect(page.locator("blockquote")).to_contain_text("There is tea in it.")
    page.get_by_role("button", name=button).click()
    expect(page.locator(".order-head")).to_contain_text(re.compile(deadline))
    expect(page.locator(".timeline li").first).to_contain_text(re.compile(deadline))
    expect(page.get_by_role("button", name=button)).to_have_count(0)


def _at_the_desk(page: Page, code: str) -> None:
    page.goto(DESK)
    page.locator(f".queue > li:has(a[href$='/{code}'])", has_text="Objection").click()
    page.wait_for_url(f"**{DESK}/{code}")
    expect(page.locator("#decide")).to_contain_text("Look at the objection")


def test_the_refusal_stands_and_its_customer_reads_why(visit: Visit, counter: Counter, refused: tuple[str, str]) -> None:
    email, code = refused
    page = visit("phone", session=counter.session(email))
    clause = "The item was used more than trying it needs"
    _objects(page, code, clause, "I do not agree", r"(?:Their answer is|Answer) due by \w+day \d+ \w+")
    steps.looks_right(page)
    desk = visit("desktop", who="mo", scheme="dark")
    _at_the_desk(desk, code)
    desk.locator("summary", has_text="The refusal stands").click()
    desk.locator("form[action$='/upholding'] textarea").fill("We have looked at the photos again.")
    steps.looks_right(desk)
    desk.get_by_role("button", name="Answer the objection").click()
    expect(desk.locator(".toast.good")).to_contain_text("The refusal stands")
    expect(page.locator(".order-head")).to_contain_text("the refusal stands")  # without being loaded again
    expect(page.locator("blockquote")).to_contain_text("We have looked at the photos again.")
    steps.looks_right(page)


def test_the_refusal_is_taken_back_and_it_is_sent_back(visit: Visit, counter: Counter, refused: tuple[str, str]) -> None:
    email, code = refused
    page = visit("phone", session=counter.session(email, "fr"), locale="fr", js=False)
    _objects(page, code, "L’article a été utilisé", "Je ne suis pas d’accord", r"avant la fin du \w+di \d+ \w+")
    desk = visit("desktop", who="mo")
    _at_the_desk(desk, code)
    desk.get_by_role("button", name="Approve").click()
    expect(desk.locator(".toast.good")).to_contain_text("Approved.")
    page.reload()
    expect(page.locator(".order-head h2")).to_contain_text("À renvoyer")
    page.locator("a[href$='/sending']").click()
    expect(page.locator("figure.qr-frame svg")).to_be_visible()
