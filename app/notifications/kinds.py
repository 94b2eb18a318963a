"""Which events are news for the customer they concern, or for the people of a desk: about which topic, and how much it matters
at that moment.

`action`: something is asked of them. `here`: it is there now. `rest`: good to know. `app`: too small for a mail. `mail`: a
mail and nothing else. `law`: by mail whatever was chosen.
"""

from collections.abc import Mapping
from typing import Any, Literal

from msgspec import Struct

Topic = Literal["orders", "deliveries", "returns_and_refunds", "messages", "security", "offers", "desk"]
TOPICS: tuple[Topic, ...] = ("orders", "deliveries", "returns_and_refunds", "messages", "security", "offers", "desk")
Urgency = Literal["action", "here", "rest", "app", "mail", "law"]


class Kind(Struct, frozen=True):
    topic: Topic
    urgency: Urgency = "rest"


KINDS: dict[str, Kind] = {
    "order_placed": Kind("orders"),
    "order_paid": Kind("orders", "app"),
    "order_cancelled": Kind("orders"),
    "line_cancelled": Kind("orders"),
    "invoice_added": Kind("orders", "app"),
    "shipment_dispatched": Kind("deliveries"),
    "shipment_info_received": Kind("deliveries", "app"),
    "shipment_picked_up": Kind("deliveries", "app"),
    "shipment_in_transit": Kind("deliveries", "app"),
    "shipment_on_hold": Kind("deliveries"),
    "shipment_delayed": Kind("deliveries"),
    "shipment_rescheduled": Kind("deliveries"),
    "shipment_out_for_delivery": Kind("deliveries"),
    "shipment_ready_for_pickup": Kind("deliveries", "action"),
    "shipment_attempt_failed": Kind("deliveries", "action"),
    "shipment_returned_to_sender": Kind("deliveries", "action"),
    "shipment_overdue": Kind("deliveries", "action"),
    "shipment_delivered": Kind("deliveries", "here"),
    "parcel_reported_missing": Kind("deliveries", "app"),  # their own doing: a confirmation that stays
    "refund_requested": Kind("returns_and_refunds", "app"),
    "refund_approved": Kind("returns_and_refunds", "app"),
    "refund_reduced": Kind("returns_and_refunds", "app"),
    "refund_sent": Kind("returns_and_refunds"),
    "refund_succeeded": Kind("returns_and_refunds"),
    "refund_failed": Kind("returns_and_refunds"),
    "refund_arrived": Kind("returns_and_refunds", "app"),  # their own doing
}

# A withdrawal is acknowledged by a mail of its own, which says what comes next.
KINDS |= {
    "withdrawal_acknowledged": Kind("returns_and_refunds", "app"),
    "withdrawal_goods_awaited": Kind("returns_and_refunds", "app"),
    "withdrawal_goods_came": Kind("returns_and_refunds", "action"),
    "withdrawal_proof_sent": Kind("returns_and_refunds", "app"),
    "withdrawal_arrived": Kind("returns_and_refunds", "app"),
    "withdrawal_goods_received": Kind("returns_and_refunds"),
    "withdrawal_refunded": Kind("returns_and_refunds", "app"),
    "withdrawal_objected": Kind("returns_and_refunds", "action"),
    "withdrawal_unfounded": Kind("returns_and_refunds", "app"),  # these two have letters of their own
    "withdrawal_resumed": Kind("returns_and_refunds", "app"),
    "withdrawal_disputed": Kind("returns_and_refunds", "app"),
    "withdrawal_questioned": Kind("returns_and_refunds", "action"),
}

# What asks something of them, what the seller says, and what they did themselves: a confirmation that stays. Of money the
# refunds tell with where it goes and when it is there.
OF_RETURNS: dict[Urgency, tuple[str, ...]] = {
    "action": (
        "return_exchange_proposed",
        "return_approved", "return_questioned", "claim_questioned", "claim_goods_awaited", "cancellation_questioned",
    ),
    "rest": (
        "return_declined", "return_received", "return_expired", "return_refunded", "return_credited", "return_exchanged",
        "return_exchange_sent", "return_exchange_taken_back", "return_paid_instead", "return_upheld", "claim_approved",
        "claim_goods_received", "claim_goods_missing", "return_goods_missing", "claim_denied", "claim_resolved", "claim_upheld",
        "cancellation_approved",
        "cancellation_declined", "cancellation_refunded", "cancellation_upheld", "return_reduced", "withdrawal_attached",
        "claim_exchange_cancelled", "withdrawal_items_set",
    ),
    "app": (
        "return_exchange_agreed", "return_exchange_refused", "return_exchange_lapsed",
        "return_requested", "return_cancelled", "return_in_transit", "return_arrived", "return_photo_added", "return_answered",
        "return_objected", "return_label_issued", "return_part_refunded", "return_closed", "claim_opened", "claim_answered",
        "claim_goods_sent", "claim_arrived", "claim_objected", "claim_part_refunded", "claim_closed", "claim_cancelled",
        "claim_reduced", "cancellation_requested", "cancellation_cancelled", "cancellation_answered",
        "cancellation_objected", "cancellation_part_refunded",
        "cancellation_closed", "withdrawal_answered", "withdrawal_part_refunded", "withdrawal_closed", "return_shop_closed",
        "return_reopened", "withdrawal_shop_closed", "withdrawal_reopened",
        "return_exchange_cancelled", "return_exchange_reduced", "withdrawal_contested",
    ),
}  # fmt: skip
OF_RETURNS["rest"] += tuple(f"{kind}_delivery_kept" for kind in ("return", "claim", "cancellation", "withdrawal"))
ANSWERED = tuple(
    f"{kind}_{said}" for kind in ("return", "claim", "cancellation", "withdrawal") for said in ("stood", "rest_refunded")
)
OF_RETURNS["rest"] += ANSWERED  # an objection to less than was promised
OF_RETURNS["app"] += tuple(f"{kind}_delivery_added" for kind in ("return", "claim", "cancellation", "withdrawal"))
KINDS |= {kind: Kind("returns_and_refunds", urgency) for urgency, kinds in OF_RETURNS.items() for kind in kinds}

