"""The pages of what protects people in a conversation, and of what a desk does with one, each with how to get there."""

from collections.abc import Callable
from typing import Any

from playwright.sync_api import Page, expect

from e2e import steps
from e2e.counter import Counter
from e2e.talking import DESK

Opening = Callable[[Page, Counter], None]
Told = dict[str, Any]
JUDGES = "/desk/alpages/inbox/reported"


def _theirs(path: str, *verbs: Callable[[Counter, Told], object]) -> Opening:
    """Of somebody new who has asked and was answered: a page in that conversation, after what is done there."""

    def opening(page: Page, counter: Counter) -> None:
        email = counter.newcomer()
        it: Told = counter.beside("talk", email=email)
        for verb in verbs:
            verb(counter, it)
        page.context.clear_cookies()
        steps.use_link(page, counter.link(email))
        page.goto(f"/inbox/{it['code']}{path.format(**it)}")

    return opening


def _at_desk(path: str, *verbs: Callable[[Counter, Told], object]) -> Opening:
    """The same, as Mo sees it."""

    def opening(page: Page, counter: Counter) -> None:
        it: Told = counter.beside("talk", email=counter.newcomer())
        for verb in verbs:
            verb(counter, it)
        page.goto(path.format(**it))

    return opening


def _flagged(counter: Counter, it: Told) -> None:
    counter.beside("flagged", code=it["code"], message=it["his"])


def _blocked(counter: Counter, it: Told) -> None:
    counter.beside("blocked", code=it["code"])


def _mailed(counter: Counter, it: Told) -> None:
    counter.beside("mail_waits", code=it["code"])


def _merging(page: Page, counter: Counter) -> None:
    """Two of one customer, both on show."""
    email = counter.newcomer()
    it = counter.beside("talk", email=email)
    counter.beside("talk", email=email, subject="And another lid")
    page.goto(f"{DESK}/{it['code']}/merging")
    page.locator("main a[href*='with=']").first.click()
    expect(page.locator("main form button.first")).to_be_visible()


SIGNED_IN: dict[str, Opening] = {
    "inbox-report": _theirs("/messages/{his}/report"),
    "inbox-reported": _theirs("/messages/{his}/report", _flagged),
    "inbox-blocked": _theirs("", _blocked),
}
AT_DESK: dict[str, Opening] = {
    "desk-inbox-report-message": _at_desk(DESK + "/{code}/messages/{hers}/report"),
    "desk-inbox-reported": _at_desk(JUDGES, _flagged),
    "desk-inbox-reported-one": _at_desk(JUDGES + "/{his}", _flagged),
    "desk-inbox-block": _at_desk(DESK + "/{code}/block"),
    "desk-inbox-blocked": _at_desk(DESK + "/{code}", _blocked),
    "desk-inbox-merging": _merging,
    "desk-mails-waiting": _at_desk("/desk/atelier-nord/mails", _mailed),
}
