"""What happens at a counter beside its server, by another process: one that stays, for a new one each time costs half a second.

`python -m e2e.beside` reads a line of JSON for each thing to be done, {"verb": …, what it takes}, and answers with a line:
{"value": …} or {"error": traceback}.
"""

import asyncio
import base64
import json
import sys
import traceback
from datetime import datetime, timedelta
from typing import Any

from app import clock, db
from app.accounts import actions
from app.errors import Invalid
from app.events.actions import record
from app.orders import refund_steps, refunding
from app.orders.refunding import Wanted
from app.payments import giving
from app.payments.giving import Given
from app.returns import asking, deciding, kept, receiving, sending, settling
from app.returns.asked import Asked, AskedLine
from app.returns.settling import Deduction
from app.shipments import proofs
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.shipments.statuses import CarrierStatus
from app.tracking.taking import take
from e2e.beside_talks import TALKS

Record = dict[str, Any]


async def sign_in_link(email: str) -> str:
    return await actions.make_link(email)


async def tell(order: str, parcel: str, scans: list[Record], about: Record, order_about: Record) -> int:
    """The order's parcel of that external id hears of scans, and of what its own row and its order's then say; its id."""
    found = await db.one(
        'SELECT p.id, o.customer FROM shipments p JOIN orders o ON o.id = p."order" '
        "WHERE o.external_id = {} AND p.external_id = {}", order, parcel,
    )  # fmt: skip
    assert found
    await db.insert("scans", [_times(scan) | {"shipment": found["id"]} for scan in scans])
    for name, value in _times(about).items():
        await db.execute(f'UPDATE shipments SET "{name}" = {{}} WHERE id = {{}}', value, found["id"])
    for name, value in _times(order_about).items():
        await db.execute(f'UPDATE orders SET "{name}" = {{}} WHERE external_id = {{}}', value, order)
    await db.execute("UPDATE customers SET revision = revision + 1 WHERE id = {}", found["customer"])
    return int(found["id"])


async def keep_proof(shipment: int, kind: str, body: str) -> None:
    """`body` in Base64."""
    found = await db.one(
        'SELECT o.merchant, p.tracking_number FROM shipments p JOIN orders o ON o.id = p."order" WHERE p.id = {}', shipment
    )
    assert found
    await proofs.keep(found["merchant"], found["tracking_number"], kind, base64.b64decode(body))


async def sign_out_often(email: str) -> None:
    """As many events as one page of the activity holds, made by the verb that makes them all."""
    somebody = await db.one("SELECT id FROM customers WHERE email = {}", email)
    assert somebody
    for _ in range(31):
        await record("signed_out", customer=somebody["id"], network="192.0.2.1")


async def send_back(merchant: str) -> str:
    """The code of something that a customer sends back there by the shop's rules: asked for now, unless there is one. Not one
    of Alice's, whose lists other tests count."""
    shop = "SELECT id FROM merchants WHERE slug = {}"
    if found := await db.one(f"SELECT code FROM returns WHERE kind = 'return' AND merchant = ({shop})", merchant):
        return str(found["code"])
    lines = await db.rows(
        'SELECT l.id, o.customer FROM order_lines l JOIN orders o ON o.id = l."order" '
        f"JOIN customers c ON c.id = o.customer WHERE o.merchant = ({shop}) AND c.email <> 'alice@example.com' "
        "ORDER BY o.placed_at DESC", merchant,
    )  # fmt: skip
    for line in lines:
        try:
            what = Asked("return", [AskedLine(line["id"], 1, "changed_mind")], "label")
            return await asking.ask(line["customer"], what, by=f"customer:{line['customer']}")
        except Invalid:
            continue
    raise AssertionError("nothing can be sent back")


async def asked_each(email: str, kind: str = "return", reason: str = "other", way: str = "label") -> list[str]:
    """The codes of as many requests as their only order has lines, one for each: money back for one item."""
    lines = await db.rows(
        'SELECT l.id, o.customer FROM order_lines l JOIN orders o ON o.id = l."order" '
        "JOIN customers c ON c.id = o.customer WHERE c.email = {} ORDER BY l.position", email,
    )  # fmt: skip
    return [
        await asking.ask(it["customer"], Asked(kind, [AskedLine(it["id"], 1, reason)], way), by=f"customer:{it['customer']}")
        for it in lines
    ]


