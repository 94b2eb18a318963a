"""A carrier's words into ours: a table a source. What no table has becomes `unknown`, and is kept verbatim with the scan."""

from collections.abc import Mapping

from app.shipments.statuses import CarrierStatus, Reason

Meaning = tuple[CarrierStatus, Reason]
Words = Mapping[str, Meaning]
UNKNOWN: Meaning = ("unknown", "")
# After these a detail adds at most a reason: “arrived at destination” does not undo “delivered”.
SETTLED = frozenset({"delivered", "returned_to_sender", "cancelled", "ready_for_pickup", "info_received", "pending"})


def meaning(status: str, detail: str, statuses: Words, details: Words) -> Meaning:
    """Of the status, made finer by the detail where the tables know both."""
    rough, fine = statuses.get(status.lower(), UNKNOWN), details.get(detail.lower())
    if fine is None:
        return rough
    return (rough[0], fine[1] or rough[1]) if rough[0] in SETTLED else fine


def code(status: str, detail: str) -> str:
    """Both as the carrier wrote them, “in_transit/arrived_at_facility”."""
    return "/".join(filter(None, (status, detail)))
