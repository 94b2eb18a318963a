"""Amounts and counts as people type them. Each raises Invalid at its field."""

import re

from app.errors import Invalid
from app.i18n import _
from app.money import NotMoney, to_minor

PLAIN = re.compile(r"[0-9]{1,15}([.][0-9]{0,4})?")


def amount(text: str, currency: str, field: str) -> int:
    """“1 250,50”, “1250.50” or “12”, in minor units; both signs for the decimals are understood, none for thousands."""
    plain = "".join(text.split()).replace(",", ".")
    try:
        if not PLAIN.fullmatch(plain):
            raise NotMoney(plain)
        return to_minor(plain, currency)
    except NotMoney as error:
        raise Invalid.at({field: _("An amount, such as 12.50.")}) from error


def count(text: str, field: str) -> int:
    """Nothing typed is none."""
    plain = text.strip()
    if not plain:
        return 0
    if not (plain.isascii() and plain.isdecimal() and len(plain) < 7):
        raise Invalid.at({field: _("A whole number.")})
    return int(plain)
