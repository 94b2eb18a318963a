"""Whoever lives where no law is known here: what is wrong can be said all the same, the seller decides, and no law of the EU is
named to them."""

import re

import pytest
from httpx import AsyncClient

from app.ingest.snapshot import Address
from app.returns import asking, claimed, deciding, kept
from tests import builders
from tests.returns import asking_steps as steps
from tests.returns import bought

HOME = {
    "GB": Address(name="Alice Martin", street="1 High Street", postal_code="SW1A 1AA", city="London", country="GB"),
    "CH": Address(name="Alice Martin", street="Rue du Lac 1", postal_code="1201", city="Genève", country="CH"),
}
LAW = re.compile("EU law|Directive|Regulation|Art\\.")


@pytest.mark.parametrize("country", HOME)
@pytest.mark.parametrize("reason", ["damaged", "defective", "wrong_item", "missing_item"])
async def test_what_is_wrong_is_reported_to_the_seller(alice: AsyncClient, country: str, reason: str) -> None:
    order = await bought.delivered(shipping_address=HOME[country], days=100)
    line = (await bought.line_ids(order))[0]
    page = await alice.get(f"/orders/{order['address']}/what-happened?line={line}")
    link = f"/orders/{order['address']}/returns/new?kind=claim&line={line}&reason={reason}"
    assert link.replace("&", "&amp;") in page.text
    assert "Report a problem to the seller" in steps.said(page.text)
    assert "Legal guarantee" not in steps.said(page.text)
    form = await alice.get(link)
    assert not LAW.search(steps.said(form.text)), steps.said(form.text)
    assert "it decides by the law of your country" in steps.said(form.text)
    review = await steps.look(alice, form)
    assert not LAW.search(steps.said(review.text)), steps.said(review.text)
    it = await kept.by_code(steps.code(await steps.send(alice, review)))
    assert (it.it.kind, it.it.state, it.lines[0].reason) == ("claim", "open", reason)


@pytest.mark.parametrize("country", HOME)
async def test_no_page_of_theirs_names_a_law_that_is_not_theirs(alice: AsyncClient, country: str) -> None:
    order = await bought.delivered(shipping_address=HOME[country])
    line = (await bought.line_ids(order))[0]
    code = await asking.ask(order["customer"], bought.asked(line, kind="claim"), by="customer:1")
    await claimed.grant(order["merchant"], code, by="member:1")
    base = f"/orders/{order['address']}"
    for path in (f"{base}/what-happened?line={line}", f"{base}/rights", base, f"/returns/{code}", f"/returns/{code}/sending",
                 f"{base}/returns/new?kind=claim&reason=not_delivered", f"{base}/withdrawal"):  # fmt: skip
        answer = await alice.get(path)
        assert answer.status_code == 200, path
        assert not LAW.search(steps.said(answer.text)), (path, steps.said(answer.text))


async def test_the_desk_is_told_that_the_customers_own_law_counts(client: AsyncClient) -> None:
    order = await bought.delivered(shipping_address=HOME["CH"])
    line = (await bought.line_ids(order))[0]
    code = await asking.ask(order["customer"], bought.asked(line, kind="claim"), by="customer:1")
    await builders.member("mo@example.com", builders.MO, "manager")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    text = steps.said((await client.get(f"/desk/{builders.MO}/returns/{code}")).text)
    assert "The customer lives outside the EU" in text
    assert not LAW.search(text), text
    await deciding.approve(order["merchant"], code, by="member:1")
    assert await bought.state(code) == "approved"
