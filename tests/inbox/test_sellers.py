"""The page of a seller: who they are, how soon they answer, what they say of returns, and what somebody has with them."""

from datetime import timedelta

import pytest
import time_machine
from httpx import AsyncClient

from app import clock, db
from app.inbox import about, posting, sellers, starting
from app.inbox.posting import Said
from app.inbox.sellers import Measured
from app.returns import asking, deciding, rules
from app.returns.rule_book import Restocking, Rules
from tests import builders
from tests.returns import bought


@pytest.fixture
async def alice() -> int:
    return await builders.customer()


@pytest.fixture
async def hers(client: AsyncClient, alice: int) -> AsyncClient:
    client.cookies.update(await builders.session())
    return client


async def asked_and_answered(alice: int, hours: int, merchant: int) -> None:
    start = clock.now()
    said = Said(side="buyer", text="Hello?", author=alice, name="Alice Martin")
    code = await starting.start(alice, await about.merchant(builders.MO), said, subject=f"After {hours}")
    with time_machine.travel(start + timedelta(hours=hours)):
        await posting.answer(merchant, code, Said(side="seller", text="Yes", name="Mo"))


async def measured(merchant: int) -> Measured:
    """A day later than it was before."""
    await db.execute("UPDATE seller_figures SET measured_at = {}", clock.now() - timedelta(days=2))
    await sellers.measure()
    return await sellers.measured(merchant)


async def test_it_says_who_they_are_and_leads_to_a_question(hers: AsyncClient) -> None:
    await builders.order()
    await db.execute(
        "UPDATE merchants SET legal = 'Mo SARL <b>', vat_id = 'FR123', address = {}, email = 'hello@mo.example', website = {}",
        "1 rue A\nLyon", "javascript:alert(1)",
    )  # fmt: skip
    page = (await hers.get(f"/sellers/{builders.MO}")).text
    for text in (
        "Mo SARL &lt;b&gt;",
        "FR123",
        "1 rue A<br>",
        "mailto:hello@mo.example",
        "1 order",
        f"/orders?merchant={builders.MO}",
    ):
        assert text in page, text
    assert f'href="/inbox/new?seller={builders.MO}"' in page
    assert "javascript:" not in page


async def test_what_is_measured_is_said_once_there_is_enough_of_it(hers: AsyncClient, alice: int) -> None:
    merchant = await builders.merchant()
    for hours in (1, 2, 3, 30):
        await asked_and_answered(alice, hours, merchant)
    assert (await measured(merchant)).reply is None
    assert "Not enough yet to say" in (await hers.get(f"/sellers/{builders.MO}")).text
    await asked_and_answered(alice, 4, merchant)
    assert (await measured(merchant)).reply == pytest.approx(3 * 3600, abs=5)
    page = (await hers.get(f"/sellers/{builders.MO}")).text
    assert "3 hours" in page
    assert "5 conversations" in page


async def test_what_is_measured_is_kept_for_a_day_and_forgets_what_is_long_ago(alice: int) -> None:
    merchant = await builders.merchant()
    with time_machine.travel(clock.now() - timedelta(days=100)):
        for hours in range(1, 6):
            await asked_and_answered(alice, hours, merchant)
    assert (await measured(merchant)).replies == 0
    for hours in range(1, 6):
        await asked_and_answered(alice, hours, merchant)
    await sellers.measure()
    assert (await sellers.measured(merchant)).replies == 0, "it was measured today"
    assert (await measured(merchant)).replies == 5


async def test_an_answer_of_the_shop_itself_is_not_the_sellers(alice: int) -> None:
    merchant = await builders.merchant()
    said = Said(side="buyer", text="Hello?", author=alice, name="Alice Martin")
    code = await starting.start(alice, await about.merchant(builders.MO), said, subject="Anybody?")
    await posting.answer(merchant, code, Said(side="shop", text="Yes", name="La Halle"))
    assert (await measured(merchant)).replies == 0


async def test_decisions_that_were_reversed_are_counted(alice: int) -> None:
    order = await bought.delivered(lines=[builders.line("1", quantity=12, total=57_600)])
    (line,) = await bought.line_ids(order)
    codes = []
    for _ in range(10):
        code = await asking.ask(order["customer"], bought.asked(line), by="customer:1")
        await deciding.decline(order["merchant"], code, clause="used", answer="No", by="member:1")
        codes.append(code)
    assert (await measured(order["merchant"])).reversed == 0
    for code in codes[:2]:
        await deciding.object_to(order["customer"], code, text="It is new", by="customer:1")
    assert (await measured(order["merchant"])).reversed == 0, "nobody has looked yet"
    await deciding.approve(order["merchant"], codes[0], by="member:1")
    assert (await measured(order["merchant"])).reversed == 10


async def test_its_rules_are_told_in_the_customers_words(hers: AsyncClient) -> None:
    merchant = await builders.merchant()
    await rules.save(merchant, Rules(default_days=60, restocking=(Restocking(("TEA-1",), 1_500),)), by=None)
    page = (await hers.get(f"/sellers/{builders.MO}")).text
    assert "60 days" in page
    assert "What the seller keeps of a refund" in page
    assert "What you keep" not in page


@pytest.mark.parametrize("slug", ["nobody", "x" * 300, "%00"])
async def test_nobody_is_nobody(hers: AsyncClient, slug: str) -> None:
    assert (await hers.get(f"/sellers/{slug}")).status_code == 404
