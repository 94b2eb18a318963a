"""A question begins where it is asked, with what it is about already in; what may answer it stands before."""

import re
from datetime import timedelta

import pytest
from httpx import AsyncClient

from app import clock, db
from app.inbox import kept
from app.ingest.snapshot import Shipment
from app.merchants import shop
from app.returns import asking, deciding
from tests import builders
from tests.returns import bought

HALLE, LEO = "la-halle", "leo@example.com"


@pytest.fixture
async def hers(client: AsyncClient) -> AsyncClient:
    await builders.customer()
    client.cookies.update(await builders.session())
    return client


async def page_of(client: AsyncClient, **asked: object) -> str:
    answer = await client.get("/inbox/new", params={name: str(value) for name, value in asked.items()})
    assert answer.status_code == 200
    return answer.text


def under_way(**about: object) -> Shipment:
    at = clock.now() - timedelta(days=1)
    return Shipment(
        id="p1",
        carrier="Colissimo",
        tracking_number="8R1",
        status="in_transit",
        shipped_at=at,
        **about,  # type: ignore[arg-type]
    )


async def test_of_a_parcel_on_its_way_it_says_where_that_is(hers: AsyncClient) -> None:
    order = await builders.order(shipments=[under_way()])
    page = await page_of(hers, order=order["address"])
    assert page.index("Where is it?") < page.index("Ask a person")
    assert f'href="/orders/{order["address"]}#parcels"' in page
    assert f"/orders/{order['address']}/summary.pdf" in page
    assert "Where is my money?" not in page


async def test_of_what_came_it_leads_to_the_rights_of_that_item(hers: AsyncClient) -> None:
    order = await bought.delivered()
    line, _cup = await bought.line_ids(order)
    page = await page_of(hers, order=order["address"], line=line)
    assert f'href="/orders/{order["address"]}/what-happened?line={line}"' in page
    assert "Where is it?" not in page
    assert f"/orders/{order['address']}/parcels/" in page, "it never came, says somebody"
    assert ("Teapot" in page, "and 1 more" in page) == (True, False)


async def test_of_what_was_not_sent_it_leads_to_its_cancellation_and_of_a_refund_to_its_way(hers: AsyncClient) -> None:
    order = await builders.order()
    assert "Cancel it" in await page_of(hers, order=order["address"])
    await db.execute("UPDATE orders SET refunded = 1000, payment = 'partly_refunded'")
    page = await page_of(hers, order=order["address"])
    assert "€10.00 given back so far" in page
    assert f'href="/orders/{order["address"]}/money"' in page


async def test_of_a_return_it_says_how_far_that_is_and_what_can_be_done(hers: AsyncClient) -> None:
    order = await bought.delivered()
    line, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(line), by="customer:1")
    page = await page_of(hers, **{"return": code})
    assert ("How far is it?" in page, "How do I send it back?" in page, "I do not agree" in page) == (True, False, False)
    await deciding.decline(order["merchant"], code, clause="used", answer="No", by="member:1")
    page = await page_of(hers, **{"return": code})
    assert f'href="/returns/{code}/objection"' in page
    assert "what you said and showed there is seen, too" in page


async def test_the_item_and_the_parcel_are_in_already(hers: AsyncClient) -> None:
    order = await builders.order(
        lines=[builders.line("1"), builders.line("2", title="Cup", sku="CUP")], shipments=[under_way()]
    )
    _pot, cup = await bought.line_ids(order)
    (parcel,) = await db.rows("SELECT id FROM shipments")
    assert 'value="Parcel Colissimo 8R1"' in await page_of(hers, order=order["address"], parcel=parcel["id"])
    assert (
        f'href="/inbox/new?order={order["address"]}&amp;parcel={parcel["id"]}"'
        in (await hers.get(f"/orders/{order['address']}")).text
    )
    assert 'value="It came damaged"' in await page_of(hers, order=order["address"], line=cup, reason="damaged")
    sent = await hers.post("/inbox/threads", data={"order": order["address"], "line": str(cup), "text": "Blue?"})
    it = await kept.owned_by(order["customer"], sent.headers["location"].rpartition("/")[2])
    assert (it.titles, it.kind) == ("Cup", "order")