async def wished(email: str, wanted: str) -> str:
    """Another size of the first item of their only order, agreed to: the return's code."""
    line = await db.one(
        'SELECT l.id, o.customer, o.merchant FROM order_lines l JOIN orders o ON o.id = l."order" '
        "JOIN customers c ON c.id = o.customer WHERE c.email = {} ORDER BY l.position", email,
    )  # fmt: skip
    assert line
    what = Asked("return", [AskedLine(line["id"], 1, "wrong_size", "exchange", wanted)], "label")
    code = await asking.ask(line["customer"], what, by=f"customer:{line['customer']}")
    if (await kept.by_code(code)).it.state == "requested":
        await deciding.approve(line["merchant"], code, by="system")
    return code


async def decided(code: str, clause: str = "", answer: str = "") -> None:
    """By whoever works there: declined for a reason, or agreed to."""
    it = (await kept.by_code(code)).it
    if clause:
        await deciding.decline(it.merchant, code, clause=clause, answer=answer, by="system")
    else:
        await deciding.approve(it.merchant, code, by="system")


async def paid_less(code: str, kept_back: int, reason: str) -> None:
    """It is agreed to, came back in order, and so much of its one item is kept."""
    it = await kept.by_code(code)
    if it.it.state == "requested":
        await deciding.approve(it.it.merchant, code, by="system")
    await receiving.receive(it.it.merchant, code, {}, rest="sound", by="system")
    await settling.refund(it.it.merchant, code, deductions={it.lines[0].id: Deduction(kept_back, reason)}, by="system")


async def paid_back(email: str, reference: str = "") -> str:
    """A return of theirs, of one item of their only order, that is agreed to and whose money waits to be paid: its code. With a
    `reference` it is paid, they have store credit besides, and what they sent back is at the seller."""
    order = await db.one(
        'SELECT o.id, o.customer, o.merchant, l.id AS line FROM orders o JOIN order_lines l ON l."order" = o.id '
        "JOIN customers c ON c.id = o.customer WHERE c.email = {} AND l.position = 1", email,
    )  # fmt: skip
    assert order
    what = Asked("return", [AskedLine(order["line"], 1, reason="changed_mind")])
    code = await asking.ask(order["customer"], what, by=f"customer:{order['customer']}")
    it = (await kept.by_code(code)).it
    if it.state == "requested":
        await deciding.approve(order["merchant"], code, by="system")
    wanted = Wanted(amount=1250, of_return=it.id, due_at=it.refund_by or clock.now() + timedelta(days=9), reason=code)
    (number,) = await refunding.request(order["id"], wanted, by="system", approved=True)
    if reference:
        await _handed_over(order["merchant"], order["customer"], code)
        await refund_steps.record_reference(number, reference, by="system")
        given = Given(email=email, currency="EUR", amount=500, reason="Merci de votre patience", key=code)
        await giving.give(order["merchant"], given, by="system")
    return code


async def _handed_over(merchant: int, customer: int, code: str) -> None:
    """As its carrier tells, from Lyon to Dijon."""
    number, now = f"6A{customer:011d}", clock.now()
    await sending.sent(customer, code, carrier="Colissimo", number=number, by=f"customer:{customer}")
    places: list[tuple[float, CarrierStatus, str, float, float]] = [
        (30, "picked_up", "Lyon", 45.76, 4.84), (20, "in_transit", "Mâcon", 46.31, 4.83),
        (9, "out_for_delivery", "Dijon", 47.32, 5.04), (8, "delivered", "Dijon", 47.32, 5.04),
    ]  # fmt: skip
    scans = [
        ScanSnapshot(at=now - timedelta(minutes=ago), status=status, place=place, country="FR", latitude=north, longitude=east)
        for ago, status, place, north, east in places
    ]
    await take(merchant, TrackingSnapshot(source="e2e", tracking_number=number, scans=scans))


WHAT = (sign_in_link, tell, keep_proof, sign_out_often, send_back, asked_each, wished, decided, paid_less, paid_back, *TALKS)
VERBS = {verb.__name__: verb for verb in WHAT}


def _times(record: Record) -> Record:
    return {name: datetime.fromisoformat(value) if name.endswith(("_at", "_to", "_from")) or name == "at" else value
            for name, value in record.items()}  # fmt: skip


async def _done(verb: str, about: Record) -> Record:
    try:
        return {"value": await VERBS[verb](**about)}
    except Exception:
        return {"error": traceback.format_exc()}


def main() -> None:
    with asyncio.Runner() as runner:
        runner.run(db.open_pool())
        for line in sys.stdin:
            asked = json.loads(line)
            print(json.dumps(runner.run(_done(asked.pop("verb"), asked))), flush=True)
        runner.run(db.close_pool())


if __name__ == "__main__":
    main()
