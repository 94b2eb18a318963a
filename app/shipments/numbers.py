"""A tracking number as it is compared, and the name of a parcel that is known by nothing else."""

ADDED = "tracking:"


def plain(number: str) -> str:
    """Without spaces and hyphens, in capitals: as `actions.NUMBER` has it in SQL."""
    return "".join(number.split()).replace("-", "").upper()


def added_id(number: str) -> str:
    """The `external_id` of a parcel that a program added to an order by its number alone."""
    return f"{ADDED}{plain(number)}"


def is_added(external_id: str) -> bool:
    return external_id.startswith(ADDED)
