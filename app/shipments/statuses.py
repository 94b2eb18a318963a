"""What a carrier can say of a parcel, and why something went wrong: our words, whatever the carrier's are."""

from typing import Literal

CarrierStatus = Literal[
    "pending", "info_received", "picked_up", "in_transit", "on_hold", "delayed", "out_for_delivery", "ready_for_pickup",
    "attempt_failed", "delivered", "returned_to_sender", "cancelled", "unknown",
]  # fmt: skip
# Karrio's names of incidents (karrio.core.units.TrackingIncidentReason, 2026.1).
Reason = Literal[
    "", "carrier_damaged_parcel", "carrier_sorting_error", "carrier_address_not_found", "carrier_parcel_lost",
    "carrier_not_enough_time", "carrier_vehicle_issue", "carrier_capacity_exceeded", "carrier_mechanical_delay",
    "retailer_cancelled", "retailer_incorrect_data", "retailer_not_ready", "retailer_incorrect_parcel",
    "retailer_incorrect_dimensions", "retailer_packaging_issue", "consignee_refused", "consignee_business_closed",
    "consignee_not_available", "consignee_not_home", "consignee_cancelled", "consignee_verification_failed",
    "consignee_incorrect_address", "consignee_access_restricted", "consignee_safe_place_unavailable", "customs_delay",
    "customs_documentation", "customs_duties_unpaid", "customs_prohibited", "customs_inspection", "weather_delay",
    "natural_disaster", "force_majeure", "parcel_being_researched", "security_issue", "regulatory_hold", "unknown",
]  # fmt: skip
