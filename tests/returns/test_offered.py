"""Which other orders go along with one: those of which something can be asked for, told without reading all that is over."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from app import clock, db
from app.ingest.snapshot import LineQuantity, Shipment
from app.returns import desk_cards, offered, queue, quotes, rules, taking
from app.returns.asked import Asked
from app.returns.rule_book import Rules
from tests import builders
from tests.returns import bought

DAYS = (3, 13, 14, 15, 20, 29, 31, 45, 400, 729, 732, 1_090)
Others = list[str]


async def _numbers(order: Mapping[str, Any], kind: str) -> Others:
    it = await offered.of_orders(order["customer"], order["address"])
    return [number for _address, number, _at in await offered.others(order["customer"], it, kind)]


async def _odd_ones() -> None:
    """Not sent, cancelled, all digital, two parcels of which one is lost, sent and never heard of."""
    at = clock.now() - timedelta(days=60)
    lost = [
        Shipment(id="1", status="delivered", shipped_at=at, delivered_at=at, lines=[LineQuantity(line="1", quantity=1)]),
        Shipment(id="2", status="in_transit", shipped_at=at, lines=[LineQuantity(line="1", quantity=1)]),
    ]
    await builders.order("unsent", placed_at=at)
    await builders.order("cancelled", placed_at=at, cancelled_at=at)
    await builders.order("digital", placed_at=at, lines=[builders.line("1", needs_shipping=False)])
    await builders.order("lost", placed_at=at, lines=[builders.line("1", quantity=2)], shipments=lost)
    await builders.order("silent", placed_at=at, shipments=[Shipment(id="1", status="in_transit", shipped_at=at)])


@pytest.mark.parametrize("kind", ["return", "claim", "cancellation"])
async def test_what_is_not_read_would_not_have_been_offered(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """All of them looked at to the end say the same."""
    monkeypatch.setattr(offered, "MOST_LOOKED_AT", 50)
    shop = await builders.merchant()
    await rules.save(shop, Rules(default_days=30), by=None)
    await db.execute("UPDATE return_rules SET at = {}", clock.now() - timedelta(days=30))
    await rules.save(shop, Rules(default_days=10), by=None)
    orders = [await bought.delivered(f"{n} days", n) for n in DAYS]
    await _odd_ones()
    found = await _numbers(orders[0], kind)
    monkeypatch.setattr(offered, "_over", lambda *_args: False)
    assert found == await _numbers(orders[0], kind)
    assert "cancelled" not in found
    assert {
        "return": {"20 days", "lost", "silent"}, "claim": {"729 days", "silent"}, "cancellation": {"unsent"},
    }[kind] <= set(found)  # fmt: skip
    assert not {"return": {"45 days"}, "claim": {"732 days"}, "cancellation": {"13 days"}}[kind] & set(found)


async def test_what_is_over_by_its_own_row_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    first, _second, _third = [await bought.delivered(str(n), days) for n, days in enumerate((3, 4, 300))]
    read, of_orders = [], offered.rights.of_orders

    async def counted(numbers: Any, **which: Any) -> Any:
        read.append(len(numbers))
        return await of_orders(numbers, **which)

    monkeypatch.setattr(offered.rights, "of_orders", counted)
    assert await _numbers(first, "return") == ["1"]
    assert read == [1]


async def test_the_preview_is_to_the_cent_what_is_promised_whichever_order_it_begins_with() -> None:
    """The way back is taken off the newest order's money, not off the credit of the one that somebody looks at: its bonus
    stays whole."""
    old, new = await bought.delivered("1", days=5), await bought.delivered("2", days=3)
    await rules.save(old["merchant"], Rules(ways=("label",), shipping_fee={"EUR": 490}, credit_bonus=1_000), by=None)
    wishes = {(await bought.line_ids(old))[0]: "store_credit", (await bought.line_ids(new))[0]: "refund"}
    lines = [bought.asked(line, wish=wish).lines[0] for line, wish in wishes.items()]
    what = Asked("return", lines, way="label")
    promised = (await quotes.quote(old["customer"], what)).promises
    for first, second in ((old, new), (new, old)):
        shown = offered.quote(await offered.of_orders(old["customer"], first["address"], [second["address"]]), what)
        assert shown.promises == promised
    assert [(one.order, one.return_fee, one.bonus) for one in promised] == [(new["id"], 490, 0), (old["id"], 0, 480)]


@pytest.mark.skipif(not db.ON_SQLITE, reason="PostgreSQL reads small tables whole, whatever indexes there are")
@pytest.mark.parametrize(
    ("sql", "args", "index"),
    [
        (offered.OTHERS, 4, "orders_of_customer_at_shop"), (desk_cards.HISTORY, 3, "orders_of_customer_at_shop"),
        (desk_cards.RETURNS, 4, "returns_of_customer_at_shop"), (queue.WAITING, 2, "returns_at_a_desk"),
        (taking.TAKEN.format(orders="{}", done="{}"), 3, "return_lines_of_order"),
    ],
)  # fmt: skip
async def test_a_large_shop_and_a_good_customer_cost_no_more(sql: str, args: int, index: str) -> None:
    """Neither all of the shop's rows are read nor all of the customer's, and the orders are found newest first."""
    plan = [row["detail"] for row in await db.rows(f"EXPLAIN QUERY PLAN {sql}", *[1] * args)]
    assert f"INDEX {index} " in plan[0], plan
    assert not any("ORDER BY" in detail and sql is offered.OTHERS for detail in plan), plan