# Of their own reviews; why one was hidden is to be told (Regulation (EU) 2022/2065, Art. 17).
KINDS |= {"review_answered": Kind("orders"), "review_hidden": Kind("orders"), "review_shown": Kind("orders", "app")}
KINDS["message_posted"] = Kind("messages", "here")
# Of a message that was reported: what came of it, to both sides (the same, Art. 16 and 17).
JUDGED = ("report_settled", "writing_judged")
KINDS |= {kind: Kind("messages") for kind in JUDGED}
# What a merchant tells many at once. A change of its terms goes where whoever it binds can keep it.
NOTICES = {"notice_posted": Kind("messages"), "policy_posted": Kind("messages", "law"), "offer_posted": Kind("offers")}
KINDS |= NOTICES
IN_INBOX = frozenset(("message_posted", *NOTICES))  # to a customer

# What changes who gets in, or shows that somebody tries. What strangers can cause as often as they like is left to the list of
# activity; so is what somebody just did themselves and which opens nothing.
SECURITY = (
    "signed_in", "passkey_added", "passkey_removed", "passkey_cloned", "authenticator_added", "authenticator_removed",
    "recovery_codes_made", "factor_reset_asked", "factors_reset", "factor_reset_stopped", "account_locked",
    "account_unlocked", "password_set", "password_removed", "email_change_asked", "email_changed", "email_change_undone",
    "phone_changed", "phone_confirmed", "phone_removed", "phrase_changed", "member_added", "member_removed",
    "member_role_changed", "push_lost",
)  # fmt: skip
KINDS |= {kind: Kind("security") for kind in SECURITY}

# What waits for an answer at a desk, if it still does: told to who works there, under a kind of its own.
AT_DESK = (
    "return_requested", "return_answered", "return_objected", "claim_opened", "claim_answered", "claim_objected",
    "cancellation_requested", "cancellation_answered", "cancellation_objected", "withdrawal_acknowledged",
    "withdrawal_answered", "withdrawal_contested", "withdrawal_disputed", "claim_exchange_cancelled", "return_exchange_agreed",
    "return_exchange_refused", "message_posted", "thread_escalated", "message_reported", "review_written",
)  # fmt: skip
KINDS |= {f"desk_{kind}": Kind("desk", "action") for kind in AT_DESK}
KINDS["desk_review_written"] = Kind("desk")
KINDS["desk_message_mailed"] = Kind("desk", "mail")  # each further message, where it can be answered by mail
KINDS["desk_withdrawal_acknowledged"] = Kind("desk", "app")  # its mail is a letter of its own, see `returns/telling.py`

# Of a parcel that is held up, what the customer can do something about.
THEIRS = frozenset((
    "customs_duties_unpaid", "customs_documentation", "consignee_incorrect_address", "carrier_address_not_found",
    "consignee_verification_failed", "consignee_access_restricted",
))  # fmt: skip


def kind_of(kind: str, data: Mapping[str, Any]) -> Kind | None:
    """None for what is no news: their own doing, or nobody's business."""
    found = KINDS.get(kind)
    if kind == "message_posted" and (data.get("side") not in ("seller", "shop") or data.get("quiet") is True):
        return None  # their own, or of a conversation that they have muted
    if kind == "signed_in" and (data.get("new_device") is not True or data.get("first") is True):
        return None
    if kind in ("shipment_on_hold", "shipment_delayed") and data.get("reason") in THEIRS:
        return Kind("deliveries", "action")
    if kind in ("order_placed", "order_cancelled", "line_cancelled") and data.get("exchange"):
        return Kind("orders", "app")  # its return tells what is prepared; what has cancelled it, the rest
    if kind == "refund_succeeded" and data.get("told") is True:
        return Kind("returns_and_refunds", "app")  # that it was sent has been told, and when it should be there
    return found
