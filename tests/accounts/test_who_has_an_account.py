from datetime import UTC, datetime

import pytest
import time_machine

from tests import builders
from tests.accounts.steps import ask_for_code, enter_code, mails, text_of
from tests.builders import ALICE, BOB

START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
async def alice() -> int:
    return await builders.customer(ALICE)


async def test_an_address_without_an_account_gets_the_same_answers_and_a_mail_that_says_so(laptops):
    known, unknown = laptops("192.0.2.1"), laptops("192.0.2.2")
    seen = []
    with time_machine.travel(START, tick=False):
        for laptop, email in ((known, ALICE), (unknown, "nobodyx@example.com")):
            asked = await ask_for_code(laptop, email)
            form = await laptop.get("/sign-in/code")
            refused = await enter_code(laptop, "000000")
            seen.append([_without(email, answer) for answer in (asked, form, refused)])
    assert seen[0] == seen[1]
    said = {mail["To"]: text_of(mail) for mail in mails()}
    assert "Your code to sign in" in said[ALICE]
    assert "There is no account" in said["nobodyx@example.com"]
    assert "Your code" not in said["nobodyx@example.com"]


def _without(email: str, answer) -> tuple[int, str, list[tuple[str, str]]]:
    """All that a stranger sees of an answer, but for the address they typed and the signed cookie."""
    headers = [(name, value) for name, value in answer.headers.multi_items() if name not in ("set-cookie", "content-length")]
    cookies = [value.partition("=")[0] for value in answer.headers.get_list("set-cookie")]
    return answer.status_code, answer.text.replace(email, "…"), [*headers, *((name, "") for name in cookies)]


async def test_an_address_without_an_account_costs_the_same_queries(laptops, statements):
    """Counted, not timed: the same statements in the same order until the answer is out."""
    spoken = []
    for network, email in (("192.0.2.1", ALICE), ("192.0.2.2", "nobody@example.com")):
        laptop = laptops(network)
        await ask_for_code(laptop, email)
        await enter_code(laptop, "000000")
        spoken.append(statements.copy())
        statements.clear()
    assert len(spoken[0]) > 8
    assert spoken[0] == spoken[1]


async def test_the_mail_leaves_after_the_answer(laptop, monkeypatch):
    order = []

    async def watched(*_args, **_context):
        order.append("mail")

    monkeypatch.setattr("app.mail.outbox.send", watched)

    async def app(scope, receive, send):
        async def watching(message):
            if message["type"] == "http.response.body" and not message.get("more_body"):
                order.append("answer")
            await send(message)

        await laptop._transport.counter(scope, receive, watching)

    laptop._transport.counter, laptop._transport.app = laptop._transport.app, app
    await ask_for_code(laptop)
    assert order == ["answer", "mail"]


async def test_the_mail_speaks_the_language_of_the_account(laptop, monkeypatch):
    await builders.customer(BOB, "Bob", locale="fr-CH")
    spoken = []

    async def watched(_to, _kind, voice, **_context):
        spoken.append(voice.locale)

    monkeypatch.setattr("app.mail.outbox.send", watched)
    await ask_for_code(laptop, BOB)
    await ask_for_code(laptop, ALICE)
    await laptop.post("/locale", data={"locale": "fr", "back": "/sign-in"})
    await ask_for_code(laptop, ALICE)
    assert spoken == ["fr", "en", "fr"]
