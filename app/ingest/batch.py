"""One transaction's worth of orders: looked up together, inserted together, changed one by one."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct, field

from app import clock, db
from app.accounts import customers
from app.events import actions as events
from app.ingest import exchanged, merging, standing, update
from app.ingest.bounds import unfit
from app.ingest.milestones import Milestone, milestones, news
from app.ingest.order_rows import Record, content_hash, order_record
from app.ingest.snapshot import Amendment, OrderSnapshot
from app.ingest.standing import Standing
from app.merchants import actions as merchants
from app.orders.addresses import Wanted, give

Result = Literal["new", "updated", "unchanged", "refused", "older"]


class Outcome(Struct, frozen=True):
    """What became of one snapshot or amendment; `problems` maps JSON pointers to reasons when it was refused."""

    external_id: str
    result: Result
    lines: int = 0
    problems: dict[str, str] = {}


class Batch(Struct):
    """What a run of orders shares: who and what is known of them before, who must hear of it after."""

    history: bool
    archived: Collection[tuple[str, str]] = ()  # merchant's slug, external id: those new are put away at once
    merchants: dict[str, db.Row] = {}
    customers: dict[str, db.Row] = {}
    known: dict[tuple[int, str], db.Row] = {}
    standing: Standing = field(default_factory=Standing)
    parcels: update.Ids = {}
    changed: dict[int, tuple[set[int], set[int]]] = {}  # customer → years, merchants

    def key(self, one: OrderSnapshot | Amendment) -> tuple[int, str]:
        return self.merchants[one.merchant]["id"], one.external_id

    async def meet(self, given: Sequence[OrderSnapshot | Amendment]) -> None:
        """Everybody concerned: the merchants' turns first, in one order, then the customers, locked all at once.

        Once in a transaction and for all of it: who came back for more would hold what another one waits for.
        """
        slugs = sorted({one.merchant for one in given})
        for slug in slugs:
            await db.take_turn(f"orders of {slug}")  # two that send one order meet here
        for slug in slugs:
            self.merchants[slug] = await merchants.named(slug)
        await self.know(given)
        people = {customers.normal(one.customer.email): one.customer for one in given if isinstance(one, OrderSnapshot)}
        self.customers = await customers.ensure(
            {email: person.name for email, person in people.items()},
            {email: person.locale for email, person in people.items()},
            {row["customer"] for row in self.known.values()},
        )

    async def know(self, given: Sequence[OrderSnapshot | Amendment]) -> None:
        """Which of the orders are kept already."""
        for slug, merchant in self.merchants.items():
            ids = sorted({one.external_id for one in given if one.merchant == slug})
            if not ids:
                continue
            found = await db.scan(
                "SELECT id, merchant, external_id, content_hash, source_updated_at, customer, address FROM orders "  # noqa: S608
                f"WHERE merchant = {{}} AND external_id IN ({db.marks(len(ids))})",
                merchant["id"], *ids,
            )  # fmt: skip
            self.known |= {(row["merchant"], row["external_id"]): row for row in found}

    async def look_up(self, given: Sequence[OrderSnapshot | Amendment]) -> None:
        """All of what is kept of those that will change, and what was told of them."""
        changing = [self.known[self.key(one)]["id"] for one in given if self._changes(one)]
        self.standing = await standing.of(changing)

    def _changes(self, one: OrderSnapshot | Amendment) -> bool:
        row = self.known.get(self.key(one))
        return row is not None and (isinstance(one, Amendment) or row["content_hash"] != content_hash(one))

    async def take(self, one: OrderSnapshot | Amendment) -> Outcome:
        row = self.known.get(self.key(one))
        if isinstance(one, OrderSnapshot):
            return Outcome(one.external_id, "new" if row is None else await self._replace(one, row), len(one.lines))
        if row is None:
            return Outcome(one.external_id, "refused", problems={"": "there is no such order (yet): import it first"})
        return await self._amend(one, row)

    async def _replace(self, one: OrderSnapshot, row: db.Row) -> Result:
        if row["id"] not in self.standing.before:  # the same content
            return await self._unchanged(row, one.updated_at)
        if merging.older(one.updated_at, row["source_updated_at"]):
            return "older"
        after = await self.standing.become(row["id"], one)
        before = self.standing.before[row["id"]]
        if merging.same(before, after):
            # What is kept here (an amended order, exported), come back: no news, and no reason to forget the source's own.
            return await self._unchanged(row, one.updated_at)
        await self._change(row, after, content_hash(one))
        return "updated"

    async def _amend(self, one: Amendment, row: db.Row) -> Outcome:
        after = await self.standing.become(row["id"], one)
        before = self.standing.before[row["id"]]
        if wrong := unfit(after):
            return Outcome(one.external_id, "refused", problems=wrong)
        if merging.same(before, after):
            late = self.standing.overtaken(row["id"], one)
            return Outcome(one.external_id, "older" if late else await self._unchanged(row, one.updated_at))
        await self._change(row, after, row["content_hash"])
        return Outcome(one.external_id, "updated")

    async def _unchanged(self, row: db.Row, said: datetime | None) -> Result:
        """Said again later: what was said in between is older than that. Nobody sees it, so no revision rises."""
        at = merging.newest(said, row["source_updated_at"])
        if at != row["source_updated_at"]:
            await db.execute("UPDATE orders SET source_updated_at = {} WHERE id = {}", at, row["id"])
        return "unchanged"

    async def _change(self, row: db.Row, after: OrderSnapshot, source_hash: str) -> None:
        before = self.standing.before[row["id"]]
        after = exchanged.still_off(before, after)
        self.standing.told[row["id"]] |= await exchanged.called_off(row["id"], before, after)
        merchant = self.merchants[after.merchant]
        same = after.customer.email == before.customer.email
        customer = self._by_id(row["customer"]) if same else self._owner(after)
        head = order_record(after, merchant["name"]) | {"content_hash": source_hash, "customer": customer["id"]}
        head["revision"] = customer["revision"] + 1
        head["source_updated_at"] = merging.newest(after.updated_at, row["source_updated_at"])
        if customer["id"] != row["customer"]:
            head["address"] = (await give([Wanted(customer["id"], after.number, after.merchant, after.external_id)]))[0]
            await customers.raise_revision(row["customer"])
        self.parcels |= await update.write(row["id"], head, before, after)
        await exchanged.written(row["id"], before, after)
        fresh = news(before, after, self.standing.told[row["id"]])
        await events.record_all([self._event(one, after, row["id"], customer["id"]) for one in fresh])
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
                | {"revision": owner["revision"] + 1}
                | {"archived": (order.merchant, order.external_id) in self.archived}
            )
            self._note(owner, order)
        made = await db.insert("orders", heads, "id", "merchant", "external_id")
        ids = {(row["merchant"], row["external_id"]): row["id"] for row in made}
        self.parcels |= await update.insert_parts([(ids[self.key(order)], order) for order in new])
        await events.record_all([
            self._event(milestone, order, ids[self.key(order)], owner["id"])
            for order, owner in zip(new, owners, strict=True)
            for milestone in milestones(order)
        ])  # fmt: skip

    def _event(self, milestone: Milestone, order: OrderSnapshot, order_id: int, customer_id: int) -> Record:
        about = dict(milestone.data) | ({} if milestone.at else {"undated": True})
        about |= {"key": milestone.key} if milestone.key else {}
        if milestone.kind.startswith("shipment_"):
            about["shipment"] = self.parcels[order_id, milestone.key]
        return events.row(
            milestone.kind, customer=customer_id, merchant=self.key(order)[0], order=order_id,
            at=milestone.at or order.updated_at or order.placed_at, history=self.history, **about,
        )  # fmt: skip

    def _note(self, customer: db.Row, order: OrderSnapshot) -> None:
        years, shops = self.changed.setdefault(customer["id"], (set(), set()))
        # In every zone there is, from UTC−12 to UTC+14: a person's own is often known only later.
        years.update((order.placed_at + timedelta(hours=hours)).year for hours in (-12, 14))
        shops.add(self.key(order)[0])

    def _owner(self, order: OrderSnapshot) -> db.Row:
        return self.customers[customers.normal(order.customer.email)]

    def _by_id(self, customer_id: int) -> db.Row:
        return next(row for row in self.customers.values() if row["id"] == customer_id)

    async def tell_customers(self) -> None:
        for customer_id, (years, shops) in self.changed.items():
            await customers.orders_changed(self._by_id(customer_id), years, shops)
