"""Everybody does anything, in any order, twice and at once: hypothesis looks for the sequence that breaks the money.

At every moment: never more given back than paid, by payment and in all; no balance below zero; no state but PRODUCT's, no step
back; of each refund its events, each with who did it; what a provider made is made once and known here.
"""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from datetime import UTC, datetime
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from app import clock, db
from app.errors import Invalid, Missing, Refused
from app.ingest import actions
from app.ingest.snapshot import Amendment, Payment, Person, Refund
from app.orders import refund_sending, refund_steps, refunding
from app.orders.refunding import Credit, Wanted
from app.payments import balances, bounds, provider, stripe
from app.payments.asking import Answer, Due
from app.payments.balances import Movement
from tests.builders import MO, line, snapshot
from tests.payments.steps import order_row, paid, within

AT = datetime(2026, 11, 9, tzinfo=UTC)
ACTORS = st.sampled_from(["member:5", "member:6", "api:3", "customer:1", "system"])
MEANS = st.sampled_from(["card", "gift_card", "paypal"])
STEPS = {
    "requested": {"requested", "pending", "succeeded", "failed"}, "pending": {"pending", "succeeded", "failed"},
    "succeeded": {"succeeded"}, "failed": {"failed"},
}  # fmt: skip
WHICH = st.integers(0, 30)  # the how many-th refund, counted round


class Elsewhere:
    """A provider that makes each code once, and often says something else."""

    def __init__(self) -> None:
        self.made: dict[str, int] = {}
        self.asked: Counter[str] = Counter()
        self.moods: list[str] = []

    async def give_back(self, due: Due) -> Answer:
        mood = self.moods.pop() if self.moods else "succeeded"
        if due.code in self.made:
            return Answer(outcome="pending" if mood == "pending" else "succeeded", reference=f"re_{due.code}")
        if mood in ("busy", "failed"):
            return Answer(outcome="unsure" if mood == "busy" else "failed", reason=mood)
        self.made[due.code] = due.amount
        self.asked[due.code] += 1
        if mood == "lost":
            return Answer(outcome="unsure", reason=mood)
        return Answer(outcome="pending" if mood == "pending" else "succeeded", reference=f"re_{due.code}")


MOODS = st.lists(st.sampled_from(["succeeded", "pending", "busy", "lost", "failed"]), max_size=4)


