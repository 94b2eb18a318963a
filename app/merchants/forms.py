"""What the desk's forms send. All fields are texts that may be missing: what is wrong is said by the verbs, at the field."""

from dataclasses import dataclass


@dataclass
class NewMember:
    email: str = ""
    role: str = ""


@dataclass
class Role:
    role: str = ""


@dataclass
class NewKey:
    name: str = ""


@dataclass
class Colour:
    """`look`: it is only to be looked at, not kept."""

    accent: str = ""
    look: str = ""
