"""What every page offers at its foot as far as merchants decide it: known before a page is made, so that none has to ask.

Whoever knows tells it (`returns/door.py`): when the process starts, every few seconds, and at once where it was changed here.
"""

from app.settings import settings

told: dict[str, bool] = {}


def withdrawal() -> bool:
    """Whether anybody's contracts can be withdrawn from here."""
    return told.get("withdrawal", settings.withdrawal != "off")