class Money(RuleBasedStateMachine):
    loop: asyncio.AbstractEventLoop
    elsewhere: Elsewhere
    orders = 0

    def run(self, doing: Coroutine[Any, Any, Any]) -> Any:
        """In the loop whose the database is; what a verb may raise is an answer, too."""
        return asyncio.run_coroutine_threadsafe(self._quiet(doing), self.loop).result(60)

    async def _quiet(self, doing: Coroutine[Any, Any, Any]) -> Any:
        try:
            return await doing
        except (Invalid, Refused, Missing) as error:
            return error

    def at_once(self, *doing: Coroutine[Any, Any, Any]) -> None:
        async def all_of_it() -> None:
            await asyncio.gather(*(self._quiet(one) for one in doing))

        self.run(all_of_it())

    @initialize(
        shares=st.lists(st.tuples(MEANS, st.none() | st.integers(1, 4000), st.booleans()), max_size=3),
        currency=st.sampled_from(["EUR", "JPY", "KWD"]),
    )
    def an_order(self, shares: list[tuple[Any, int | None, bool]], currency: str) -> None:
        Money.orders += 1
        self.name, self.currency, self.notes = f"M-{Money.orders}", currency, 0
        self.shares = [
            Payment(kind=kind, amount=amount, last_four=str(n), reference=f"pi_{self.name}{n}" if known else "")
            for n, (kind, amount, known) in enumerate(shares)
        ]
        self.reported: list[Refund] = []
        self.states: dict[int, str] = {}
        self.buyer = Person(email=f"buyer-{self.name}@example.com")
        self.run(db.execute("UPDATE refunds SET next_try_at = NULL"))  # of the orders before this one
        self.elsewhere.__init__()  # type: ignore[misc]
        about = {"currency": currency, "lines": [line(unit_price=5000)], "customer": self.buyer}
        self.order = self.run(paid(self.name, payments=self.shares, **about))

    def nth(self, which: int) -> int:
        """A refund's id; 0 where there are none."""
        found = self.run(db.rows('SELECT id FROM refunds WHERE "order" = {} ORDER BY id', self.order["id"]))
        return found[which % len(found)]["id"] if found else 0

    @rule(amount=st.integers(0, 5500), by=ACTORS, approved=st.booleans(), credit=st.none() | st.integers(0, 3000))
    def ask(self, amount: int, by: str, approved: bool, credit: int | None) -> None:
        more = Credit(amount=credit, bonus=credit // 10) if credit is not None else None
        self.run(refunding.request(self.order["id"], Wanted(amount=amount, credit=more), by=by, approved=approved))

    @rule(amounts=st.lists(st.integers(1, 3000), min_size=2, max_size=5), by=ACTORS)
    def ask_at_once(self, amounts: list[int], by: str) -> None:
        self.at_once(*(refunding.request(self.order["id"], Wanted(amount=one), by=by) for one in amounts))

    @rule(amount=st.integers(1, 3000), key=st.sampled_from(["a", "b"]))
    def send_a_form_twice(self, amount: int, key: str) -> None:
        wanted = Wanted(amount=amount, key=key)
        self.at_once(*(refunding.request(self.order["id"], wanted, by="member:5", approved=True) for _ in range(3)))

    @rule(which=WHICH, by=ACTORS)
    def approve(self, which: int, by: str) -> None:
        number = self.nth(which)
        self.at_once(refund_steps.approve(number, by=by), refund_steps.approve(number, by=by))

    @rule(which=WHICH, by=ACTORS)
    def pay_by_hand(self, which: int, by: str) -> None:
        self.run(refund_steps.record_reference(self.nth(which), "SEPA 7", by=by))

    @rule(which=WHICH, by=ACTORS)
    def decline(self, which: int, by: str) -> None:
        self.run(refund_steps.fail(self.nth(which), by=by, reason="No"))

    @rule(which=WHICH, by=ACTORS, by_hand=st.booleans())
    def try_again(self, which: int, by: str, by_hand: bool) -> None:
        number = self.nth(which)
        self.at_once(*(refunding.again(number, by=by, by_hand=by_hand) for _ in range(2)))

    @rule(which=WHICH)
    def it_has_arrived(self, which: int) -> None:
        self.run(refund_steps.arrived(self.order["customer"], self.order["address"], self.nth(which)))

    @rule(which=WHICH, other=WHICH, by=ACTORS)
    def two_at_the_desk(self, which: int, other: int, by: str) -> None:
        one, two = self.nth(which), self.nth(other)
        self.at_once(
            refund_steps.approve(one, by="member:5"), refund_steps.fail(two, by=by, reason="No"),
            refund_steps.record_reference(one, "SEPA 8", by="member:6"), refunding.again(two, by=by),
            refunding.request(self.order["id"], Wanted(amount=500), by=by), refund_sending.send_due(),
        )  # fmt: skip

    @rule(moods=MOODS, workers=st.integers(1, 3))
    def the_worker_asks(self, moods: list[str], workers: int) -> None:
        self.elsewhere.moods = moods
        self.run(db.execute("UPDATE refunds SET next_try_at = {} WHERE next_try_at IS NOT NULL", clock.now()))
        self.at_once(*(refund_sending.send_due() for _ in range(workers)))

    @rule(share=st.integers(1, 100), kind=MEANS, state=st.sampled_from(["succeeded", "pending", "failed"]))
    def the_shop_refunds(self, share: int, kind: Any, state: Any) -> None:
        """By itself, no more than is left: it asks its own provider."""
        row = self.run(order_row(self.order["id"]))
        left = self.run(bounds.of_order(row["id"], row["total"], row["payment"])).left
        if (amount := left * share // 100) > 0:
            self.report(Refund(id=f"shop-{len(self.reported)}", amount=amount, at=AT, kind=kind, state=state))

    @rule(which=WHICH)
    def the_shop_reports_one_of_ours(self, which: int) -> None:
        row = self.run(db.one("SELECT * FROM refunds WHERE id = {}", self.nth(which)))
        if row and row["external_id"].startswith("counter:") and row["state"] != "failed" and row["balance"] is None:
            known = self.states.keys()
            self.report(Refund(id=f"shop-{len(self.reported)}", amount=row["amount"], at=AT, kind=row["kind"]))
            rows = self.run(db.rows('SELECT id FROM refunds WHERE "order" = {}', self.order["id"]))
            assert {one["id"] for one in rows} == known  # it is one of those that were there

    def report(self, refund: Refund) -> None:
        self.reported.append(refund)
        news = Amendment(source="test", merchant=MO, external_id=self.name, refunds=[refund])
        for _twice in range(2):
            (outcome,) = self.run(actions.record_all([news], history=False))
            assert outcome.result in ("updated", "unchanged"), outcome

    @rule(state=st.sampled_from(["paid", "partly_refunded"]))
    def the_order_comes_in_again(self, state: Any) -> None:
        self.notes += 1
        again = snapshot(
            self.name, payments=self.shares, currency=self.currency, lines=[line(unit_price=5000)], payment=state,
            refunds=self.reported, note=str(self.notes), customer=self.buyer,
        )  # fmt: skip
        (outcome,) = self.run(actions.record_all([again], history=False))
        assert outcome.result == "updated", outcome

    @rule(amount=st.integers(1, 3000), times=st.integers(1, 3))
    def spend(self, amount: int, times: int) -> None:
        found = self.run(db.rows("SELECT id FROM balances WHERE customer = {}", self.order["customer"]))
        moved = Movement(amount=-amount, reason="spent", by="api:3")
        if found:
            self.at_once(*(balances.change(self.order["merchant"], found[0]["id"], moved) for _ in range(times)))

    @invariant()
    def the_money_is_right(self) -> None:
        self.run(within())
        rows = self.run(db.rows('SELECT * FROM refunds WHERE "order" = {}', self.order["id"]))
        row = self.run(order_row(self.order["id"]))
        assert row["refunded"] == sum(one["amount"] for one in rows if one["state"] == "succeeded")
        assert max(self.elsewhere.asked.values(), default=0) <= 1
        for one in rows:
            before = self.states.get(one["id"], one["state"])
            assert one["state"] in STEPS[before], (before, one["state"])
            self.states[one["id"]] = one["state"]
            if one["code"] in self.elsewhere.made:
                assert one["state"] in ("pending", "succeeded")  # what was made is never given up
        assert self.states.keys() == {one["id"] for one in rows}  # none is ever gone

    @invariant()
    def every_step_was_told_with_who_did_it(self) -> None:
        rows = self.run(db.rows("SELECT * FROM refunds WHERE \"order\" = {} AND origin = 'counter'", self.order["id"]))
        found = self.run(
            db.rows("SELECT kind, data FROM events WHERE \"order\" = {} AND kind LIKE 'refund%'", self.order["id"])
        )
        events = [(it["kind"], msgspec.json.decode(it["data"])) for it in found]
        assert all(data["by"] and data["currency"] == self.currency and data["means"] for _kind, data in events)
        for row in rows:
            mine = [(kind, it) for kind, it in events if it.get("refund") == row["id"] or it["key"] == row["external_id"]]
            assert {it["amount"] for _kind, it in mine} == {row["amount"]}
            told = Counter(kind for kind, _data in mine)
            assert max(told.values()) == 1, told
            assert told["refund_requested"] == 1
            assert told["refund_succeeded"] == (row["state"] == "succeeded")
            assert told["refund_failed"] == (row["state"] == "failed")
            assert told["refund_arrived"] <= 1
            if row["state"] == "pending":
                assert told["refund_approved"] + told["refund_sent"] >= 1


async def test_nothing_breaks_the_money(monkeypatch: pytest.MonkeyPatch) -> None:
    elsewhere = Elsewhere()
    monkeypatch.setitem(provider.ASKED, "stripe", elsewhere)
    monkeypatch.setattr(stripe, "_key", lambda _merchant: "sk_test_1")
    Money.loop, Money.elsewhere = asyncio.get_running_loop(), elsewhere
    told = settings(
        max_examples=30, stateful_step_count=25, deadline=None, database=None, suppress_health_check=list(HealthCheck)
    )
    await asyncio.to_thread(run_state_machine_as_test, Money, settings=told)
