"""Asking for money to be given back: an amount, spread over where it goes, never more than was paid.

Whoever asks at once waits for the customer's row; what is left is looked at behind it, in the transaction that writes.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from msgspec import Struct

from app import clock, db, i18n
from app.errors import Invalid, Refused
from app.i18n import _
from app.orders import refund_steps, refunded, revisions
from app.payments import balances, bounds, own, provider
from app.payments.bounds import Bounds, Piece

CARD = """
SELECT id FROM balances
WHERE customer = {} AND merchant = {} AND currency = {} AND kind = {} AND last_four = {}
"""


class Credit(Struct, frozen=True, kw_only=True):
    """So much of it not to where it came from but to store credit, or to the gift card `balance` (balances.id) of the same
    customer and merchant. `bonus` is what the merchant adds; it was never paid and does not count."""

    amount: int
    kind: Literal["store_credit", "gift_card"] = "store_credit"
    bonus: int = 0
    balance: int | None = None


class Wanted(Struct, frozen=True, kw_only=True):
    """`amount` goes back to the payments in the order they were charged, or to `payment` (payments.id) alone; `credit` is on
    top of it. `lines`: external ids and quantities that it is for; `for_order`: an order
    that was sent in exchange, see `Refund`. `key`: with the same one nothing is asked for twice."""

    amount: int = 0
    credit: Credit | None = None
    payment: int | None = None
    reason: str = ""
    lines: Sequence[tuple[str, int]] = ()
    of_return: int | None = None
    for_order: int | None = None
    due_at: datetime | None = None
    note: str = ""
    key: str = ""


async def request(order: int, wanted: Wanted, *, by: str, approved: bool = False) -> list[int]:
    """The refunds' ids, one a destination. `approved`: whoever asks may also decide.

    Raises Missing, Invalid(amount=… or credit=…), Refused (409) for an order that is not paid.
    """
    async with db.transaction():
        row = await refunded.locked(order)
        if wanted.key and (known := await _asked_before(order, wanted.key)):
            return known
        now = await bounds.of_order(order, row["total"], row["payment"])
        _check(wanted, now, row["currency"])
        records = [await _of_piece(row, piece) for piece in bounds.split(now, wanted.amount, wanted.payment)]
        if wanted.credit:
            records.append(await _of_credit(row, wanted.credit))
        made = await _insert(row, wanted, records, by)
        for number in made:
            await refunded.tell("refund_requested", row, await refunded.read(number), by=by, reason=wanted.reason)
            if approved:
                await refund_steps.approve(number, by=by)
        await revisions.changed(order)
    return made


async def again(
    number: int, *, by: str, merchant: int | None = None, by_hand: bool = False, most: int | None = None
) -> int:  # fmt: skip
    """A failed one once more, as a row of its own that is approved already; `by_hand`: not through the provider. Said twice, it
    is done once. Where a part of it has meanwhile gone another way, what is left; `most`: no more than that. Raises Missing,
    Refused, Invalid(amount=…) when nothing is."""
    async with db.transaction():
        row, failed = await refunded.locked_refund(number, merchant)
        if failed["state"] != "failed":
            raise Refused(_("Only a refund that has failed can be tried again."))
        if known := await db.one("SELECT id FROM refunds WHERE again_of = {}", number):
            return int(known["id"])
        if most == 0:
            raise Refused(_("What was promised has gone back another way meanwhile: nothing of it is missing."))
        now = await bounds.of_order(row["id"], row["total"], row["payment"])
        room = _room(now, failed["payment"])
        part = failed["amount"] if most is None else min(failed["amount"], most)
        same = {name: failed[name] for name in ("kind", "payment", "balance", "bonus", "provider")}
        wanted = Wanted(
            amount=min(part, room) or part, payment=failed["payment"], reason=failed["reason"],
            note=failed["note"], of_return=failed["of_return"], for_order=failed["for_order"], due_at=failed["due_at"],
            lines=await _lines_again(failed),
        )  # fmt: skip
        _check(wanted, msgspec.structs.replace(now, left=room), row["currency"])
        manual = {"provider": "manual"} if by_hand and failed["balance"] is None else {}
        record = same | {"amount": wanted.amount, "again_of": number} | manual
        (made,) = await _insert(row, wanted, [record], by)
        await refunded.tell("refund_requested", row, await refunded.read(made), by=by, reason=wanted.reason, again=True)
        await refund_steps.approve(made, by=by)
        await revisions.changed(row["id"])
    return made


def _room(now: Bounds, payment: int | None) -> int:
    """What can still go there."""
    fits = now.left if payment is None else sum(part for _to, part in bounds.split(now, now.left, payment))
    return min(fits, now.left)


async def _asked_before(order: int, key: str) -> list[int]:
    """By the code of its first row; they were written together."""
    first = await db.one("SELECT id FROM refunds WHERE code = {}", own.code_of(order, key, 0))
    if first is None:
        return []
    nth, found = 1, [first["id"]]
    while row := await db.one("SELECT id FROM refunds WHERE code = {}", own.code_of(order, key, nth)):
        found.append(row["id"])
        nth += 1
    return found


def _check(wanted: Wanted, now: Bounds, currency: str) -> None:
    credit = wanted.credit.amount if wanted.credit else 0
    if now.paid == 0:
        raise Refused(_("This order is not paid: there is nothing to give back."))
    if wanted.amount < 0 or credit < 0 or (wanted.credit is not None and wanted.credit.bonus < 0):
        raise Invalid(amount=_("An amount cannot be below zero."))
    if wanted.amount + credit == 0:
        raise Invalid(amount=_("Say how much is to be given back."))
    most = now.left
    if wanted.payment is not None:
        most = min(most, credit + sum(part for _to, part in bounds.split(now, now.left, wanted.payment)))
    if wanted.amount + credit > most:
        said = {"amount": i18n.voice().money(most, currency)}
        raise Invalid(amount=_("At most %(amount)s can still be given back.") % said)


async def _of_piece(order: db.Row, piece: Piece) -> dict[str, Any]:
    to, amount = piece
    if to is None:
        return {"amount": amount, "kind": "other", "payment": None, "provider": "manual", "balance": None, "bonus": 0}
    balance = await _kept_here(order, to)
    name = to.kind if balance is not None else provider.chosen(order["slug"], to.reference)
    return {"amount": amount, "kind": to.kind, "payment": to.id, "provider": name, "balance": balance, "bonus": 0}


async def _kept_here(order: db.Row, to: bounds.Payment) -> int | None:
    """The balance that it was paid from, where that is one of ours: the shop may have cards of its own."""
    if to.kind not in provider.OURS:
        return None
    last_four = to.last_four if to.kind == "gift_card" else ""
    found = await db.rows(CARD, order["customer"], order["merchant"], order["currency"], to.kind, last_four)
    return found[0]["id"] if len(found) == 1 else None


async def _of_credit(order: db.Row, credit: Credit) -> dict[str, Any]:
    balance = credit.balance
    if credit.kind == "store_credit":
        balance = await balances.store_credit(order["customer"], order["merchant"], order["currency"])
    else:
        theirs = await balances.of(order["customer"], order["merchant"])
        cards = [one["id"] for one in theirs if one["kind"] == "gift_card" and one["currency"] == order["currency"]]
        if balance not in cards:
            raise Invalid(credit=_("This gift card is not one of this customer’s."))
    return {
        "amount": credit.amount, "kind": credit.kind, "payment": None, "provider": credit.kind, "balance": balance,
        "bonus": credit.bonus,
    }  # fmt: skip


async def _insert(order: db.Row, wanted: Wanted, records: Sequence[dict[str, Any]], by: str) -> list[int]:
    """What it is for stands on the first row alone: it is counted once."""
    at, made = clock.now(), []
    (before,) = await db.rows('SELECT count(*) AS rows FROM refunds WHERE "order" = {}', order["id"])
    for nth, record in enumerate(records):
        code = own.code_of(order["id"], wanted.key, nth) if wanted.key else own.new_code()
        lines = [{"line": line, "quantity": quantity} for line, quantity in wanted.lines] if nth == 0 else []
        (row,) = await db.insert("refunds", [{
            "order": order["id"], "position": before["rows"] + nth, "external_id": own.own_id(code), "code": code,
            "state": "requested", "origin": "counter", "reason": wanted.reason, "at": at, "requested_at": at,
            "lines": msgspec.json.encode(lines).decode(), "of_return": wanted.of_return,
            "for_order": wanted.for_order, "due_at": wanted.due_at,
            "by_whom": by, "note": wanted.note, **record,
        }], "id")  # fmt: skip
        made.append(row["id"])
    await refunded.sum_up(wanted.of_return)
    return made


async def _lines_again(failed: db.Row) -> list[tuple[str, int]]:
    """What the failed one was for, unless another part of the same return has named it since."""
    if failed["of_return"] is not None and await refunded.named_lines(failed["of_return"], failed["order"]):
        return []
    return [(part["line"], part["quantity"]) for part in msgspec.json.decode(failed["lines"])]
