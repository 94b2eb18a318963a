"""Labels bought at a Karrio server: one for each return whatever dies in between, and our own where none is to be had."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from httpx import AsyncClient
from msgspec.structs import replace

from app import clock, db, shelves
from app.i18n import Voice
from app.returns import buying, deciding, files, karrio, karrio_shapes, kept, label_cards, sending
from app.returns.rule_book import Rules
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.tracking.taking import take
from tests import builders
from tests.returns import bought, labels
from tests.returns.karrio_server import PDF, Karrio


@pytest.fixture
async def server(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Karrio]:
    async with labels.server(monkeypatch) as counter:
        yield counter


async def test_the_cheapest_label_is_bought_kept_tracked_and_given_to_the_customer(server: Karrio, alice: AsyncClient) -> None:
    code, order = await labels.agreed()
    assert await bought.state(code) == "approved"
    assert "look again in a minute" in (await alice.get(f"/returns/{code}/sending")).text
    assert (await alice.get(f"/returns/{code}/label.pdf")).status_code == 409
    await buying.buy_due()
    row = await labels.row(code)
    assert (row["state"], row["service"], row["amount"], row["currency"]) == ("bought", "ups_standard", 420, "EUR")
    assert await bought.state(code) == "label_issued"
    answer = await alice.get(f"/returns/{code}/label.pdf")
    assert (answer.status_code, answer.content) == (200, PDF)
    text = (await alice.get(f"/returns/{code}/sending")).text
    assert "Label of the carrier (PDF)" in text
    assert 'class="qr"' not in text
    number = server.shipments["shp_1"]["tracking_number"]
    assert number in (await alice.get(f"/returns/{code}")).text
    scan = ScanSnapshot(at=clock.now(), status="picked_up")
    await take(order["merchant"], TrackingSnapshot(source="test", tracking_number=number, scans=[scan]))
    assert await bought.state(code) == "in_transit"


async def test_karrio_is_told_who_sends_it_where_and_for_which_return(server: Karrio) -> None:
    code, _order = await labels.agreed()
    await buying.buy_due()
    (body,) = server.bodies
    assert body["shipper"] == {
        "person_name": "Alice Martin", "address_line1": "6 rue des Lilas", "postal_code": "69003", "city": "Lyon",
        "country_code": "FR", "email": builders.ALICE,
    }  # fmt: skip
    assert body["recipient"]["company_name"] == "Atelier Mo"
    assert (body["recipient"]["address_line1"], body["recipient"]["address_line2"]) == ("1 quai", "Bât. C")
    assert (body["reference"], body["metadata"], body["is_return"]) == (code, {"comptoir_return": code}, True)
    assert body["parcels"] == [{"weight": 2.0, "weight_unit": "KG"}]


@pytest.mark.parametrize("step", ["create", "purchase", "label", "list"])
async def test_an_answer_that_is_lost_buys_no_second_label(server: Karrio, step: str) -> None:
    code, _order = await labels.agreed()
    server.failing[step] = "lost"
    await buying.buy_due()
    await buying.buy_due()  # not due yet
    for _n in range(3):
        await labels.later()
    assert (await labels.row(code))["state"] == "bought"
    assert server.sold == ["shp_1"]
    assert len(server.shipments) == 1
    assert (await bought.told(code)).count("return_label_issued") == 1


async def test_who_dies_after_buying_finds_it_again(server: Karrio, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _order = await labels.agreed()

    async def killed(_pdf: bytes) -> str:
        raise asyncio.CancelledError

    with monkeypatch.context() as patched:
        patched.setattr(files, "keep_paper", killed)
        with pytest.raises(asyncio.CancelledError):
            await buying.buy_due()
    assert (server.sold, (await labels.row(code))["state"]) == (["shp_1"], "wanted")
    await labels.later()
    assert (server.sold, (await labels.row(code))["state"]) == (["shp_1"], "bought")


async def test_several_processes_buy_one(server: Karrio) -> None:
    code, _order = await labels.agreed()
    await asyncio.gather(*(buying.buy_due() for _ in range(4)))
    await asyncio.gather(*(labels.later() for _ in range(3)))
    assert server.sold == ["shp_1"]
    assert (await bought.told(code)).count("return_label_issued") == 1
    (n,) = await db.rows("SELECT count(*) AS n FROM shipments WHERE of_return IS NOT NULL")
    assert n["n"] == 1


async def test_another_returns_reference_that_looks_alike_is_not_taken(server: Karrio) -> None:
    code, _order = await labels.agreed()
    server.shipments["shp_0"] = {
        "id": "shp_0", "status": "purchased", "reference": f"{code}X", "tracking_number": "ANOTHER", "selected_rate": {},
    }  # fmt: skip
    server.shipments["shp_9"] = {"id": "shp_9", "status": "cancelled", "reference": code, "tracking_number": "VOID"}
    await buying.buy_due()
    (row,) = await db.rows("SELECT tracking_number FROM shipments WHERE of_return IS NOT NULL")
    assert row["tracking_number"] == server.shipments[server.sold[0]]["tracking_number"]


@pytest.mark.parametrize(("step", "status"), [("create", 424), ("create", 400), ("purchase", 424)])
async def test_what_a_carrier_does_not_want_is_our_own_label_with_its_words_at_the_desk(
    server: Karrio, alice: AsyncClient, step: str, status: int
) -> None:
    code, _order = await labels.agreed()
    server.failing[step] = status
    await buying.buy_due()
    assert (await bought.state(code), (await labels.row(code))["state"], server.sold) == ("label_issued", "failed", [])
    got = await alice.get(f"/returns/{code}/label.pdf")
    assert (got.status_code, got.content[:5], got.content == PDF) == (200, b"%PDF-", False)
    await builders.member("mo@example.com", builders.MO, "agent")
    alice.cookies.update(await builders.session("mo@example.com", factor=True))
    text = (await alice.get(f"/desk/{builders.MO}/returns/{code}")).text
    assert "No label could be bought" in text
    assert f"the carrier says no to {step}" in text
    await labels.later()
    assert server.sold == []


async def test_a_server_that_is_down_is_asked_a_few_times_then_the_label_is_our_own(server: Karrio) -> None:
    code, _order = await labels.agreed()
    server.failing["list"] = 503
    await buying.buy_due()
    assert (await bought.state(code), (await labels.row(code))["state"]) == ("approved", "wanted")
    for _n in range(5):
        await labels.later()
    assert (await bought.state(code), (await labels.row(code))["state"]) == ("label_issued", "failed")
    assert server.asked == ["list"] * len(buying.WAITS)
    said = (await label_cards.card(await kept.by_code(code), Voice("en"))).said
    assert f"Karrio may hold one under {code}." in said


def _rates(*said: tuple[float | None, str]) -> list[dict[str, Any]]:
    return [
        {"id": f"rat_{n}", "carrier_name": "ups", "service": f"s{n}", "total_charge": charge, "currency": currency}
        for n, (charge, currency) in enumerate(said)
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("rates", "chosen"),
    [
        ([(4.1, "USD"), (6.2, "EUR"), (7.0, "EUR")], ("s1", 620, "EUR")),  # 4.10 of something else is not less
        ([(900.0, "JPY"), (700.0, "JPY")], ("s1", 700, "JPY")),
        ([(1.0, "zzz"), (5.0, "chf"), (1.0, "")], ("s1", 500, "CHF")),
        ([(None, "EUR"), (float(10**9), "EUR"), (9.5, "GBP")], ("s2", 950, "GBP")),
    ],
)  # fmt: skip
async def test_prices_are_compared_in_one_currency(
    server: Karrio, client: AsyncClient, rates: list[tuple[float | None, str]], chosen: tuple[str, int, str]
) -> None:
    server.rates = _rates(*rates)
    code, _order = await labels.agreed()
    await buying.buy_due()
    row = await labels.row(code)
    assert (row["state"], row["service"], row["amount"], row["currency"]) == ("bought", *chosen)
    await builders.member("mo@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    assert "A label was bought for" in (await client.get(f"/desk/{builders.MO}/returns/{code}")).text


@pytest.mark.parametrize(
    ("rates", "why"),
    [
        ([(4.1, "USD"), (4.2, "GBP")], "labels cost money of several currencies (GBP, USD), none of it EUR"),
        ([(4.1, ""), (4.2, "ZZZ")], "no carrier says what a label costs, in a currency that is known"),
    ],
)  # fmt: skip
async def test_where_no_price_can_be_compared_the_label_is_our_own_with_the_reason(
    server: Karrio, rates: list[tuple[float | None, str]], why: str
) -> None:
    server.rates = _rates(*rates)
    code, _order = await labels.agreed()
    await buying.buy_due()
    row = await labels.row(code)
    assert (row["state"], row["error"], server.sold, await bought.state(code)) == ("failed", why, [], "label_issued")


async def test_the_desk_does_not_read_where_karrio_stands(
    server: Karrio, client: AsyncClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    code, _order = await labels.agreed()
    here = karrio.settings.karrio_url
    away = replace(karrio.settings, karrio_url="http://karrio.internal.invalid:1")
    monkeypatch.setattr(karrio, "settings", away)
    for _n in range(buying.MOST):
        await labels.later()
    assert ((await labels.row(code))["state"], (await labels.row(code))["error"]) == ("failed", "Karrio does not answer")
    await builders.member("mo@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    assert "karrio.internal" not in (await client.get(f"/desk/{builders.MO}/returns/{code}")).text
    assert "karrio.internal.invalid" in caplog.text
    said = {"errors": [{"message": f"HTTPConnectionPool(host='{here.removeprefix('http://')}'): Max retries exceeded"}]}
    assert karrio_shapes.said(said) == "HTTPConnectionPool(host='Karrio'): Max retries exceeded"


async def test_only_wanted_services_are_bought(server: Karrio, monkeypatch: pytest.MonkeyPatch) -> None:
    only = replace(karrio_shapes.settings, karrio_services=("colissimo_retour",))
    monkeypatch.setattr(karrio_shapes, "settings", only)
    code, _order = await labels.agreed()
    await buying.buy_due()
    assert ((await labels.row(code))["service"], (await labels.row(code))["amount"]) == ("colissimo_retour", 590)


@pytest.mark.parametrize(
    ("fee", "said"),
    [({}, "A label was bought for €4.20; the shop bears it."),
     ({"EUR": 390}, "A label was bought for €4.20; the customer bears €3.90.")],
)  # fmt: skip
async def test_the_desk_reads_what_it_cost_and_who_bears_it(
    server: Karrio, client: AsyncClient, fee: dict[str, int], said: str
) -> None:
    theirs = Rules(ways=("label",), return_address=labels.ADDRESS, shipping_fee=fee)
    code, _order = await labels.agreed(rules=theirs)
    await buying.buy_due()
    await builders.member("mo@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    assert said in (await client.get(f"/desk/{builders.MO}/returns/{code}")).text
    assert (await client.get(f"/desk/{builders.MO}/returns/{code}/label.pdf")).content == PDF


async def test_one_that_was_cancelled_meanwhile_buys_nothing(server: Karrio) -> None:
    code, order = await labels.agreed()
    await deciding.cancel(order["customer"], code, by="customer:1")
    await buying.buy_due()
    assert (server.asked, (await labels.row(code))["state"], await bought.state(code)) == ([], "failed", "cancelled")


@pytest.mark.parametrize(
    ("step", "state"), [("purchase", "voided"), ("label", "voided"), ("create", "failed"), ("list", "failed")]
)
async def test_what_an_attempt_may_have_bought_before_it_was_cancelled_is_given_back(
    server: Karrio, client: AsyncClient, step: str, state: str
) -> None:
    code, order = await labels.agreed()
    server.failing[step] = 503 if step == "label" else "lost"
    if step == "purchase":  # and what came of it cannot be asked for
        server.failing["label"] = 503
    await buying.buy_due()
    assert (await labels.row(code))["state"] == "wanted"
    await deciding.cancel(order["customer"], code, by="customer:1")
    for _n in range(3):
        await labels.later()
    assert (await labels.row(code))["state"] == state
    assert [one["status"] for one in server.shipments.values() if one["id"] in server.sold] == ["cancelled"] * len(server.sold)
    assert len(server.sold) == (state == "voided")
    await builders.member("mo@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    text = (await client.get(f"/desk/{builders.MO}/returns/{code}")).text
    assert ("is given back: nobody sends" in text) == (state == "voided")
    assert "the customer has your own instead" not in text


async def test_attempts_that_are_all_broken_off_end_in_our_own_label(server: Karrio, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _order = await labels.agreed()

    async def broken(*_args: Any) -> Any:
        raise AttributeError("an answer that nobody has thought of")

    monkeypatch.setattr(karrio, "buy", broken)
    for _n in range(buying.MOST):
        with pytest.raises(AttributeError):
            await labels.later()
    await labels.later()
    assert ((await labels.row(code))["state"], await bought.state(code)) == ("failed", "label_issued")


@pytest.mark.parametrize(("how", "state"), [(None, "voided"), ("lost", "voided"), (424, "spent"), (503, "spent")])
async def test_a_label_that_nobody_uses_is_given_back(
    server: Karrio, client: AsyncClient, how: int | str | None, state: str
) -> None:
    code, order = await labels.agreed()
    await buying.buy_due()
    await deciding.cancel(order["customer"], code, by="customer:1")
    assert (await labels.row(code))["state"] == "unused"
    server.failing |= {"cancel": how} if how else {}
    for _n in range(4):
        await labels.later()
    assert (await labels.row(code))["state"] == state
    assert (server.shipments["shp_1"]["status"] == "cancelled") == (state == "voided")
    await builders.member("mo@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    text = (await client.get(f"/desk/{builders.MO}/returns/{code}")).text
    assert {"voided": "is given back: nobody sends", "spent": "could not be given back"}[state] in text
    assert server.sold == ["shp_1"]


async def test_one_that_is_sent_otherwise_while_it_is_bought_is_given_back(
    server: Karrio, monkeypatch: pytest.MonkeyPatch
) -> None:
    code, order = await labels.agreed()
    keep_paper = files.keep_paper

    async def slowly(pdf: bytes) -> str:
        await sending.sent(order["customer"], code, carrier="DHL", number="JJD1", by="customer:1")
        return await keep_paper(pdf)

    monkeypatch.setattr(files, "keep_paper", slowly)
    await buying.buy_due()
    assert (await bought.state(code), (await labels.row(code))["state"]) == ("in_transit", "unused")
    (row,) = await db.rows("SELECT tracking_number FROM shipments WHERE of_return IS NOT NULL")
    assert row["tracking_number"] == "JJD1"
    await labels.later()
    assert ((await labels.row(code))["state"], server.shipments["shp_1"]["status"]) == ("voided", "cancelled")


async def test_an_address_without_its_parts_is_not_sent_to_anybody(server: Karrio) -> None:
    code, _order = await labels.agreed(rules=Rules(ways=("label",)))
    await buying.buy_due()
    assert (server.asked, await bought.state(code)) == ([], "label_issued")
    assert "lacks" in (await labels.row(code))["error"]


async def test_a_merchant_without_a_key_has_its_own_label_at_once(server: Karrio, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(karrio, "settings", replace(karrio.settings, karrio_key=(("nia-audio", "key_nia"),)))
    code, _order = await labels.agreed()
    assert await bought.state(code) == "label_issued"
    assert await db.rows("SELECT id FROM return_labels") == []


async def test_a_label_is_no_file_that_nobody_names(server: Karrio, monkeypatch: pytest.MonkeyPatch) -> None:
    code, _order = await labels.agreed()
    await buying.buy_due()
    monkeypatch.setattr(shelves, "LEFT_ALONE", -60)
    monkeypatch.setattr(shelves, "_due", {})
    await files.forget()
    assert await buying.pdf(await kept.by_code(code)) == PDF
