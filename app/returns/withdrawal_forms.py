"""What the forms of a withdrawal and of sending something back send; all of it texts that may be missing."""

from dataclasses import dataclass


@dataclass
class Declaration:
    """Of a guest; `step` is confirm for the second step's button, change for the way back to the first."""

    name: str = ""
    email: str = ""
    contract: str = ""
    items: str = ""
    seller: str = ""
    step: str = ""


@dataclass
class Sent:
    carrier: str = ""
    number: str = ""


@dataclass
class Objection:
    text: str = ""
