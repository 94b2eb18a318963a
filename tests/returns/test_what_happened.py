"""“What happened?”: one question; the strongest right first, each with its date and where it comes from, and why not."""

from datetime import timedelta
from html import unescape

from httpx import AsyncClient

from app import clock
from app.returns import asking, rules
from app.returns.rule_book import Exclusion, Rules
from tests import builders
from tests.returns import asking_steps as steps
from tests.returns import bought

TITLES = (
    "Withdraw from the contract", "Legal guarantee", "Return by the shop's rules", "Exchange by the shop's rules",
    "Cancel before it is sent",
)  # fmt: skip


async def _asked(alice: AsyncClient, address: str, line: int = 0) -> str:
    answer = await alice.get(f"/orders/{address}/what-happened{f'?line={line}' if line else ''}")
    assert answer.status_code == 200
    assert "no-store" in answer.headers["cache-control"]
    return answer.text


async def test_the_order_leads_to_it(alice: AsyncClient) -> None:
    order = await bought.delivered()
    page = (await alice.get(f"/orders/{order['address']}")).text
    assert f'href="/orders/{order["address"]}/what-happened"' in page


async def test_of_several_items_the_one_is_asked_for_first_and_of_one_it_is_not(alice: AsyncClient) -> None:
    order = await bought.delivered()
    page = await _asked(alice, order["address"])
    lines = await bought.line_ids(order)
    assert "Which item is it about?" in page
    assert all(f'href="/orders/{order["address"]}/what-happened?line={line}"' in page for line in lines)
    single = await bought.delivered("2", lines=[builders.line("1")])
    assert "Which item" not in await _asked(alice, single["address"])


async def test_the_strongest_right_comes_first_with_its_day_and_its_law(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    page = await _asked(alice, order["address"], teapots)
    said = steps.said(page)
    places = [said.index(title) for title in TITLES]
    assert places == sorted(places)
    assert f"/orders/{order['address']}/withdrawal?line={teapots}" in page
    assert "withdraw from contract here" in said
    assert "Directive 2011/83/EU, Art. 9(2)(b)" in said
    assert "Directive (EU) 2019/771, Art. 10(1)" in said
    assert "The shop's own rules" in said
    for query in (
        "kind=claim&amp;line={}&amp;reason=defective",
        "kind=return&amp;line={}&amp;reason=wrong_size&amp;wish=exchange",
    ):
        assert f"/orders/{order['address']}/returns/new?{query.format(teapots)}" in page


async def test_what_is_not_possible_is_said_at_the_end_with_the_rule_and_is_no_link(alice: AsyncClient) -> None:
    order = await bought.delivered(days=40)
    teapots, _cup = await bought.line_ids(order)
    page = await _asked(alice, order["address"], teapots)
    possible, _sep, closed = page.partition('id="closed"')
    assert "Legal guarantee" in possible
    assert "Withdraw from the contract" not in possible
    assert "Withdraw from the contract" in closed
    assert "The time for it is over." in closed
    assert "Ended on" in closed
    assert "/withdrawal" not in page
    assert "kind=return" not in page


async def test_why_the_law_takes_an_item_out_is_said_with_its_letter(alice: AsyncClient) -> None:
    order = await bought.delivered()
    await rules.save(order["merchant"], Rules(exclusions=(Exclusion(("title:cup",), "made_to_measure"),)), by=None)
    _teapots, cup = await bought.line_ids(order)
    closed = (await _asked(alice, order["address"], cup)).partition('id="closed"')[2]
    assert "Art. 16(c)" in closed


async def test_what_is_not_sent_yet_is_cancelled_by_item_or_as_a_whole(alice: AsyncClient) -> None:
    order = await builders.order("9", lines=[builders.line("1"), builders.line("2")], placed_at=clock.now())
    one, _other = await bought.line_ids(order)
    whole = await _asked(alice, order["address"])
    assert f"/orders/{order['address']}/returns/new?kind=cancellation&amp;all=yes" in whole
    page = await _asked(alice, order["address"], one)
    assert f"returns/new?kind=cancellation&amp;line={one}" in page
    assert "It begins when the item has come." in page.partition('id="closed"')[2]
    came = await bought.delivered("10")
    assert "kind=cancellation" not in await _asked(alice, came["address"])


async def test_what_never_came_is_claimed_and_only_when_it_is_late(alice: AsyncClient) -> None:
    order = await builders.order("9", placed_at=clock.now() - timedelta(days=45))
    assert "reason=not_delivered" in await _asked(alice, order["address"])
    fresh = await builders.order("10", placed_at=clock.now())
    page = await _asked(alice, fresh["address"])
    assert "reason=not_delivered" not in page
    assert "It is not late yet." in page


async def test_what_is_under_way_is_named_and_leads_to_it(alice: AsyncClient) -> None:
    order = await bought.delivered()
    teapots, cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(cup), by="customer:1")
    whole, own, other = [await _asked(alice, order["address"], line) for line in (0, cup, teapots)]
    assert f'href="/returns/{code}"' in whole
    assert f"Return under way: {code}" in steps.said(own)
    assert "returns/new" not in own
    assert code not in other


async def test_another_customers_order_and_line_do_not_exist(alice: AsyncClient) -> None:
    order = await bought.delivered()
    bobs = await bought.delivered("2", customer=builders.Person(email=builders.BOB, name="Bob"))
    (line, *_rest) = await bought.line_ids(bobs)
    for path in (
        f"/orders/{bobs['address']}/what-happened",
        f"/orders/{order['address']}/what-happened?line={line}",
        f"/orders/{order['address']}/what-happened?line=%00",
    ):
        assert (await alice.get(path)).status_code == 404, path


async def test_in_french_with_french_days(alice: AsyncClient) -> None:
    order = await bought.delivered()
    alice.cookies.set("locale", "fr")
    await builders.customer(builders.ALICE, locale="fr")
    page = await _asked(alice, order["address"])
    assert "De quel article s’agit-il" in page
    assert "Which item" not in page


async def test_the_largest_order_is_folded_and_quick_to_read(alice: AsyncClient) -> None:
    lines = [builders.line(str(n), title=f"Bead {n}", unit_price=100) for n in range(1_114)]
    order = await bought.delivered(lines=lines)
    page = await _asked(alice, order["address"])
    shown, _sep, folded = page.partition('<details class="rest">')
    assert shown.count("what-happened?line=") == 20
    assert folded.count("what-happened?line=") == 1_094


async def test_the_law_is_folded_away_behind_the_day_and_nothing_is_said_twice(alice: AsyncClient) -> None:
    order = await bought.delivered()
    line = (await bought.line_ids(order))[0]
    page = unescape(await _asked(alice, order["address"], line))
    for part in page.split('<section class="card answer"')[1:]:
        card = part.partition("</section>")[0]
        open_part, _sep, folded = card.partition("<details")
        assert "Directive" not in open_part
        assert "by the shop's rules" not in folded.partition("</summary>")[0]
        summary, _sep, why = folded.partition("</summary>")
        assert "Until" in summary
        assert "Why" in summary
        assert "Directive" in why or "The shop's own rules" in why
        assert "<h2" not in card, "the question says it; the right is named under “Why”"


async def test_the_way_back_is_called_what_it_leads_to(alice: AsyncClient) -> None:
    order = await bought.delivered()
    line = (await bought.line_ids(order))[0]
    back = f'href="/orders/{order["address"]}'
    assert f'{back}/what-happened" aria-label="Which item is it about?"' in await _asked(alice, order["address"], line)
    assert f'{back}" aria-label="Order 1001"' in await _asked(alice, order["address"])
