"""Which events leave the house, in the groups that an endpoint chooses from."""

# By the beginning of an event's kind, the first that fits. What happens to accounts and at desks is not told to programs, but
# for who answers a conversation.
GROUPS = {
    "orders": ("order_", "line_", "invoice_"),
    "parcels": ("shipment_", "parcel_"),
    "refunds": ("refund_",),
    "returns": ("return_", "withdrawal_", "claim_", "cancellation_"),
    "notes": ("thread_noted",),
    "messages": ("message_posted", "message_withdrawn", "message_shown", "thread_"),
}
BY_NAME = ("notes",)  # who wants all does not mean these: they are the desk's own
ALL = "all"


def group_of(kind: str) -> str:
    """Empty for what is not told."""
    return next((name for name, beginnings in GROUPS.items() if kind.startswith(beginnings)), "")


def chosen(names: list[str]) -> str:
    """As `WebhookEndpoint.about` keeps it; empty (all, also what comes to be) when every one is chosen, or none."""
    known, asked = [[name for name in GROUPS if name in names and (name in BY_NAME) is by_name] for by_name in (False, True)]
    if len(known) == len(GROUPS) - len(BY_NAME) or not names:
        known = [ALL] if asked else []
    return " ".join([*known, *asked])


def wants(about: str, kind: str) -> bool:
    group = group_of(kind)
    return bool(group) and has(about, group)


def has(about: str, group: str) -> bool:
    names = about.split()
    return group in names or (group not in BY_NAME and (not names or ALL in names))