async def test_what_happened_and_what_is_asked_for_lead_to_a_question_about_that_item(hers: AsyncClient) -> None:
    order = await bought.delivered()
    line, _cup = await bought.line_ids(order)
    here, ask = f"/orders/{order['address']}", f"/inbox/new?order={order['address']}&amp;line={line}"
    assert f'href="{ask}"' in (await hers.get(f"{here}/what-happened?line={line}")).text.replace("&line", "&amp;line")
    page = (await hers.get(f"{here}/returns/new?kind=claim&reason=damaged&line={line}")).text
    assert f'href="{ask}&amp;reason=damaged"' in page.replace("&line", "&amp;line").replace("&reason", "&amp;reason")


@pytest.mark.parametrize("wrong", [{"line": "999999"}, {"line": "x"}, {"parcel": "999999"}, {"parcel": "1e3"}])
async def test_what_is_not_of_the_order_does_not_exist(hers: AsyncClient, wrong: dict[str, str]) -> None:
    order = await builders.order()
    assert (await hers.get("/inbox/new", params={"order": order["address"], **wrong})).status_code == 404


async def test_whoever_likes_asks_the_shop_itself_and_its_desk_sees_what_it_is_about(hers: AsyncClient) -> None:
    order = await builders.order()
    alone = await page_of(hers, order=order["address"])
    assert "Who should answer" not in alone
    assert (await hers.post("/inbox/threads", data={"order": order["address"], "to": "shop", "text": "?"})).status_code == 404
    await builders.merchant(HALLE, "La Halle")
    await shop.name(HALLE)
    page = await page_of(hers, order=order["address"])
    assert page.index("Atelier Mo<small>") < page.index("La Halle<small>")
    assert f"/inbox/new?seller={HALLE}" in (await hers.get("/inbox/new")).text
    sent = await hers.post("/inbox/threads", data={"order": order["address"], "to": "shop", "text": "Is Mo still there?"})
    code = sent.headers["location"].rpartition("/")[2]
    assert (await kept.owned_by(order["customer"], code)).merchant_slug == HALLE
    await builders.member(LEO, HALLE)
    await builders.member("mo@example.com")
    hers.cookies.clear()
    hers.cookies.update(await builders.session(LEO, factor=True))
    assert "Order 1001" in (await hers.get(f"/desk/{HALLE}/inbox/{code}")).text
    hers.cookies.clear()
    hers.cookies.update(await builders.session("mo@example.com", factor=True))
    assert (await hers.get(f"/desk/{builders.MO}/inbox/{code}")).status_code == 404


async def test_why_somebody_writes_about_an_order_is_asked_seen_at_the_desk_and_counted(hers: AsyncClient) -> None:
    await builders.order("1001")
    ask = (await hers.get("/inbox/new", params={"order": "1001"})).text
    assert '<option value="damaged">Damaged or not working</option>' in ask
    for n, reason in enumerate(("damaged", "damaged", "invoice", "no such reason", "")):
        sent = {"order": "1001", "text": "Hello", "reason": reason, "key": f"{n}" * 20}
        assert (await hers.post("/inbox/threads", data=sent)).status_code == 303
    await builders.member("mo@example.com")
    hers.cookies.clear()
    hers.cookies.update(await builders.session("mo@example.com", factor=True))
    assert "Order 1001 · Damaged or not working" in (await hers.get(f"/desk/{builders.MO}/inbox")).text
    page = (await hers.get(f"/desk/{builders.MO}/inbox/report")).text
    assert re.search(r"Damaged or not working</th><td>2</td>.*Invoice or payment</th><td>1</td>", page)
    assert "reason,damaged,2" in (await hers.get(f"/desk/{builders.MO}/inbox/report.csv")).text.splitlines()
