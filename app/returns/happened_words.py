"""What each step of a return is called in its own history."""

from collections.abc import Mapping
from functools import lru_cache

from app.i18n import Voice
from app.returns.states import KINDS

MONEY = ("refund_sent", "refund_succeeded", "refund_failed", "refund_arrived")


@lru_cache(256)
def kinds(voice: Voice) -> Mapping[str, str]:
    """What each step is called, by the kind of its event (see `moving.event`)."""
    own = {"return": _returns, "claim": _claims, "cancellation": _cancellations, "withdrawal": _withdrawals}
    found = {f"{kind}_{step}": text for kind, words in own.items() for step, text in words(voice).items()}
    return {f"{kind}_{step}": text for kind in own for step, text in _said(voice).items()} | found | _refunds(voice)


@lru_cache(256)
def at_desk(voice: Voice) -> Mapping[str, str]:
    """What is nobody's business but the merchant's, or is said otherwise to its people."""
    _ = voice.gettext
    said = {
        "refund_uncounted": _("A refund that the shop gave by itself could not be counted for it"),
        "label_voided": _("The unused label is given back to its carrier"),
        "label_spent": _("The unused label could not be given back"),
        "answered": _("The customer answered"),
    }
    return {f"{kind}_{step}": text for kind in KINDS for step, text in said.items()}


def _said(voice: Voice) -> dict[str, str]:
    """What all kinds have in common: words that went to and fro."""
    _ = voice.gettext
    return {
        "questioned": _("The seller asked"), "answered": _("You answered"), "objected": _("Objection raised"),
        "upheld": _("The refusal stands"), "contested": _("Objection raised"),
        "stood": _("It stands: no more is paid back"), "rest_refunded": _("More is paid back after the objection"),
        "photo_added": _("Photo added"), "refunded": _("Refund approved"),
        "part_refunded": _("Refund of a part approved"), "exchange_sent": _("A replacement is being prepared"),
        "exchange_dispatched": _("The replacement has gone out"), "exchange_cancelled": _("The replacement was cancelled"),
        "exchange_reduced": _("Some of the replacement was cancelled"),
        "paid_instead": _("Money in place of the exchange"), "shop_closed": _("Closed in the shop’s own system"),
        "reopened": _("Opened again in the shop’s own system"), "reduced": _("The shop took something out of it"),
        "delivery_added": _("The delivery comes back too, now that everything goes back"),
        "delivery_kept": _("The delivery does not come back: not all of the order goes back"),
        "recounted": _("Counted again"), "renumbered": _("Tracking number corrected"),
    }  # fmt: skip


def _refunds(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    said = (_("Refund sent"), _("Refund issued"), _("Refund not made"), _("The refund has arrived"))
    return dict(zip(MONEY, said, strict=True))


def _returns(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "requested": _("Return asked for"), "approved": _("Return approved"), "declined": _("Return declined"),
        "cancelled": _("Return request withdrawn"), "expired": _("Return not sent in time"), "label_issued": _("Label ready"),
        "in_transit": _("Sent back"), "arrived": _("Handed over to the seller, to be checked"),
        "received": _("Arrived at the seller"), "exchanged": _("A replacement is being prepared"),
        "goods_missing": _("Not sent back in time"),
        "credited": _("Store credit given"), "closed": _("Return closed"),
        "exchange_proposed": _("Something dearer was proposed"), "exchange_taken_back": _("The proposal was taken back"),
        "exchange_agreed": _("Agreed to pay the difference"), "exchange_refused": _("Money back was chosen"),
        "exchange_lapsed": _("The proposal was not answered in time"),
    }  # fmt: skip


def _claims(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "opened": _("Claim made"), "approved": _("Claim granted"), "denied": _("Claim denied"),
        "resolved": _("Claim settled"), "closed": _("Claim closed"), "cancelled": _("Claim withdrawn"),
        "reduced": _("Some of it was withdrawn from"),
        "goods_awaited": _("To be sent back"), "goods_sent": _("Sent back"), "goods_received": _("Arrived at the seller"),
        "arrived": _("Handed over to the seller, to be checked"), "goods_missing": _("Not sent back in time"),
    }  # fmt: skip


def _cancellations(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "requested": _("Cancellation asked for"), "approved": _("Cancellation agreed to"),
        "declined": _("Cancellation declined"), "cancelled": _("Cancellation request withdrawn"),
        "closed": _("Cancellation closed"),
    }  # fmt: skip


def _withdrawals(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "declared": _("Withdrawal declared"), "acknowledged": _("Withdrawal acknowledged"),
        "goods_awaited": _("The goods are to be sent back"),
        "goods_came": _("The goods have come: they are to be sent back"), "proof_sent": _("Sent back"),
        "arrived": _("Handed over to the seller, to be checked"),
        "goods_received": _("Arrived at the seller"), "closed": _("Withdrawal closed"),
        "attached": _("Its order was found by hand"), "items_set": _("Which items it is about is settled"),
        "unfounded": _("The seller says that it has no effect"), "resumed": _("It is in force after all"),
        "disputed": _("Objection raised: it is in force again"),
        "took_over": _("It takes the place of a claim that nobody had decided"),
    }  # fmt: skip
