"""Whatever somebody writes is kept whole and shown as words wherever it is shown, never as a program or a header."""

import html
import re

import msgspec
import pytest
from httpx import AsyncClient

from app import db
from app.inbox import about, posting, starting, texts
from app.inbox.posting import Said
from app.notifications import email, push_messages, ways
from app.webhooks import payloads
from tests import builders
from tests.accounts.steps import mails
from tests.notifications.letters import html_of, turn
from tests.notifications.steps import said_of, told

MARKUP = (
    "<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "</textarea><svg/onload=alert(1)>", "<!--", "]]>",
    '"><iframe srcdoc="<b>">', "{{ 7 * 7 }} {% raw %}", "&lt;b&gt;", "<a href='javascript:x'>",
    "<hx-partial hx-target='#main'>",
)  # fmt: skip
UNSEEN = (
    "pay\u202egnp.exe",
    "\u2066left\u2069 \u2067right",
    "a\u200bb\u2060c\ufeffd",
    "\u061cx\u200e\u200f",
    "x\u0301\u0301\u0301" * 20,
)
EMOJI = ("👩‍👩‍👧‍👦🏳️‍🌈🇫🇷👍🏽", "1️⃣", "❤\ufe0f\u200d🔥")
HEADERS = ("Hello\r\nBcc: all@example.com\r\n\r\n<b>", "a\nSubject: b", "x\x0bX-Evil: 1", "=?utf-8?q?=0ABcc:_a?=")
ALL = (*MARKUP, *UNSEEN, *EMOJI, *HEADERS)
SCRIPTED = re.compile(
    r"<(script>alert|img src=x|svg/onload|iframe|hx-partial hx-target='#main'|a href='javascript)", re.IGNORECASE
)
TURNS = re.compile("[\u202a-\u202e\u2066-\u2069\u200b\u2060\ufeff\x00-\x09\x0b-\x1f]")


@pytest.fixture
async def hers(client: AsyncClient) -> AsyncClient:
    client.cookies.update(await builders.session())
    return client


async def begun(text: str, name: str = "Mo") -> tuple[str, int]:
    """With an answer that says it, too, by somebody of that name; its code and its merchant."""
    alice, order = await builders.customer(), await builders.order()
    what = await about.order(alice, order["address"])
    first = Said(side="buyer", text=text, author=alice, name=name)
    code = await starting.start(alice, what, first, subject=texts.line(text)[:100])
    await posting.answer(order["merchant"], code, Said(side="seller", text=text, author=7, name=name))
    return code, order["merchant"]


def words(page: str) -> str:
    """What somebody reads there."""
    return html.unescape(re.sub(r"<[^>]*>", "", page))


@pytest.mark.parametrize("text", ALL)
async def test_it_is_kept_whole_and_shown_as_words_in_the_list_the_conversation_and_a_search(
    hers: AsyncClient, text: str
) -> None:
    code, _merchant = await begun(text, name=text.replace("\0", ""))
    kept = await db.rows("SELECT text FROM messages ORDER BY id")
    assert {row["text"] for row in kept} == {texts.cleaned(text)}
    for address in (f"/inbox/{code}", "/inbox", "/inbox?q=a", f"/inbox/{code}?q=a", "/orders/1001"):
        page = (await hers.get(address)).text
        assert not SCRIPTED.search(page), address
    shown = words((await hers.get(f"/inbox/{code}")).text)
    assert texts.cleaned(text).replace("\u202e", "⟨U+202E⟩").strip() in shown.replace("\r\n", "\n")
    listed = (await hers.get("/inbox")).text
    assert not TURNS.search(listed), "a headline is turned round by nobody"


async def test_what_turns_a_line_round_is_seen_as_what_it_is(hers: AsyncClient) -> None:
    code, _merchant = await begun("pay\u202egnp.exe")
    page = (await hers.get(f"/inbox/{code}")).text
    assert "pay⟨U+202E⟩gnp.exe" in page
    assert "\u202e" not in page
    assert 'class="words" dir="auto"' in page, "each message is a line of its own direction"


@pytest.mark.parametrize("text", ALL)
async def test_news_of_it_say_it_in_one_line_without_what_is_not_seen(text: str) -> None:
    await begun(text, name=text)
    of = await said_of("message_posted")
    pushed = push_messages.Message(title=of.title, body=of.body, lang="en", url="/", tag="t", unread=1).encoded()
    shown = msgspec.json.decode(pushed)["notification"]
    for said in (of.title, of.body, shown["title"], shown["body"]):
        assert not TURNS.search(said)
        assert "\n" not in said


@pytest.mark.parametrize("text", ALL)
async def test_a_mail_about_it_has_no_header_more_and_no_markup_of_theirs(text: str) -> None:
    ways.CHANNELS.clear()
    ways.CHANNELS["email"] = email
    await begun(text, name=text)
    await told()
    assert await turn()
    mail = mails()[-1]
    assert (mail["Bcc"], mail["X-Evil"], mail["To"]) == (None, None, builders.ALICE)
    assert not TURNS.search(mail["Subject"])
    assert not SCRIPTED.search(html_of(mail))


@pytest.mark.parametrize("text", ALL)
async def test_webhooks_carry_it_whole(text: str) -> None:
    await begun(text)
    (row,) = await db.rows("SELECT id FROM events WHERE kind = 'message_posted' ORDER BY id DESC LIMIT 1")
    body = await payloads.body(row["id"])
    assert body is not None
    assert msgspec.json.decode(body)["data"]["message"]["text"] == texts.cleaned(text)


async def test_a_hundred_thousand_letters_are_kept_whole_and_shown_cut(hers: AsyncClient) -> None:
    text = "Nobody reads this. " * 5_263
    code, _merchant = await begun(text[: texts.MOST])
    kept = await db.rows("SELECT text FROM messages ORDER BY id")
    assert {row["text"] for row in kept} == {texts.cleaned(text[: texts.MOST])}
    page = (await hers.get(f"/inbox/{code}")).text
    assert page.count("Show the rest") == 2
    assert words(page).count("Nobody reads this.") >= 2 * 5_260
    assert len((await hers.get("/inbox")).text) < 60_000


@pytest.mark.parametrize(("field", "most"), [("text", 100_000), ("subject", 150)])
async def test_beyond_the_limit_it_is_refused_at_its_field_with_what_was_typed(
    hers: AsyncClient, field: str, most: int
) -> None:
    await builders.order()
    typed = {"order": "1001", "text": "Hello", "subject": "The lid", "key": "k" * 20, field: "<i>" + "y" * most}
    answer = await hers.post("/inbox/threads", data=typed)
    assert answer.status_code == 422
    assert f'id="{field}-error"' in answer.text
    assert f"At most {most} letters." in answer.text
    assert typed[field] in html.unescape(answer.text)
    assert not await db.rows("SELECT id FROM threads")


@pytest.mark.parametrize("text", ["\u061c\u200e\u200f", "\u200b" * 50, " \n\t"])
async def test_words_of_which_nothing_is_seen_are_none(hers: AsyncClient, text: str) -> None:
    code, _merchant = await begun("Hello")
    answer = await hers.post(f"/inbox/{code}/messages", data={"text": text})
    assert (answer.status_code, "Write something" in answer.text) == (422, True)


async def test_words_behind_much_that_is_not_seen_are_kept(hers: AsyncClient) -> None:
    code, _merchant = await begun("Hello")
    assert (await hers.post(f"/inbox/{code}/messages", data={"text": "\u200b" * 5_000 + "x"})).status_code == 303
    assert (await hers.get("/inbox")).status_code == 200
