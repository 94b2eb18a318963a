"""What the history of an order says of a return, a claim and a cancellation."""

from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from app.i18n import Voice

BEGINNINGS = ("return_", "claim_", "cancellation_")
LONGEST = 200  # characters of what somebody wrote


@lru_cache(64)
def kinds(voice: Voice) -> dict[str, str]:
    return _of_returns(voice) | _of_proposals(voice) | _of_claims(voice) | _of_cancellations(voice) | _of_talk(voice)


def _of_returns(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "return_requested": _("Return asked for"),
        "return_approved": _("Return approved"),
        "return_declined": _("Return declined"),
        "return_cancelled": _("Return request withdrawn"),
        "return_label_issued": _("Return label made"),
        "return_in_transit": _("Sent back"),
        "return_arrived": _("Handed over to the seller, to be checked"),
        "return_renumbered": _("Tracking number corrected"),
        "return_received": _("Arrived at the seller"),
        "return_recounted": _("What arrived was counted again"),
        "return_refunded": _("Refund approved"),
        "return_credited": _("Store credit given"),
        "return_exchanged": _("A replacement is being prepared"),
        "return_exchange_sent": _("A replacement is being prepared"),
        "return_paid_instead": _("Money in place of an exchange"),
        "return_expired": _("Never sent back: the return is over"),
        "return_goods_missing": _("Not sent back in time"),
        "return_closed": _("Return closed"),
        "return_photo_added": _("Photos added"),
        "return_shop_closed": _("Closed in the shop’s own system"),
        "return_reopened": _("Opened again in the shop’s own system"),
        "return_reduced": _("The shop took something out of it"),
    }


def _of_proposals(voice: Voice) -> dict[str, str]:
    """Of what is dearer than what came back."""
    _ = voice.gettext
    return {
        "return_exchange_proposed": _("The one you want costs more: you were asked"),
        "return_exchange_taken_back": _("The seller has taken the proposal back"),
        "return_exchange_agreed": _("You agreed to pay the difference"),
        "return_exchange_refused": _("You wanted your money back"),
        "return_exchange_lapsed": _("No answer in time: your money comes back"),
    }


def _of_claims(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "claim_opened": _("Problem reported"),
        "claim_approved": _("Claim accepted"),
        "claim_goods_awaited": _("To be sent back"),
        "claim_goods_sent": _("Sent back"),
        "claim_renumbered": _("Tracking number corrected"),
        "claim_arrived": _("Handed over to the seller, to be checked"),
        "claim_goods_received": _("Arrived at the seller"),
        "claim_goods_missing": _("Not sent back in time"),
        "claim_denied": _("Claim refused"),
        "claim_resolved": _("Claim settled"),
        "claim_closed": _("Claim closed"),
        "claim_cancelled": _("Claim withdrawn"),
        "claim_reduced": _("Some of a claim was withdrawn from"),
    }


def _of_cancellations(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "cancellation_requested": _("Cancellation asked for"),
        "cancellation_approved": _("Cancellation approved"),
        "cancellation_declined": _("Cancellation declined"),
        "cancellation_cancelled": _("Cancellation request withdrawn"),
        "cancellation_refunded": _("Refund approved"),
        "cancellation_closed": _("Cancellation closed"),
    }


def _of_talk(voice: Voice) -> dict[str, str]:
    """What goes to and fro, whatever it is about."""
    _ = voice.gettext
    said = {
        "questioned": _("The seller asks a question"),
        "answered": _("You answered"),
        "objected": _("You objected"),
        "upheld": _("The seller has looked again: it stays declined"),
        "stood": _("The seller has looked again: no more is paid back"),
        "rest_refunded": _("After your objection: more is paid back"),
        "part_refunded": _("Refund of a part approved"),
        "exchange_dispatched": _("The replacement has gone out"),
        "exchange_cancelled": _("The replacement was cancelled"),
        "exchange_reduced": _("Some of the replacement was cancelled"),
        "delivery_added": _("The delivery comes back too, now that everything goes back"),
        "delivery_kept": _("The delivery does not come back: not all of the order goes back"),
    }
    return {f"{beginning}{name}": text for beginning in BEGINNINGS for name, text in said.items()}


def detail(kind: str, data: dict[str, Any], voice: Voice) -> Iterator[str]:
    """How much, what was written, with whom it was sent; and its code."""
    amount, currency = data.get("amount"), data.get("currency")
    if isinstance(amount, int) and amount and isinstance(currency, str):
        yield voice.money(amount, currency)
    yield from (
        shortened(str(data[name])) for name in ("answer", "text", "carrier", "tracking_number", "code") if data.get(name)
    )


def shortened(text: str) -> str:
    """On one line, and no longer than a glance."""
    plain = " ".join(text.split())
    return plain if len(plain) <= LONGEST else f"{plain[: LONGEST - 1].rstrip()}…"
