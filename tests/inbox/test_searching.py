"""Searching in the inbox: by the beginnings of words, accents and case aside, and in nobody else's messages.

On the real messages the answers are compared with a scan that knows neither index nor terms.
"""

import csv
import os
import random
import re
import unicodedata
from collections import defaultdict
from pathlib import Path

import pytest

from app import db
from app.inbox import kept, limits, lists, marking, messages, posting, searching, starting
from app.inbox.about import About
from app.inbox.lists import Filter
from app.inbox.posting import Said
from app.inbox.words import for_customer, words
from tests import builders

SAID = ("theiere", "THÉIÈRE", "thei", "brume 10482", "A-10482", "ébréchée", "atelier mo brume", "œuf", "oeuf")
NOT_SAID = ("eiere", "brume 10483", "A-104829", "bob", "nothing", "* OR x", "zz:* | b", "NOT brume", "'zz' | 'a'")


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


async def thread(customer: int, *said: str, subject: str = "A question", titles: str = "") -> str:
    what = About(kind="question", merchant=await builders.merchant(), titles=titles)
    first, *more = (Said(side="buyer", text=text, author=customer, name="Alice Martin") for text in said)
    code = await starting.start(customer, what, first, subject=subject)
    for one in more:
        await posting.reply(customer, code, one)
    return code


async def found(customer: int, query: str, **more: str) -> list[str]:
    return [it.code for it in (await lists.page_of(customer, Filter(q=query, **more), most=20_000))[0]]


@pytest.mark.parametrize("query", SAID)
async def test_a_thread_is_found_by_what_any_of_its_messages_says_with_what_it_is_about(alice: int, query: str) -> None:
    code = await thread(alice, "La théière « Brume » de ma commande A-10482 est ébréchée (œuf)", "Hello again")
    await thread(alice, "Something else", subject="Other")
    assert await found(alice, query) == [code]


@pytest.mark.parametrize("query", NOT_SAID)
async def test_what_nobody_said_finds_nothing(alice: int, query: str) -> None:
    await thread(alice, "La théière « Brume » de ma commande A-10482")
    assert await found(alice, query) == []


@pytest.mark.parametrize("query", ["?!", '"', "'", "*", "-"])
async def test_signs_alone_look_for_nothing_and_show_the_list(alice: int, query: str) -> None:
    code = await thread(alice, "Hello")
    assert await found(alice, query) == [code]


async def test_languages_without_spaces_are_found_by_their_signs(alice: int) -> None:
    code = await thread(alice, "请问我的茶壶什么时候到？")
    assert await found(alice, "茶壶") == [code]
    assert await found(alice, "咖啡") == []
    greek = await thread(alice, "Πού είναι η παραγγελία μου;")
    assert await found(alice, "παραγγ") == [greek]


async def test_nobody_finds_anothers_words(alice: int) -> None:
    bob = await builders.customer(builders.BOB, "Bob")
    hers, his = await thread(alice, "My secret teapot"), await thread(bob, "Another teapot")
    assert await found(alice, "teapot") == [hers]
    assert await found(bob, "teapot") == [his]
    assert await found(bob, "secret") == [] == await found(bob, f"c{alice}wsecret")


async def test_the_words_may_stand_in_different_messages_of_one_conversation_and_not_of_two(alice: int) -> None:
    code = await thread(alice, "The lid has come", "It is blue")
    await thread(alice, "The lid is red")
    assert await found(alice, "lid blue") == [code]
    it = await kept.owned_by(alice, code)
    page = await messages.page_of(it.id, whose=for_customer(alice), query="lid blue")
    assert [one.text for one in page.messages] == ["The lid has come", "It is blue"]
    assert (await searching.hits([it.id], for_customer(alice), "lid blue")) == {it.id: "It is blue"}


async def test_the_code_of_a_mails_subject_finds_its_conversation(alice: int) -> None:
    code = await thread(alice, "Hello")
    await thread(alice, "Hello again")
    bob = await builders.customer(builders.BOB, "Bob")
    assert (await found(alice, code.lower()), await found(bob, code)) == ([code], [])


@pytest.mark.parametrize(
    ("query", "text", "marks"),
    [
        ("A-10402", "L'autre, à voir : A-10402, a-104027", ["A-10402", "a-104027"]),
        ("l'ampli", "L'autre est là ; l’amplificateur, un ampli", ["l’amplificateur", "ampli"]),
        ("2 tasses", "22 tasses et 3 verres", ["22", "tasses"]),
        ("é", "Étagère d’eau", ["Étagère", "eau"]),
        ("A-10402", "number 10402", ["10402"]),
        ("théière", "THEIERES", ["THEIERES"]),
    ],
)
def test_what_is_marked_is_what_was_looked_for(query: str, text: str, marks: list[str]) -> None:
    assert [piece for piece, hit in marking.marked(text, query) if hit] == marks


