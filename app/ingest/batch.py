"""One transaction's worth of different orders: looked up together, inserted together, changed one by one."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import msgspec
from msgspec import Struct

from app import clock, db
from app.accounts import customers
from app.events import actions as events
from app.ingest import kept, update
from app.ingest.bounds import unfit
from app.ingest.milestones import Milestone, milestones
from app.ingest.order_rows import Record, content_hash, order_record
from app.ingest.snapshot import Amendment, OrderSnapshot
from app.orders.addresses import Wanted, give

Result = Literal["new", "updated", "unchanged", "refused", "older"]


class Outcome(Struct, frozen=True):
    """What became of one snapshot or amendment; `problems` maps JSON pointers to reasons when it was refused."""

    external_id: str
    result: Result
    lines: int = 0
    problems: dict[str, str] = {}


class Batch(Struct):
    """What a run of different orders shares: who and what is known of them before, who must hear of it after."""

    history: bool
    merchants: dict[str, db.Row] = {}
    customers: dict[str, db.Row] = {}
    known: dict[tuple[int, str], db.Row] = {}
    before: dict[int, OrderSnapshot] = {}
    changed: dict[int, tuple[set[int], set[int]]] = {}  # customer → years, merchants

    def key(self, one: OrderSnapshot | Amendment) -> tuple[int, str]:
        return self.merchants[one.merchant]["id"], one.external_id

    async def look_up(self, given: Sequence[OrderSnapshot | Amendment]) -> None:
        """The orders already kept, everybody whose they are or will be, and all of what is kept of those that will change."""
        for slug, merchant in self.merchants.items():
            ids = [one.external_id for one in given if one.merchant == slug]
            found = await db.scan(
                "SELECT id, merchant, external_id, content_hash, source_updated_at, customer, address FROM orders "  # noqa: S608
                f"WHERE merchant = {{}} AND external_id IN ({db.marks(len(ids))})",
                merchant["id"], *ids,
            )  # fmt: skip
            self.known |= {(row["merchant"], row["external_id"]): row for row in found}
        people = {customers.normal(one.customer.email): one.customer for one in given if isinstance(one, OrderSnapshot)}
        self.customers = await customers.ensure(
            {email: person.name for email, person in people.items()},
            {email: person.locale for email, person in people.items()},
            {row["customer"] for row in self.known.values()},
        )
        self.before = await kept.snapshots([self.known[self.key(one)]["id"] for one in given if self._changes(one)])

    def _changes(self, one: OrderSnapshot | Amendment) -> bool:
        row = self.known.get(self.key(one))
        return row is not None and (isinstance(one, Amendment) or row["content_hash"] != content_hash(one))

    async def take(self, one: OrderSnapshot | Amendment) -> Outcome:
        row = self.known.get(self.key(one))
        if isinstance(one, Amendment):
            return await self._amend(one, row)
        if row is None:
            return Outcome(one.external_id, "new", len(one.lines))
        if _older(one.updated_at, row["source_updated_at"]):
            return Outcome(one.external_id, "older", len(one.lines))
        if row["id"] not in self.before:
            return Outcome(one.external_id, "unchanged", len(one.lines))
        before = self.before[row["id"]]
        after = update.completed(before, one)
        if msgspec.structs.replace(after, updated_at=before.updated_at) == before:
            # What is kept here (an amended order, exported), come back: no news, and no reason to forget the source's own.
            return Outcome(one.external_id, "unchanged", len(one.lines))
        await self._change(row, after, content_hash(one))
        return Outcome(one.external_id, "updated", len(one.lines))

    async def _amend(self, one: Amendment, row: db.Row | None) -> Outcome:
        if row is None:
            return Outcome(one.external_id, "refused", problems={"": "there is no such order (yet): import it first"})
        before = self.before[row["id"]]
        after = update.amended(before, one)
        if wrong := unfit(after):
            return Outcome(one.external_id, "refused", problems=wrong)
        if after == before:
            return Outcome(one.external_id, "unchanged")
        await self._change(row, after, row["content_hash"])
        return Outcome(one.external_id, "updated")

    async def _change(self, row: db.Row, after: OrderSnapshot, source_hash: str) -> None:
        before = self.before[row["id"]]
        merchant = self.merchants[after.merchant]
        same = after.customer.email == before.customer.email
        customer = self._by_id(row["customer"]) if same else self._owner(after)
        head = order_record(after, merchant["name"]) | {"content_hash": source_hash, "customer": customer["id"]}
        if customer["id"] != row["customer"]:
            head["address"] = (await give([Wanted(customer["id"], after.number, after.merchant, after.external_id)]))[0]
            await customers.raise_revision(row["customer"])
        await update.write(row["id"], head, before, after)
        told = {(milestone.kind, milestone.key) for milestone in milestones(before)}
        news = [milestone for milestone in milestones(after) if (milestone.kind, milestone.key) not in told]
        news = news or [Milestone("order_updated", "", after.updated_at or clock.now())]
        await events.record_all([self._event(one, after, row["id"], customer["id"]) for one in news])
        self._note(customer, after)

    async def insert(self, new: Sequence[OrderSnapshot]) -> None:
        """All tables of all new orders, one statement a table."""
        if not new:
            return
        owners = [self._owner(order) for order in new]
        wanted = [
            Wanted(owner["id"], order.number, order.merchant, order.external_id)
            for order, owner in zip(new, owners, strict=True)
        ]
        heads: list[Record] = []
        for order, owner, address in zip(new, owners, await give(wanted), strict=True):
            merchant = self.merchants[order.merchant]
            heads.append(
                order_record(order, merchant["name"])
                | {"customer": owner["id"], "merchant": merchant["id"], "address": address, "created_at": clock.now()}
            )
            self._note(owner, order)
        made = await db.insert("orders", heads, "id", "merchant", "external_id")
        ids = {(row["merchant"], row["external_id"]): row["id"] for row in made}
        await update.insert_parts([(ids[self.key(order)], order) for order in new])
        await events.record_all([
            self._event(milestone, order, ids[self.key(order)], owner["id"])
            for order, owner in zip(new, owners, strict=True)
            for milestone in milestones(order)
        ])  # fmt: skip

    def _event(self, milestone: Milestone, order: OrderSnapshot, order_id: int, customer_id: int) -> Record:
        undated = {} if milestone.at else {"undated": True}
        return events.row(
            milestone.kind, customer=customer_id, merchant=self.key(order)[0], order=order_id,
            at=milestone.at or order.updated_at or order.placed_at, history=self.history, **undated, **dict(milestone.data),
        )  # fmt: skip

    def _note(self, customer: db.Row, order: OrderSnapshot) -> None:
        years, shops = self.changed.setdefault(customer["id"], (set(), set()))
        years.add(order.placed_at.astimezone(clock.zone(customer["time_zone"])).year)
        shops.add(self.key(order)[0])

    def _owner(self, order: OrderSnapshot) -> db.Row:
        return self.customers[customers.normal(order.customer.email)]

    def _by_id(self, customer_id: int) -> db.Row:
        return next(row for row in self.customers.values() if row["id"] == customer_id)

    async def tell_customers(self) -> None:
        for customer_id, (years, shops) in self.changed.items():
            await customers.orders_changed(self._by_id(customer_id), years, shops)


def _older(offered: datetime | None, kept_at: datetime | None) -> bool:
    return offered is not None and kept_at is not None and offered < kept_at
