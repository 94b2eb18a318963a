"""A refund in words: its way, its dates, and for whom it waits."""

from datetime import datetime, timedelta
from typing import Any, Literal

from msgspec import Struct

from app.i18n import Voice
from app.payments import own
from app.payments.names import named

Waits = Literal["decision", "payment", "provider", "arrival", ""]
COLUMNS = """r.id, r.amount, r.kind, r.state, r.reason, r.at, r.origin, r.bonus, r.provider, r.reference, r.of_return,
  r.for_order, r.requested_at, r.approved_at, r.sent_at, r.settled_at, r.arrived_at, r.expected_by, r.due_at, r.last_error,
  r.note, r.balance, COALESCE(p.brand, '') AS brand, COALESCE(p.last_four, b.last_four, '') AS last_four,
  COALESCE(p.reference, '') AS original"""
WITH = "LEFT JOIN payments p ON p.id = r.payment LEFT JOIN balances b ON b.id = r.balance"
REFUNDS = f'SELECT {COLUMNS} FROM refunds r {WITH} WHERE r."order" = {{}} OR r.for_order = {{}} ORDER BY r.position, r.id'  # noqa: S608


class Step(Struct, frozen=True):
    """`when` is empty for what is still to come."""

    text: str
    when: str
    done: bool


class RefundCard(Struct, frozen=True, kw_only=True):
    """`waits` for whom: the desk's decision, the merchant's payment (its reference), the provider, the customer's “it has
    arrived”. `deadline` is the law's, while the money is not on its way; `late` when it is over. `fault` is for the desk, and
    so is `original`: the payment that it goes back to, as the shop or its provider calls it."""

    number: int
    amount: str
    bonus: str
    to: str
    state: str
    text: str
    steps: list[Step]
    reference: str
    expected: str
    deadline: str
    late: bool
    reason: str
    waits: Waits
    of_return: int | None
    provider: str
    fault: str
    note: str
    original: str


def card(row: Any, currency: str, voice: Voice) -> RefundCard:
    """Columns of REFUNDS."""
    due, late = _deadline(row, voice)
    return RefundCard(
        number=row["id"], amount=voice.money(row["amount"], currency),
        bonus=voice.money(row["bonus"], currency) if row["bonus"] else "",
        to=named(row["kind"], row["brand"], row["last_four"], voice), state=row["state"], text=_text(row, voice),
        steps=_steps(row, voice), reference=row["reference"], expected=_expected(row, voice), deadline=due, late=late,
        reason=row["reason"], waits=_waits(row), of_return=row["of_return"], provider=row["provider"],
        fault=_fault(row["last_error"], voice), note=row["note"],
        original=row["original"],
    )  # fmt: skip


def _fault(said: str, voice: Voice) -> str:
    """A provider's words are its own."""
    return given_there(said, voice) or said


def given_there(why: str, voice: Voice) -> str:
    """What is said of one that was not made because the shop has paid by itself; empty for all others."""
    _ = voice.gettext
    return _("The shop has given this money back by itself.") if why == own.GIVEN_THERE else ""


def _waits(row: Any) -> Waits:
    match row["state"]:
        case "requested" if row["origin"] == "counter":
            return "decision"
        case "pending" if row["provider"] == "manual":
            return "payment"
        case "pending":
            return "provider"
        case "succeeded" if row["arrived_at"] is None and row["sent_at"] is not None:
            return "arrival"
    return ""


def _text(row: Any, voice: Voice) -> str:
    _ = voice.gettext
    match row["state"]:
        case "requested":
            return _("Asked for: the seller decides")
        case "pending":
            return _("Sent, not confirmed yet") if row["sent_at"] else _("Approved: it will be sent")
        case "failed":
            asked = row["approved_at"] is None and row["origin"] == "counter" and row["last_error"] != own.GIVEN_THERE
            return _("Declined") if asked else _("Not made")
    if row["balance"] is not None:
        return _("There to be spent")
    return _("Arrived") if row["arrived_at"] else _("Paid out")


def _steps(row: Any, voice: Voice) -> list[Step]:
    """Those of a refund that was decided here; what a source reports has happened, and no more is known."""
    _ = voice.gettext
    if row["origin"] != "counter":
        return [Step(_("Reported by the shop"), voice.day(row["at"]) if row["at"] else "", True)]
    told = [
        (_("Asked for"), "requested_at"),
        (_("Approved"), "approved_at"),
        (_("Paid out"), "sent_at"),
        (_("Arrived"), "arrived_at"),
    ]
    found = [Step(text, voice.moment(row[name]) if row[name] else "", row[name] is not None) for text, name in told]
    if row["state"] != "failed":
        return found
    ended = Step(_text(row, voice), voice.moment(row["settled_at"]) if row["settled_at"] else "", True)
    return [step for step in found if step.done] + [ended]


def _expected(row: Any, voice: Voice) -> str:
    at: datetime | None = row["expected_by"]
    if at is None or row["arrived_at"] is not None or row["state"] == "failed":
        return ""
    said = {"day": voice.weekday(at)}
    if voice.local(at).date() < voice.today():
        return voice.gettext("It should have been there by %(day)s: ask your bank with the reference.") % said
    return voice.gettext("Expected by %(day)s") % said


def _deadline(row: Any, voice: Voice) -> tuple[str, bool]:
    """Whole days in the reader's zone; a deadline is the instant at which its last day is over."""
    at: datetime | None = row["due_at"] and row["due_at"] - timedelta(seconds=1)
    if at is None or row["sent_at"] is not None or row["state"] not in ("requested", "pending"):
        return "", False
    days = (voice.local(at).date() - voice.today()).days
    said = {"num": abs(days), "day": voice.weekday(at)}
    if days == 0:
        return voice.gettext("It has to be sent today"), False
    return (_late(-days, voice) if days < 0 else _left(days, voice)) % said, days < 0


def _late(days: int, voice: Voice) -> str:
    return voice.ngettext(
        "%(num)d day late: it had to be sent by %(day)s", "%(num)d days late: it had to be sent by %(day)s", days
    )


def _left(days: int, voice: Voice) -> str:
    return voice.ngettext(
        "%(num)d day left: it has to be sent by %(day)s", "%(num)d days left: it has to be sent by %(day)s", days
    )
