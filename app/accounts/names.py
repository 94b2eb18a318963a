"""What people call a thing of theirs: a passkey, an API key."""

from app.errors import Invalid
from app.i18n import _

LONGEST = 100


def checked(name: str) -> str:
    """With single spaces. Raises Invalid(name=…)."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise Invalid(name=_("A name of 1 to 100 characters, please."))
    return name
