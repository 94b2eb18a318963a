"""Which events leave the house, in the groups that an endpoint chooses from."""

# By the beginning of an event's kind. What happens to accounts and at desks is not told to programs.
GROUPS = {
    "orders": ("order_", "line_", "invoice_"),
    "parcels": ("shipment_", "parcel_"),
    "refunds": ("refund_",),
    "returns": ("return_", "withdrawal_", "claim_", "cancellation_"),
}


def group_of(kind: str) -> str:
    """Empty for what is not told."""
    return next((name for name, beginnings in GROUPS.items() if kind.startswith(beginnings)), "")


def chosen(names: list[str]) -> str:
    """As `WebhookEndpoint.about` keeps it; empty (all, also what comes to be) when every one is chosen, or none."""
    known = [name for name in GROUPS if name in names]
    return "" if len(known) == len(GROUPS) else " ".join(known)


def wants(about: str, kind: str) -> bool:
    group = group_of(kind)
    return bool(group) and (not about or group in about.split())
