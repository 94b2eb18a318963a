"""An amount as people type it."""

import re

from app.errors import Invalid
from app.i18n import _
from app.money import NotMoney, to_minor

PLAIN = re.compile(r"[0-9]{1,15}([.][0-9]{0,4})?")


def amount(text: str, currency: str, field: str) -> int:
    """“1 250,50”, “1250.50” or “12”, in minor units; both signs for the decimals are understood, none for thousands. Raises
    Invalid at its field."""
    plain = "".join(text.split()).replace(",", ".")
    try:
        if not PLAIN.fullmatch(plain):
            raise NotMoney(plain)
        return to_minor(plain, currency)
    except NotMoney as error:
        raise Invalid.at({field: _("An amount, such as 12.50.")}) from error
