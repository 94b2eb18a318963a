"""Addresses in what people write: links only where the writer is trusted, shown as what they are."""

import pytest
from httpx import AsyncClient

from app.inbox import about, bubbles, kept, links, posting, starting
from app.inbox.posting import Said
from tests import builders


def shown(text: str) -> list[tuple[str, str]]:
    return [("".join(piece for piece, _hit in run.pieces), run.url) for run in links.runs(text, link=True)]


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("See https://shop.example/a?b=1#c.", ("https://shop.example/a?b=1#c", "https://shop.example/a?b=1#c")),
        ("(HTTPS://Shop.example/A)", ("HTTPS://Shop.example/A", "https://shop.example/A")),
        ("http://shop.example:8080/", ("http://shop.example:8080/", "http://shop.example:8080/")),
        ("https://café.example/menu", ("https://café.example/menu", "https://xn--caf-dma.example/menu")),
        ("https://раураl.example/", ("https://xn--l-7sba6dbr.example/", "https://xn--l-7sba6dbr.example/")),
        ("https://例え.example/", ("https://xn--r8jz45g.example/", "https://xn--r8jz45g.example/")),
    ],
)
def test_an_address_is_shown_whole_and_a_host_in_other_letters_as_computers_write_it(text: str, link: tuple[str, str]) -> None:
    assert [one for one in shown(text) if one[1]] == [link]


@pytest.mark.parametrize(
    "text",
    [
        "javascript:alert(1)", "data:text/html,<script>", "ftp://shop.example", "//shop.example", "shop.example", "https://",
        "https://bank.example@evil.example/", "https://localhost/", "https://shop.example/\u202egnp.exe", "https://a\u200bb.example",
        "https://[::1", "https://shop.example:99999/", "https://" + "a" * 64 + ".example", "https://x.example/" + "a" * 2_000,
    ],
)  # fmt: skip
def test_what_hides_where_it_leads_is_no_link(text: str) -> None:
    assert [url for _text, url in shown(text) if url] == []
    assert "".join(piece for piece, _url in shown(text)) == text


def test_what_was_looked_for_is_marked_inside_a_link() -> None:
    (run,) = links.runs("https://shop.example/teapot", "teapot", link=True)
    assert run.pieces == [("https://shop.example/", False), ("teapot", True)]


SAYS = "Look: https://pay.example/now"
LINK = '<a href="https://pay.example/now" rel="noopener noreferrer nofollow ugc" target="_blank" hx-boost="false">'


async def test_an_address_of_a_seller_of_whom_nothing_was_bought_is_only_words(client: AsyncClient) -> None:
    alice, merchant = await builders.customer(), await builders.merchant()
    client.cookies.update(await builders.session())
    what = await about.merchant(builders.MO)
    code = await starting.start(alice, what, Said(side="buyer", text=SAYS, author=alice, name="Alice"), subject="Before buying")
    await posting.answer(merchant, code, Said(side="seller", text=SAYS, name="Mo"))
    page = (await client.get(f"/inbox/{code}")).text
    assert page.count(LINK) == 1, "her own is one"
    assert page.count(SAYS.replace("/", "&#x2F;")) + page.count(SAYS) >= 1
    await builders.order()
    await posting.answer(merchant, code, Said(side="seller", text="And now", name="Mo"))  # the page is made anew
    assert (await client.get(f"/inbox/{code}")).text.count(LINK) == 2


async def test_an_address_of_a_customer_is_only_words_at_the_desk() -> None:
    alice = await builders.customer()
    order = await builders.order()
    said = Said(side="buyer", text=SAYS, author=alice, name="Alice")
    it = await kept.owned_by(alice, await starting.start(alice, await about.order(alice, order["address"]), said))
    assert await links.trusted(it, "seller") == {"seller", "shop", "note"}
    assert await links.trusted(it, "buyer") == {"buyer", "seller", "shop", "note"}


@pytest.mark.parametrize("before", [1_450, 1_490])
def test_an_address_that_is_folded_in_two_leads_nowhere(before: int) -> None:
    address = "https://shop.example/" + "a" * 300
    for text in ("x" * before + address, "x " * (before // 2) + address):
        shown, rest = bubbles._words(text, "", link=True)
        assert {run.url for run in (*shown, *rest)} <= {"", address}
        assert "".join(piece for run in (*shown, *rest) for piece, _hit in run.pieces) == text
