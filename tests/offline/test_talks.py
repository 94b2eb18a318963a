"""Conversations on a phone: the inbox and the newest of them, told again only where something was said."""

import pytest
from httpx import AsyncClient

from app.inbox import posting, putting, starting
from app.inbox.about import About
from app.inbox.posting import Said
from app.offline import talks
from tests import builders
from tests.offline.phone import Phone, addresses


@pytest.fixture
def phone(alice: AsyncClient) -> Phone:
    return Phone(alice)


async def _begun(subject: str) -> tuple[str, int]:
    """Its code and its merchant."""
    customer, merchant = await builders.customer(), await builders.merchant()
    said = Said(side="buyer", text=f"{subject}?", author=customer, name="Alice")
    return await starting.start(customer, About(kind="question", merchant=merchant), said, subject=subject), merchant


async def test_the_list_and_each_conversation_are_the_very_pages(phone: Phone, alice: AsyncClient) -> None:
    code, _merchant = await _begun("The lid")
    await phone.ask()
    for address in ("/inbox", f"/inbox/{code}"):
        inside = (await alice.get(address)).text.partition('<main id="main"')[2].partition("</main>")[0]
        assert phone.pages[address].partition("hx-history-elt>")[2] == inside.partition(">")[2] + "</main>"


async def test_of_an_answer_only_its_conversation_and_the_list_are_told(phone: Phone) -> None:
    (code, merchant), (other, _merchant) = await _begun("The lid"), await _begun("The cup")
    await phone.ask()
    assert addresses(await phone.ask()) == []
    await posting.answer(merchant, code, Said(side="seller", text="In blue", author=2, name="Mo"))
    assert [url for url in addresses(await phone.ask()) if url.startswith("/inbox")] == ["/inbox", f"/inbox/{code}"]
    assert "In blue" in phone.pages[f"/inbox/{code}"]
    assert other in phone.pages["/inbox"]


async def test_only_the_newest_that_are_not_put_away_are_told(phone: Phone) -> None:
    codes = [(await _begun(f"Question {n}"))[0] for n in range(talks.MOST + 2)]
    await putting.change(await builders.customer(), codes[-1:], "archived", True)
    told = [url for url in addresses(await phone.ask()) if url.startswith("/inbox/")]
    assert told == [f"/inbox/{code}" for code in codes[-2:0:-1]]


async def test_a_strangers_conversation_is_on_nobody_elses_phone(phone: Phone) -> None:
    customer, merchant = await builders.customer("bob@example.com"), await builders.merchant()
    said = Said(side="buyer", text="Mine alone?", author=customer, name="Bob")
    code = await starting.start(customer, About(kind="question", merchant=merchant), said, subject="Bob’s")
    await phone.ask()
    assert code not in "".join(phone.pages.values())
