"""What a shop has given back, at its desk: sums of a month, each refund, a file for the books, a wrong reference put right."""

import csv
import io
from datetime import UTC, datetime

import pytest
from httpx import AsyncClient

from app import clock, db
from app.ingest.snapshot import Payment, Refund
from app.orders import refund_steps, refunding
from app.orders.refunding import Credit, Wanted
from app.returns import asking
from tests import builders
from tests.returns import asking_steps, bought

REFUNDS = f"/desk/{builders.MO}/refunds"
PAID = f"{REFUNDS}/paid"


@pytest.fixture
async def mo(client: AsyncClient) -> AsyncClient:
    await builders.member("mo@example.com", builders.MO, "agent")
    client.cookies.update(await builders.session("mo@example.com", factor=True))
    return client


async def _paid(n: str = "1001", amount: int = 1250, reference: str = "SEPA 1") -> tuple[str, int]:
    """Of a return of Alice's: its code, and the refund's number."""
    payment = Payment(kind="card", brand="Visa", last_four="4242", amount=10_850, reference="pi_3Px")
    order = await bought.delivered(n, payments=[payment])
    code = await asking.ask(order["customer"], bought.asked((await bought.line_ids(order))[0]), by="customer:1")
    (it,) = await db.rows("SELECT id FROM returns WHERE code = {}", code)
    wanted = Wanted(amount=amount, of_return=it["id"])
    (number,) = await refunding.request(order["id"], wanted, by="member:1", approved=True)
    if reference:
        await refund_steps.record_reference(number, reference, by="member:1")
    return code, number


async def test_what_was_paid_is_listed_with_its_sums_and_the_payment_that_it_gives_back(mo: AsyncClient) -> None:
    code, _number = await _paid()
    await _paid("1002", 1000, "SEPA 2")
    order = await bought.delivered("1003")
    credit = Wanted(credit=Credit(amount=700, bonus=35))
    await refunding.request(order["id"], credit, by="member:1", approved=True)
    await _paid("1004", 500, "")
    said = asking_steps.said((await mo.get(PAID)).text)
    for text in ("Paid back 2 refunds €22.50", "Given as credit 1 refund €7.35", code, "SEPA 2", "Their payment pi_3Px"):
        assert text in said
    assert "€5.00" not in said, "it only waits"
    assert f'href="{PAID}"' in (await mo.get(REFUNDS)).text
    assert "€5.00 wait for you." in asking_steps.said((await mo.get(REFUNDS)).text)


async def test_other_months_are_other_pages_and_nonsense_is_this_one(mo: AsyncClient) -> None:
    code, number = await _paid()
    for month, there in (("2001-01", False), ("soon", True), (f"{clock.today('UTC'):%Y-%m}", True)):
        assert (code in (await mo.get(f"{PAID}?month={month}")).text) is there
    await db.execute("UPDATE refunds SET sent_at = {} WHERE id = {}", clock.now().replace(year=2001, month=1, day=5), number)
    assert code in (await mo.get(f"{PAID}?month=2001-01")).text


async def test_the_file_for_the_books_has_a_row_a_refund(mo: AsyncClient) -> None:
    code, _number = await _paid(reference="=SEPA 1")
    answer = await mo.get(f"{PAID}.csv")
    assert answer.headers["content-disposition"].startswith('attachment; filename="refunds-2')
    (row,) = csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig")))
    wanted = {"return": code, "amount": "12.50", "currency": "EUR", "to": "Visa", "last_four": "4242",
              "reference": "'=SEPA 1", "original_payment": "pi_3Px", "order_number": "1001"}  # fmt: skip
    assert wanted.items() <= row.items()


async def test_a_wrong_reference_is_put_right_and_what_it_was_stays_written_down(mo: AsyncClient) -> None:
    _code, number = await _paid()
    here = f"{REFUNDS}/{number}/correction"
    empty = await mo.post(here, data={f"reference-{number}": " "})
    assert (empty.status_code, f'id="reference-{number}-error"' in empty.text) == (422, True)
    for _twice in range(2):
        assert (await mo.post(here, data={f"reference-{number}": "SEPA 9"})).status_code == 303
    assert "SEPA 9" in (await mo.get(PAID)).text
    (event,) = await db.rows("SELECT data FROM events WHERE kind = 'refund_reference_corrected'")
    assert '"before":"SEPA 1"' in event["data"].replace(" ", "").replace("SEPA1", "SEPA 1")


async def test_what_was_not_paid_by_hand_has_no_reference_to_correct(mo: AsyncClient) -> None:
    _code, number = await _paid(reference="")
    assert (await mo.post(f"{REFUNDS}/{number}/correction", data={f"reference-{number}": "X"})).status_code == 409


async def test_another_shop_sees_and_changes_nothing_of_it(client: AsyncClient) -> None:
    code, number = await _paid()
    await builders.member("nia@example.com", builders.NIA, "owner")
    client.cookies.update(await builders.session("nia@example.com", factor=True))
    theirs = f"/desk/{builders.NIA}/refunds"
    assert code not in (await client.get(f"{theirs}/paid")).text
    assert code not in (await client.get(f"{theirs}/paid.csv")).text
    assert (await client.post(f"{theirs}/{number}/correction", data={f"reference-{number}": "X"})).status_code == 404


async def test_what_a_shop_gave_back_without_saying_when_stands_in_its_orders_month(mo: AsyncClient) -> None:
    placed_at = datetime(2026, 1, 15, 12, tzinfo=UTC)
    await bought.delivered("1001", placed_at=placed_at, refunds=[Refund(id="w1", amount=1_250)])
    assert "€12.50" in (await mo.get(f"{PAID}?month=2026-01")).text
    assert "w1" in (await mo.get(f"{PAID}.csv?month=2026-01")).text
