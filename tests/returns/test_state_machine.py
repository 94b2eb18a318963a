"""Everybody does anything, in any order, twice and at once: hypothesis looks for the sequence that breaks a return.

What has to be true after each step stands in `right.py`. EXAMPLES=500 in the environment looks longer.
"""

import asyncio
import os
from collections.abc import Callable, Coroutine, Mapping
from datetime import timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app import clock, db
from app.accounts import customers
from app.errors import Invalid, Missing, Refused
from app.ingest import actions as ingest
from app.ingest import kept as kept_orders
from app.ingest.snapshot import LineQuantity, Payment, Person, Refund, Shipment
from app.orders import refund_steps, refunding
from app.payments import bounds
from app.returns import (
    ageing,
    asking,
    claimed,
    coming,
    deciding,
    extents,
    holding,
    kept,
    labelling,
    proposals,
    proposing,
    receiving,
    repairing,
    replacing,
    rest,
    rules,
    sending,
    settling,
    states,
    unfounded,
    withdrawals,
)
from app.returns.asked import REASONS, WISHES, Asked, AskedLine
from app.returns.receiving import Counted
from app.returns.rule_book import Rules
from app.returns.settling import Deduction
from app.returns.unfounded_reasons import REASONS as REASONS_OF_NONE
from app.returns.unfounded_reasons import Why
from app.shipments.snapshot import ScanSnapshot, TrackingSnapshot
from app.shipments.statuses import CarrierStatus
from app.tracking.taking import take
from tests.builders import line, snapshot
from tests.payments.steps import order_row, paid
from tests.returns import bought, right, withdrawn

EXAMPLES = int(os.environ.get("EXAMPLES", "20"))
PHASES = (Phase.explicit, Phase.generate, *([Phase.shrink] if "SHRINK" in os.environ else []))  # shrinking takes minutes
STEPS = 24
WHICH = st.integers(0, 20)  # the how many-th return or refund, counted round
HOW = st.integers(0, 99)  # how many, how much, which of several
KINDS = st.sampled_from(["return", "claim", "cancellation"])
STATUSES: tuple[CarrierStatus, ...] = ("info_received", "in_transit", "delivered", "on_hold", "returned_to_sender")
Doing = Coroutine[Any, Any, Any]
Verb = Callable[["Returns", str, int], Doing]


async def _back(it: "Returns", code: str, n: int) -> None:
    """Counted as sound, line by line."""
    found = await kept.by_code(code)
    said = {line.id: Counted(sound=line.quantity) for line in found.lines}
    await receiving.receive(it.merchant, code, said, by="member:5", note="x" * (n % 2))


async def _items(it: "Returns", code: str, n: int) -> None:
    """What a withdrawal is about, set at the desk, or by who declared it: fewer, more, or too many."""
    found = await kept.by_code(code)
    wanted = {one.line: (n + place) % (one.most + 2 - n % 2) for place, one in enumerate(await extents.items(found))}
    if n % 3 == 0:
        await extents.say(it.customer, code, wanted, by="customer:1")
    else:
        await extents.put(it.merchant, code, wanted, by="member:5")


async def _damaged(it: "Returns", code: str, n: int) -> None:
    lines = (await kept.by_code(code)).lines
    await receiving.receive(it.merchant, code, {lines[0].id: Counted(damaged=lines[0].quantity)}, rest="sound", by="member:6")


async def _recounted(it: "Returns", code: str, n: int) -> None:
    lines = (await kept.by_code(code)).lines
    missing = min(n % 3, lines[0].quantity)
    again = Counted(sound=lines[0].quantity - missing, missing=missing)
    await receiving.recount(it.merchant, code, {lines[0].id: again}, by="member:6")


async def _scanned(it: "Returns", code: str, n: int) -> None:
    """Its carrier speaks; of one without a number it is told one first, as when a label is bought."""
    async with db.transaction():
        await customers.lock(it.customer)
        if states.to_send((found := await kept.by_code(code)).it):
            await coming.expect(found, "Colissimo", f"9R {code}")
    status = STATUSES[n % len(STATUSES)]
    scan = ScanSnapshot(at=clock.now(), status=status, id=f"{code} {n}")
    await take(it.merchant, TrackingSnapshot(source="test", tracking_number=f"9R {code}", scans=[scan]))