async def test_notes_are_not_found_by_the_customer_and_found_at_the_desk(alice: int) -> None:
    code = await thread(alice, "Hello")
    merchant = await builders.merchant()
    await posting.answer(merchant, code, Said(side="note", text="Bankrupt", name="Mo"))
    assert await found(alice, "bankrupt") == []
    row = await db.rows("SELECT count(*) AS n FROM messages WHERE side = 'note'")
    assert row[0]["n"] == 1


async def test_a_message_that_goes_takes_its_words_along(alice: int) -> None:
    await thread(alice, "Hello teapot")
    await db.execute("DELETE FROM messages")
    assert (await db.rows("SELECT count(*) AS n FROM message_words"))[0]["n"] == 0


def test_long_words_are_cut_and_found_by_their_beginning() -> None:
    assert words("x" * 500) == ["x" * 60]


@pytest.mark.parametrize(
    "text",
    [
        "".join(
            chr(0xAC00 + n * 7_919 % 11_171) + (" " if n % 20 == 0 else "") for n in range(95_000)
        ),  # Hangul, three letters a sign
        "".join(chr(0x20000 + n) for n in range(95_000)),  # ideographs, no two of them the same
        " ".join(f"{n:x}" for n in range(18_000)),
    ],
    ids=["hangul", "ideographs", "numbers"],
)
async def test_the_longest_texts_of_every_writing_are_kept_and_found_by_their_beginning(alice: int, text: str) -> None:
    code = await thread(alice, text)
    assert await found(alice, text[:4]) == [code]
    assert await found(alice, "question atelier") == [code]


async def test_a_search_is_narrowed_and_looks_in_the_archive(alice: int) -> None:
    code = await thread(alice, "teapot")
    await db.execute("UPDATE threads SET archived = {}", True)
    assert await found(alice, "") == []
    assert await found(alice, "", archived="yes") == [code]
    assert await found(alice, "teapot") == [code]
    assert await found(alice, "teapot", kind="order") == []
    assert await found(alice, "teapot", unread="yes") == []


def conversations(folder: Path) -> dict[str, list[str]]:
    """The customers' turns of the public dialogues, by conversation."""
    said: dict[str, list[str]] = defaultdict(list)
    for path in sorted((folder / "inbox" / "multidogo").glob("*.tsv")):
        with path.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE):
                if text := (row["utterance"] or "").strip():
                    said[f"{path.stem} {row['conversationId']}"].append(text)
    return said


def plain(text: str) -> list[str]:
    """Independently of the application: words as a person would compare them."""
    bare = "".join(it for it in unicodedata.normalize("NFKD", text) if not unicodedata.combining(it)).casefold()
    return re.findall(r"[0-9a-z]+", bare)


def queries(said: dict[str, list[str]], count: int) -> list[str]:
    """Words, beginnings of words and pairs of words that somebody wrote, and some that nobody did."""
    chance = random.Random(7)
    texts = [text for turns in said.values() for text in turns if plain(text)]
    made: list[str] = []
    while len(made) < count:
        inside = plain(chance.choice(texts))
        picked = [chance.choice(inside) for _ in range(chance.choice((1, 1, 2, 3)))]
        made.append(" ".join(word[: chance.randint(1, len(word))] if chance.random() < 0.4 else word for word in picked))
    return [*made[: count - 20], *(f"{word} qzx" for word in made[-20:])]


# Each so manieth of the conversations, for so many customers: INBOX_NTH=1 INBOX_TIMES=10 takes all ten times, in minutes.
NTH, TIMES = int(os.environ.get("INBOX_NTH", "12")), int(os.environ.get("INBOX_TIMES", "1"))


async def test_five_hundred_searches_find_what_a_scan_of_the_real_messages_finds(
    alice: int, shared_data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(limits, "MOST_MESSAGES", 1_000_000)  # what people wrote in years is told in a minute
    monkeypatch.setattr(limits, "MOST_NEW", 1_000_000)
    said = dict(list(conversations(shared_data).items())[::NTH])
    assert len(said) > 100
    people = [alice, *[await builders.customer(f"reader-{n}@example.com") for n in range(1, TIMES)]]
    told = [await _told(customer, said) for customer in people]
    head, hits = plain("Alice Martin A question Atelier Mo"), 0
    for n, query in enumerate(queries(said, 500)):
        customer, codes = people[n % TIMES], told[n % TIMES]
        begins = plain(query)
        expected = {
            codes[name] for name, turns in said.items()
            if all(any(word.startswith(one) for word in _of(turns) + head) for one in begins)
        }  # fmt: skip
        got = await found(customer, query)
        hits += len(got)
        assert sorted(got) == sorted(expected), query
    assert hits > 500


def _of(turns: list[str]) -> list[str]:
    """The words of a conversation: of whichever message, as people remember what was said and not in which of them."""
    return [word for turn in turns[:20] for word in plain(turn)]


async def _told(customer: int, said: dict[str, list[str]]) -> dict[str, str]:
    """The threads' codes by conversation. Nobody waits for an answer, of which there may be so many only."""
    codes = {}
    for name, turns in said.items():
        codes[name] = await thread(customer, *turns[:20])
        await db.execute("UPDATE threads SET waiting_on = 'nobody' WHERE code = {}", codes[name])
    return codes
