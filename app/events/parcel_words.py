"""What a carrier's status and reason are called, what comes next, and what can be done about it."""

from functools import lru_cache

from app.i18n import Voice

CUSTOMS = frozenset(
    ("customs_delay", "customs_documentation", "customs_duties_unpaid", "customs_prohibited", "customs_inspection")
)
ADDRESS = frozenset(("consignee_incorrect_address", "carrier_address_not_found", "retailer_incorrect_data"))


def status(name: str, voice: Voice) -> str:
    return _statuses(voice.locale).get(name) or voice.gettext("News from the carrier")


def reason(name: str, voice: Voice) -> str:
    """A sentence; empty for one that says nothing."""
    return _reasons(voice.locale).get(name, "")


def in_english(name: str) -> str:
    """What a status is called where most carriers write."""
    return name.replace("_", " ")


def next_step(name: str, voice: Voice) -> str:
    """What is to come after a status; empty where nothing is, or nobody knows."""
    return _next_steps(voice.locale).get(name, "")


@lru_cache(16)
def _statuses(locale: str) -> dict[str, str]:
    _ = Voice(locale).gettext
    return {
        "pending": _("Announced"),
        "info_received": _("Label made"),
        "picked_up": _("Handed to the carrier"),
        "in_transit": _("On its way"),
        "on_hold": _("Held up"),
        "delayed": _("Delayed"),
        "out_for_delivery": _("Out for delivery"),
        "ready_for_pickup": _("Ready for pick-up"),
        "attempt_failed": _("Could not be handed over"),
        "delivered": _("Delivered"),
        "returned_to_sender": _("On its way back to the sender"),
        "cancelled": _("Called off"),
    }


@lru_cache(16)
def _next_steps(locale: str) -> dict[str, str]:
    _ = Voice(locale).gettext
    near = _("Next: the depot near you, then your door")
    return {
        "pending": _("Next: the carrier picks it up"),
        "info_received": _("Next: the carrier picks it up"),
        "picked_up": near,
        "in_transit": near,
        "delayed": near,
        "out_for_delivery": _("Next: your door"),
    }


@lru_cache(16)
def _reasons(locale: str) -> dict[str, str]:
    voice = Voice(locale)
    return _of_carrier(voice) | _of_seller(voice) | _of_customer(voice) | _of_the_world(voice)


def _of_carrier(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "carrier_damaged_parcel": _("The parcel was damaged on its way."),
        "carrier_sorting_error": _("It was sorted the wrong way."),
        "carrier_address_not_found": _("The carrier cannot find the address: check it."),
        "carrier_parcel_lost": _("The carrier has lost trace of the parcel."),
        "carrier_not_enough_time": _("The driver ran out of time."),
        "carrier_vehicle_issue": _("The vehicle broke down."),
        "carrier_capacity_exceeded": _("The carrier has too many parcels at the moment."),
        "carrier_mechanical_delay": _("A machine at the carrier’s stood still."),
        "parcel_being_researched": _("The carrier is looking for it."),
    }


def _of_seller(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "retailer_cancelled": _("The seller has called it off."),
        "retailer_incorrect_data": _("What the seller told the carrier was not right."),
        "retailer_not_ready": _("It was not ready when the carrier came."),
        "retailer_incorrect_parcel": _("The carrier was given another parcel."),
        "retailer_incorrect_dimensions": _("It is larger or heavier than announced."),
        "retailer_packaging_issue": _("It was not packed well enough."),
    }


def _of_customer(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    return {
        "consignee_refused": _("It was refused at the door."),
        "consignee_business_closed": _("The business was closed."),
        "consignee_not_available": _("Nobody was there to take it."),
        "consignee_not_home": _("Nobody was home."),
        "consignee_cancelled": _("The delivery was called off."),
        "consignee_verification_failed": _("The code or the document at the door was not the right one."),
        "consignee_incorrect_address": _("The carrier cannot find the address: check it."),
        "consignee_access_restricted": _("The driver could not get in."),
        "consignee_safe_place_unavailable": _("There was no safe place to leave it."),
    }


def _of_the_world(voice: Voice) -> dict[str, str]:
    _ = voice.gettext
    beyond = _("Events that nobody can help are holding it up.")
    return {
        "customs_delay": _("It is waiting at customs."),
        "customs_documentation": _("Customs wants papers before it goes on."),
        "customs_duties_unpaid": _("Customs wants duties paid before it goes on."),
        "customs_prohibited": _("Customs does not let it in."),
        "customs_inspection": _("Customs is looking at it."),
        "weather_delay": _("The weather is holding it up."),
        "natural_disaster": beyond,
        "force_majeure": beyond,
        "security_issue": _("It is being checked for safety."),
        "regulatory_hold": _("An authority is holding it."),
    }
