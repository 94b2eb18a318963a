"""What happens to returns is told to the merchant's own systems: the return as it stands, with its order."""

import msgspec
import pytest

from app import db
from app.ingest.snapshot import OrderSnapshot
from app.returns import asking, bodies, deciding, moving, states
from app.webhooks import kinds, payloads
from tests.builders import MO
from tests.returns import bought, withdrawn
from tests.webhooks.steps import deliveries, endpoint, happens

SAID = (
    "questioned",
    "answered",
    "objected",
    "upheld",
    "part_refunded",
    "exchange_sent",
    "paid_instead",
    "photo_added",
    "reopened",
)


def test_every_step_of_every_kind_is_told_to_who_wants_returns() -> None:
    steps = {moving.event(kind, state) for kind, them in states.STATES.items() for state in them}
    steps |= {f"{kind}_{said}" for kind in states.KINDS for said in SAID}
    assert {kinds.group_of(step) for step in steps} == {"returns"}
    assert kinds.wants("returns", "claim_opened")
    assert not kinds.wants("orders refunds", "claim_opened")


async def body_of(kind: str) -> dict[str, object]:
    (event,) = await db.rows("SELECT id FROM events WHERE kind = {}", kind)
    told = await payloads.body(event["id"])
    assert told is not None
    return dict(msgspec.json.decode(told))


async def test_a_step_carries_the_return_and_its_order_and_no_name_beyond_these() -> None:
    order = await bought.delivered()
    teapots, _cup = await bought.line_ids(order)
    code = await asking.ask(order["customer"], bought.asked(teapots, note="Too small"), by="customer:1")
    await deciding.approve(order["merchant"], code, by="member:7")
    told = await body_of("return_approved")
    data = told["data"]
    assert isinstance(data, dict)
    about = {name: data["return"][name] for name in ("code", "kind", "state", "order", "expected", "refunded", "currency")}
    assert about == {
        "code": code, "kind": "return", "state": "approved", "order": "1001", "expected": 4800, "refunded": 0,
        "currency": "EUR",
    }  # fmt: skip
    assert msgspec.convert(data["order"], OrderSnapshot).external_id == "1001"
    assert "by" not in data["about"], "which of the merchant's people it was"
    for word in ("alice", "Too small"):
        assert word not in msgspec.json.encode([data["return"], data["about"]]).decode()


async def test_an_order_says_nothing_of_a_return() -> None:
    await bought.delivered()
    told = await body_of("order_placed")
    assert isinstance(told["data"], dict)
    assert "return" not in told["data"]


@pytest.mark.parametrize("kind", ["return_requested", "claim_opened", "cancellation_requested", "withdrawal_acknowledged"])
async def test_an_endpoint_for_returns_alone_gets_them_alone(kind: str) -> None:
    await endpoint("https://shop.example/hook", "returns")
    await happens("order_placed")
    await happens(kind, code="R-00000000")
    assert [row["kind"] for row in await deliveries()] == [kind]


async def test_a_declaration_that_nobody_has_confirmed_is_not_shown() -> None:
    await bought.delivered()
    await withdrawn.guest(contract="1001", seller=MO)
    (kept,) = await db.rows("SELECT code, state FROM returns")
    assert kept["state"] == "unconfirmed"
    assert await bodies.brief(kept["code"]) is None
