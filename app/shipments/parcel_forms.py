"""What the forms about a parcel send; all of it texts that may be missing."""

from dataclasses import dataclass


@dataclass
class Missing:
    what: str = ""
    note: str = ""


@dataclass
class Link:
    """`code` says that the pick-up point's code is shown too."""

    label: str = ""
    code: str = ""