async def _less(it: "Returns", code: str, n: int) -> None:
    """A share of a line is kept; sometimes all of it."""
    lines = (await kept.by_code(code)).lines
    kept_back = {one.id: Deduction(one.expected * min(n + 10, 100) // 100, "Worn") for one in lines}
    await settling.refund(it.merchant, code, deductions=kept_back, by="member:5")


async def _exchanged(it: "Returns", code: str, n: int) -> None:
    """For as much, or for what is worth more or less."""
    what = await bought.same_again(code) if n % 3 == 0 else await bought.same_again(code, unit_price=n * 100, quantity=1)
    await replacing.exchange(it.merchant, code, msgspec.structs.replace(what, ask=n % 2 == 0), by="member:5")


async def _proposed(it: "Returns", code: str, n: int) -> None:
    what = await bought.same_again(code, unit_price=5_000 + n * 100)
    await proposing.propose(it.merchant, code, what.items, how_paid="By bank transfer", by="member:5")


async def _without_effect(it: "Returns", code: str, n: int) -> None:
    """Mostly forgotten; as a double of any of theirs, or for another reason, that is often contradicted by what is known."""
    other = f"R-{n:08d}" if n % 4 == 0 else await _some_code(it, n)
    reason = "forgotten" if n % 3 else REASONS_OF_NONE[n // 3 % len(REASONS_OF_NONE)]
    await unfounded.close(it.merchant, code, Why(reason, other), answer="It is none", by="member:6")


async def _some_code(it: "Returns", n: int) -> str:
    found = await db.rows("SELECT code FROM returns WHERE customer = {} ORDER BY id", it.customer)
    return str(found[n % len(found)]["code"]) if found else ""


def _answers(agrees: bool) -> Verb:
    """To the newest, or now and then to one that was never there."""

    async def answer(it: "Returns", code: str, n: int) -> None:
        found = await proposals.newest(await kept.by_code(code))
        number = found.id if found and n % 10 else 0
        await proposing.answer(it.customer, code, number, agrees=agrees, by="customer:1")

    return answer


VERBS: Mapping[str, Verb] = {
    "cancel": lambda it, code, n: deciding.cancel(it.customer, code, by="customer:1"),
    "reply": lambda it, code, n: deciding.reply(it.customer, code, text="Yes", by="customer:1"),
    "object": lambda it, code, n: deciding.object_to(it.customer, code, text="It is not", by="customer:1"),
    "scan": _scanned,
    "want a label": lambda it, code, n: labelling.want(it.customer, code, by="customer:1"),
    "send": lambda it, code, n: sending.sent(it.customer, code, carrier="Colissimo", number="9R", by="customer:1"),
    "approve": lambda it, code, n: deciding.approve(it.merchant, code, first=n % 2 == 0, by="member:5"),
    "want the goods": lambda it, code, n: claimed.want(it.merchant, code, by="member:6"),
    "decline": lambda it, code, n: deciding.decline(it.merchant, code, clause="used", answer="", by="member:6"),
    "ask back": lambda it, code, n: deciding.ask_back(it.merchant, code, question="Which?", by="member:5"),
    "say that it has no effect": _without_effect,
    "dispute": lambda it, code, n: unfounded.dispute(it.customer, code, text="" if n % 2 else "It has", by="customer:1"),
    "put in force": lambda it, code, n: unfounded.take_back(it.merchant, code, by="member:6"),
    "pay the rest": lambda it, code, n: rest.pay(
        it.merchant, code, amount=n * 5 if n % 2 else None, again=n % 4 > 0, by="member:6"
    ),
    "uphold": lambda it, code, n: deciding.uphold(it.merchant, code, answer="No", by="member:6"),
    "set the items": _items,
    "receive": _back,
    "receive damaged": _damaged,
    "count again": _recounted,
    "refund": lambda it, code, n: settling.refund(it.merchant, code, by="member:5"),
    "refund a part": lambda it, code, n: settling.refund(
        it.merchant, code, amount=50 * n, last=n % 3 == 0, reason="Worn", by="member:6"
    ),
    "refund less": _less,
    "exchange": _exchanged,
    "propose": _proposed,
    "take the proposal back": lambda it, code, n: proposing.take_back(it.merchant, code, by="member:6"),
    "agree to the difference": _answers(True),
    "no to the difference": _answers(False),
    "send the exchange": lambda it, code, n: replacing.sent(it.merchant, code, carrier="", number=f"8R {code}", by="member:5"),
    "difference paid": lambda it, code, n: replacing.difference_paid(it.merchant, code, by="member:6"),
    "pay instead": lambda it, code, n: replacing.money_instead(it.merchant, code, by="member:6"),
    "repaired": lambda it, code, n: repairing.repaired(it.merchant, code, by="member:5"),
}
MONEY: Mapping[str, Callable[[int], Doing]] = {
    "paid": lambda number: refund_steps.record_reference(number, "SEPA 7", by="member:5"),
    "failed": lambda number: refund_steps.fail(number, by="member:6", reason="No"),
    "again": lambda number: refunding.again(number, by="member:5"),
}
# What is likely to come next: without it chance seldom gets far.
ONWARD: Mapping[str, tuple[str, ...]] = {
    "requested": ("approve", "receive", "decline", "ask back"),
    "open": ("approve", "decline", "ask back", "cancel"),
    "approved": ("receive", "refund", "refund a part", "send", "exchange", "want a label", "want the goods"),
    "label_issued": ("receive", "send", "scan"),
    "in_transit": ("receive", "receive damaged", "scan"),
    "declined": ("object", "approve", "uphold"),
    "denied": ("object", "approve", "uphold"),
    "expired": ("receive",),
    "refunded": ("object", "pay the rest", "uphold"),
    "credited": ("object", "pay the rest"),
    "resolved": ("object", "pay the rest"),
    "goods_due": ("send", "receive", "refund a part", "scan", "set the items", "say that it has no effect", "put in force"),
    "unfounded": ("dispute", "put in force"),
    "proof_sent": ("receive", "refund", "scan", "set the items"),
} | dict.fromkeys(
    ("received", "goods_received", "acknowledged"), (
        "refund", "refund a part", "refund less", "exchange", "count again", "propose", "agree to the difference",
        "no to the difference", "set the items", "say that it has no effect", "put in force",
    )
)  # fmt: skip
TO_SEND = "o.source = 'exchange' AND o.state = 'open' AND o.fulfilment = 'unfulfilled' ORDER BY o.id, r.id"
UNSENT = "o.stage = 'cancelled' AND o.fulfilment = 'unfulfilled'"
NAMES, MOVES = st.sampled_from(sorted(VERBS)), st.sampled_from(sorted(MONEY))


class Returns(RuleBasedStateMachine):
    loop: asyncio.AbstractEventLoop
    orders = 0

    def run(self, doing: Doing) -> Any:
        """In the loop whose the database is."""
        return asyncio.run_coroutine_threadsafe(doing, self.loop).result(60)

    def at_once(self, *doing: Doing) -> list[Any]:
        """What a verb may raise is an answer, too; what it may not is none."""

        async def all_of_it() -> list[Any]:
            return list(await asyncio.gather(*doing, return_exceptions=True))

        found = self.run(all_of_it())
        for answer in found:
            if isinstance(answer, BaseException) and not isinstance(answer, Invalid | Missing | Refused):
                raise answer
        return found

    @initialize(sent=st.sampled_from([True, True, True, False]), shares=st.sampled_from([(), (6_000,), (100, 5_000)]),
                first=st.lists(st.tuples(st.sampled_from(["return", "claim"]), HOW), min_size=1, max_size=2))  # fmt: skip
    def an_order(self, sent: bool, shares: tuple[int, ...], first: list[tuple[str, int]]) -> None:
        """Three teapots and two cups; all there, or nothing sent yet; paid by one card, or with gift cards, too."""
        Returns.orders += 1
        self.name, self.notes, self.keys = f"R-{Returns.orders}", 0, 0
        self.reported: list[Refund] = []
        at = clock.now() - timedelta(days=3)
        lines = [line("1", quantity=3), line("2", quantity=2, unit_price=1250)]
        parcel = Shipment(
            id="p1", carrier="Colissimo", tracking_number="8R1", status="delivered", shipped_at=at, delivered_at=at,
            lines=[LineQuantity(line=one.id, quantity=one.quantity) for one in lines],
        )  # fmt: skip
        cards = [Payment(kind="gift_card", amount=amount, last_four=str(amount)) for amount in shares]
        self.about: dict[str, Any] = {
            "lines": lines, "placed_at": at - timedelta(days=4), "shipments": [parcel] if sent else [],
            "customer": Person(email=f"buyer-{self.name}@example.com"),
            "payments": [Payment(kind="card", brand="Visa", amount=17_390 - sum(shares)), *cards],
        }  # fmt: skip
        self.order = self.run(paid(self.name, **self.about))
        self.customer, self.merchant = self.order["customer"], self.order["merchant"]
        self.lines = self.run(bought.line_ids(self.order))
        if Returns.orders == 1:
            self.run(rules.save(self.merchant, Rules(ways=("label", "own_carrier")), by=None))
        for kind, how in first:
            self.ask_for(kind if sent else "cancellation", how)

    def code(self, which: int) -> str:
        found = self.run(db.rows("SELECT code FROM returns WHERE customer = {} ORDER BY id", self.customer))
        return found[which % len(found)]["code"] if found else "R-00000000"

    def state(self, code: str) -> str:
        found = self.run(db.rows("SELECT state FROM returns WHERE code = {}", code))
        return found[0]["state"] if found else ""

    def refund_id(self, which: int) -> int:
        theirs = 'SELECT r.id FROM refunds r JOIN orders o ON o.id = r."order" WHERE o.customer = {} ORDER BY r.id'
        found = self.run(db.rows(theirs, self.customer))
        return found[which % len(found)]["id"] if found else 0

    def asked(self, kind: str, how: int) -> Asked:
        """One line, or both."""
        reason = REASONS[kind][how % len(REASONS[kind])]
        wish = WISHES[kind][how % len(WISHES[kind])]
        them = self.lines if how % 5 == 0 else [self.lines[how % 2]]
        way = "label" if kind == "return" and how % 3 == 0 else ""
        return Asked(kind, [AskedLine(one, 1 + how % 3, reason, wish, "Small") for one in them], way=way)

    @rule(kind=KINDS, how=HOW)
    def ask(self, kind: str, how: int) -> None:
        self.ask_for(kind, how)

    def ask_for(self, kind: str, how: int) -> None:
        self.at_once(asking.ask(self.customer, self.asked(kind, how), by="customer:1"))

    @rule(kind=KINDS, how=HOW)
    def touch_the_button_twice(self, kind: str, how: int) -> None:
        what, key = self.asked(kind, how), f"{self.name} {how}"
        answers = self.at_once(*(asking.ask(self.customer, what, by="customer:1", key=key) for _ in range(3)))
        assert len({it for it in answers if isinstance(it, str)}) <= 1

    @rule(kind=st.sampled_from(["return", "cancellation", "withdrawal"]), which=WHICH, how=HOW)
    def ask_for_what_was_sent_in_exchange(self, kind: str, which: int, how: int) -> None:
        theirs = 'SELECT l.id FROM order_lines l JOIN orders o ON o.id = l."order" WHERE o.customer = {} AND o.source = {}'
        sent = self.run(db.rows(f"{theirs} ORDER BY l.id", self.customer, "exchange"))
        if not sent:
            return
        line = sent[which % len(sent)]["id"]
        if kind == "withdrawal":
            self.at_once(withdrawals.declare(self.customer, {line: 1}, by="customer:1"))
        else:
            reason, wish = (of[kind][how % len(of[kind])] for of in (REASONS, WISHES))
            asked = Asked(kind, [AskedLine(line, 1, reason, wish, "Small")])
            self.at_once(asking.ask(self.customer, asked, by="customer:1"))

    @rule(which=WHICH, how=HOW, then=st.sampled_from(["", "send the exchange", "difference paid", "refund", "exchange"]))
    def cancel_what_was_to_be_sent_in_exchange(self, which: int, how: int, then: str) -> None:
        """One of its lines, or all; while somebody agrees to that, another one sends it, or takes its difference."""
        if not (made := self.to_be_sent(how)):
            return
        order, code = made[which % len(made)].values()
        lines = self.run(bought.line_ids({"id": order}))
        wanted = [AskedLine(line, 1 + how % 2) for line in (lines if how % 3 == 0 else lines[how % len(lines) :][:1])]
        (asked,) = self.at_once(asking.ask(self.customer, Asked("cancellation", wanted), by="customer:1"))
        if isinstance(asked, str):
            also = [VERBS[then](self, code, how)] if then else []
            self.at_once(deciding.approve(self.merchant, asked, by="member:5"), *also)
        self.nothing_cancelled_is_sent()

    def to_be_sent(self, how: int) -> list[Mapping[str, Any]]:
        """In exchange or as replacements; where there is none yet, one is made if that can be."""
        theirs = f"SELECT o.id, r.code FROM orders o JOIN returns r ON r.exchange = o.id WHERE o.customer = {{}} AND {TO_SEND}"
        if not (found := self.run(db.rows(theirs, self.customer))):
            kind, reason = ("claim", "damaged") if how % 2 else ("return", "wrong_size")
            wish = "replacement" if how % 2 else "exchange"
            left = self.run(holding.left([self.order["id"]]))
            them = [one for one in self.lines if left[one].free]
            asked = Asked(kind, [AskedLine(one, left[one].free, reason, wish, "Small") for one in them])
            (code,) = self.at_once(asking.ask(self.customer, asked, by="customer:1"))
            if isinstance(code, str):
                self.at_once(VERBS["approve" if how % 2 else "receive"](self, code, how))
                self.at_once(VERBS["exchange"](self, code, how))
            found = self.run(db.rows(theirs, self.customer))
        return list(found)

    @rule(which=WHICH, how=HOW)
    def the_shop_cancels_what_was_to_be_sent_in_exchange(self, which: int, how: int) -> None:
        if made := self.to_be_sent(how):
            number = made[which % len(made)]["id"]
            before = self.run(kept_orders.snapshots([number]))[number]
            told = msgspec.structs.replace(before, cancelled_at=clock.now(), updated_at=clock.now())
            self.run(ingest.record_all([told], history=False))
            self.nothing_cancelled_is_sent()

    def nothing_cancelled_is_sent(self) -> None:
        """A claim whose replacement was cancelled before it went out is settled otherwise, or its seller's."""
        theirs = "SELECT r.code, r.kind, r.state FROM returns r JOIN orders o ON o.id = r.exchange"
        found = self.run(db.rows(f"{theirs} WHERE o.customer = {{}} AND {UNSENT}", self.customer))
        for row in found:
            assert row["state"] != "exchanged", row
            answers = self.at_once(
                VERBS["send the exchange"](self, row["code"], 1), VERBS["difference paid"](self, row["code"], 1)
            )
            assert all(isinstance(answer, Refused) for answer in answers)

    @rule(kind=KINDS, other=KINDS, how=HOW, more=HOW)
    def ask_for_two_things_at_once(self, kind: str, other: str, how: int, more: int) -> None:
        one, two = self.asked(kind, how), self.asked(other, more)
        self.at_once(*(asking.ask(self.customer, what, by="customer:1") for what in (one, two)))

    @rule(how=HOW)
    def withdraw(self, how: int) -> None:
        """Nothing that nobody has decided yet stands in its way."""
        them = self.some_of_it(how)
        left = self.run(holding.left([self.order["id"]]))
        possible = all(count <= left[line].withdrawable for line, count in them.items())
        self.keys += 1
        key = f"{self.name} {self.keys}"
        answers = self.at_once(*(withdrawals.declare(self.customer, them, by="customer:1", key=key) for _ in range(2)))
        assert not possible or (answers[0] == answers[1] and isinstance(answers[0], str)), answers

    @rule(words=st.sampled_from(["", "one of them only", "the Teapot", "not the teapots"]))
    def withdraw_without_signing_in(self, words: str) -> None:
        """Of what is left of it, in words of which nobody knows yet what they mean."""
        if not any(one.withdrawable for one in self.run(holding.left([self.order["id"]])).values()):
            return
        self.at_once(withdrawn.confirmed(f"buyer-{self.name}@example.com".lower(), self.name, words))

    @rule(
        which=WHICH, how=HOW, other=st.sampled_from(["say that it has no effect", "dispute", "put in force", "send", "refund"])
    )
    def a_declaration_is_said_to_have_no_effect(self, which: int, how: int, other: str) -> None:
        """And somebody objects, or takes that back, while another one goes on with it."""
        open_ones = (
            "SELECT code FROM returns WHERE customer = {} AND state IN ('acknowledged', 'goods_due', 'unfounded') ORDER BY id"
        )
        if not (found := self.run(db.rows(open_ones, self.customer))):
            self.withdraw(how)
            found = self.run(db.rows(open_ones, self.customer))
        code = found[which % len(found)]["code"] if found else "R-00000000"
        if self.state(code) in ("acknowledged", "goods_due"):
            self.at_once(VERBS["say that it has no effect"](self, code, how), VERBS[other](self, code, how))
            self.all_is_right()
        if self.state(code) == "unfounded":
            self.at_once(VERBS["dispute" if how % 3 else "put in force"](self, code, how), VERBS[other](self, code, how))

    def some_of_it(self, how: int) -> dict[int, int]:
        return {self.lines[how % 2]: 1 + how % 3} if how % 7 else dict(zip(self.lines, (3, 2), strict=True))

    @rule(name=st.sampled_from(["cancel", "approve", "decline", "ask back"]), which=WHICH, how=HOW)
    def withdraw_while_somebody_decides(self, name: str, which: int, how: int) -> None:
        declared = withdrawals.declare(self.customer, self.some_of_it(how), by="customer:1")
        self.at_once(declared, VERBS[name](self, self.code(which), how))

    @rule(which=WHICH, how=HOW, steps=st.integers(2, 6))
    def go_on(self, which: int, how: int, steps: int) -> None:
        code = self.code(which)
        for n in range(steps):
            if not (likely := ONWARD.get(self.state(code), ())):
                return
            self.at_once(VERBS[likely[(how + n) % len(likely)]](self, code, how))
            self.all_is_right()

    @rule(which=WHICH, how=HOW, other=st.sampled_from(["pay the rest", "uphold", "refund", "object"]))
    def less_is_paid_and_its_customer_objects(self, which: int, how: int, other: str) -> None:
        """Less what is kept of it, else a part with a reason."""
        code = self.code(which)
        for name in ("approve", "receive", "refund less", "refund a part", "object"):
            self.at_once(VERBS[name](self, code, how // 3 * 3 + 3))
            self.all_is_right()
        self.at_once(VERBS["pay the rest"](self, code, how), VERBS[other](self, code, how), ageing.age())

    @rule(name=NAMES, which=WHICH, how=HOW)
    def do(self, name: str, which: int, how: int) -> None:
        self.at_once(VERBS[name](self, self.code(which), how))

    @rule(name=NAMES, which=WHICH, how=HOW)
    def do_twice(self, name: str, which: int, how: int) -> None:
        code = self.code(which)
        self.at_once(VERBS[name](self, code, how), VERBS[name](self, code, how))

    @rule(name=NAMES, other=NAMES, which=WHICH, how=HOW)
    def two_do_something_at_once(self, name: str, other: str, which: int, how: int) -> None:
        code = self.code(which)
        self.at_once(VERBS[name](self, code, how), VERBS[other](self, code, how), ageing.age())

    @rule(move=MOVES, which=WHICH)
    def money_moves(self, move: str, which: int) -> None:
        number = self.refund_id(which)
        self.at_once(MONEY[move](number), MONEY[move](number))

    @rule(move=MOVES, name=NAMES, which=WHICH, how=HOW)
    def money_moves_while_somebody_decides(self, move: str, name: str, which: int, how: int) -> None:
        self.at_once(MONEY[move](self.refund_id(which)), VERBS[name](self, self.code(which), how))

    @rule()
    def time_goes_by(self) -> None:
        long_ago = clock.now() - timedelta(days=60)
        self.run(db.execute("UPDATE exchange_proposals SET answer_by = {}", long_ago))
        for column in ("send_by", "settled_at"):
            self.run(db.execute(f"UPDATE returns SET {column} = {{}} WHERE {column} IS NOT NULL", long_ago))
        self.at_once(ageing.age(), ageing.age())

    @rule(share=st.integers(1, 20))
    def the_shop_refunds(self, share: int) -> None:
        row = self.run(order_row(self.order["id"]))
        left = self.run(bounds.of_order(row["id"], row["total"], row["payment"])).left
        if len(self.reported) < 2 and (amount := left * share // 100) > 0:
            self.reported.append(Refund(id=f"s{len(self.reported)}", amount=amount, at=clock.now(), kind="card"))
            self.the_order_comes_in_again()

    @rule()
    def the_order_comes_in_again(self) -> None:
        self.notes += 1
        again = snapshot(self.name, refunds=self.reported, note=str(self.notes), **self.about)
        (outcome,) = self.run(ingest.record_all([again], history=False))
        assert outcome.result == "updated", outcome

    @invariant()
    def all_is_right(self) -> None:
        for row in self.run(db.rows("SELECT id FROM orders WHERE customer = {} ORDER BY id", self.customer)):
            self.run(right.everything(row["id"]))


async def test_nothing_breaks_a_return(monkeypatch: pytest.MonkeyPatch) -> None:
    async def signed(_code: str) -> None:
        """The papers of withdrawals have tests of their own, and take their time."""

    monkeypatch.setattr(withdrawals.acknowledging, "complete", signed)
    Returns.loop = asyncio.get_running_loop()
    told = settings(
        max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, database=None, phases=PHASES,
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    await asyncio.to_thread(run_state_machine_as_test, Returns, settings=told)
