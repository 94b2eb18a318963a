"""An order's money in words: what was paid and how, each refund with its way, the law's deadline counted down."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from app import db
from app.errors import Missing
from app.i18n import Voice
from app.ingest.snapshot import Payment, Refund
from app.orders import refund_steps, refunding
from app.orders.refunding import Credit, Wanted
from app.payments import ledger
from app.payments.ledger import Ledger
from app.payments.refund_cards import RefundCard
from tests.payments.steps import MO_STAFF, ask, of_price, paid

NOW = datetime(2026, 11, 27, 9, tzinfo=UTC)  # a Friday
ENGLISH, FRENCH = Voice("en", "Europe/Paris"), Voice("fr", "Europe/Paris")


async def shown(order: int, voice: Voice = ENGLISH) -> Ledger:
    return await ledger.of_order(order, voice)


async def the_card(order: int, voice: Voice = ENGLISH) -> RefundCard:
    (card,) = (await shown(order, voice)).refunds
    return card


def plain(text: str) -> str:
    return text.replace("\u00a0", " ").replace("\u202f", " ")


async def test_what_was_paid_and_what_is_left_of_it() -> None:
    order = await paid()
    await ask(order["id"], 3500)
    now = await shown(order["id"])
    assert (now.paid, now.given, now.left, now.left_amount) == ("€52.90", "€35.00", "€17.90", 1790)
    assert [(one.name, one.amount, one.left) for one in now.payments] == [
        ("Visa ·· 4242", "€30.00", "€0.00"), ("Gift card ·· 9999", "€22.90", "€17.90"),
    ]  # fmt: skip
    now = await shown(order["id"], FRENCH)
    assert [(plain(one.name), plain(one.left)) for one in now.payments] == [
        ("Visa ·· 4242", "0,00 €"), ("Carte cadeau ·· 9999", "17,90 €"),
    ]  # fmt: skip
    room = (await ledger.left(order["id"])).rooms[1]
    assert (room.payment.kind, room.left) == ("gift_card", 1790)


@pytest.mark.parametrize(
    ("currency", "amount", "said"), [("JPY", 1500, "¥1,500"), ("KWD", 1505, "KWD 1.505"), ("EUR", 5, "€0.05")]
)
async def test_amounts_have_the_decimals_of_their_currency(currency: str, amount: int, said: str) -> None:
    order = await of_price(amount, currency)
    assert plain((await shown(order["id"])).paid) == said


async def test_a_share_that_nobody_told_is_left_out() -> None:
    order = await paid(payments=[Payment(kind="card", brand="Visa")])
    assert [(one.amount, one.left) for one in (await shown(order["id"])).payments] == [("", "€52.90")]


async def test_the_way_of_a_refund_step_by_step() -> None:
    with time_machine.travel(NOW, tick=False):
        order = await paid()
        (number,) = await ask(order["id"], 1250, reason="Chipped")
        card = await the_card(order["id"])
        assert (card.text, card.waits, card.to, card.amount) == (
            "Asked for: the seller decides", "decision", "Visa ·· 4242", "€12.50",
        )  # fmt: skip
        assert [(step.text, step.done) for step in card.steps] == [
            ("Asked for", True), ("Approved", False), ("Paid out", False), ("Arrived", False),
        ]  # fmt: skip
        assert [step.when for step in card.steps] == ["27 November 2026, 10:00", "", "", ""]
        await refund_steps.approve(number, by=MO_STAFF)
        card = await the_card(order["id"])
        assert (card.text, card.waits, card.expected) == ("Approved: it will be sent", "payment", "")
        await refund_steps.record_reference(number, "SEPA 1", by=MO_STAFF)
        card = await the_card(order["id"])
        assert (card.text, card.waits, card.reference) == ("Paid out", "arrival", "SEPA 1")
        assert (card.expected, card.reason) == ("Expected by Friday 11 Dec", "Chipped")
        assert (await the_card(order["id"], FRENCH)).expected == "Attendu au plus tard vendredi 11 déc."
    with time_machine.travel(NOW + timedelta(days=15), tick=False):
        late = "It should have been there by Friday 11 Dec: ask your bank with the reference."
        assert (await the_card(order["id"])).expected == late
        await refund_steps.arrived(order["customer"], order["address"], number)
        card = await the_card(order["id"])
        assert (card.text, card.waits, card.expected, [step.done for step in card.steps]) == ("Arrived", "", "", [True] * 4)


@pytest.mark.parametrize(("due", "english", "french", "late"), [
    (timedelta(days=14), "14 days left: it has to be sent by Friday 11 Dec",
     "Encore 14 jours : il doit être envoyé au plus tard vendredi 11 déc.", False),
    (timedelta(days=1), "1 day left: it has to be sent by Saturday 28 Nov",
     "Encore 1 jour : il doit être envoyé au plus tard samedi 28 nov.", False),
    (timedelta(hours=13), "It has to be sent today", "Il doit être envoyé aujourd’hui", False),
    (timedelta(hours=14), "It has to be sent today", "Il doit être envoyé aujourd’hui", False),  # when today is over
    (timedelta(hours=15), "1 day left: it has to be sent by Saturday 28 Nov",  # midnight in Paris, not in Greenwich
     "Encore 1 jour : il doit être envoyé au plus tard samedi 28 nov.", False),
    (timedelta(days=-1), "1 day late: it had to be sent by Thursday 26 Nov",
     "1 jour de retard : il devait être envoyé au plus tard jeudi 26 nov.", True),
    (timedelta(days=-3), "3 days late: it had to be sent by Tuesday 24 Nov",
     "3 jours de retard : il devait être envoyé au plus tard mardi 24 nov.", True),
])  # fmt: skip
async def test_the_laws_deadline_is_counted_down_until_it_is_sent(
    due: timedelta, english: str, french: str, late: bool
) -> None:
    with time_machine.travel(NOW, tick=False):
        order = await paid()
        (number,) = await ask(order["id"], 1250, due_at=NOW + due)
        for card in (await the_card(order["id"]), await the_card(order["id"], FRENCH)):
            assert (plain(card.deadline), card.late) in ((english, late), (french, late))
        await refund_steps.approve(number, by=MO_STAFF)
        assert (await the_card(order["id"])).deadline == english
        await refund_steps.record_reference(number, "SEPA 1", by=MO_STAFF)
        assert ((await the_card(order["id"])).deadline, (await the_card(order["id"])).late) == ("", False)


async def test_what_ended_otherwise_says_how() -> None:
    order = await paid()
    declined, failed = [(await ask(order["id"], 100))[0], (await ask(order["id"], 200, approved=True))[0]]
    for number in (declined, failed):
        await refund_steps.fail(number, by=MO_STAFF, reason="Account closed")
    first, second = (await shown(order["id"])).refunds
    assert (first.text, [step.text for step in first.steps]) == ("Declined", ["Asked for", "Declined"])
    assert (second.text, [step.text for step in second.steps]) == ("Not made", ["Asked for", "Approved", "Not made"])
    assert (second.fault, second.waits, second.expected) == ("Account closed", "", "")


async def test_store_credit_has_arrived_when_it_is_given() -> None:
    order = await paid()
    wanted = Wanted(credit=Credit(amount=1000, bonus=100))
    await refunding.request(order["id"], wanted, by=MO_STAFF, approved=True)
    card = await the_card(order["id"])
    assert (card.to, card.text, card.bonus, card.waits, card.expected) == ("Store credit", "There to be spent", "€1.00", "", "")


async def test_what_a_source_reports_is_shown_as_such() -> None:
    order = await paid(refunds=[Refund(id="r", amount=500, at=NOW, kind="card", reason="Chipped")])
    card = await the_card(order["id"])
    assert (card.text, card.to, card.waits) == ("Paid out", "Card", "")
    assert [(step.text, step.when) for step in card.steps] == [("Reported by the shop", "27 Nov 2026")]


async def test_an_order_that_does_not_exist_has_no_ledger() -> None:
    for asked in (ledger.of_order(99, ENGLISH), ledger.left(99)):
        with pytest.raises(Missing):
            await asked
    assert not await db.rows("SELECT id FROM refunds")
