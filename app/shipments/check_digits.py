"""Check digits of tracking numbers, each as its standard or its carrier defines it."""

from collections.abc import Callable

from msgspec import Struct

SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Check(Struct, frozen=True):
    """`kind` is one of KINDS; the rest are its parameters, at their usual values where it has none."""

    kind: str
    weightings: list[int] = []
    evens_multiplier: int = 1
    odds_multiplier: int = 1
    reverse: bool = False
    modulo1: int = 11
    modulo2: int = 10


def right(check: Check, serial: str, digit: str) -> bool:
    return KINDS[check.kind](check, serial) == digit


def _mod7(_check: Check, serial: str) -> str:
    """DHL Express: the remainder."""
    return str(int(serial) % 7)


def _mod10(check: Check, serial: str) -> str:
    """GS1, UPS and others: two multipliers in turn. UPS counts letters, by their code."""
    signs = reversed(serial) if check.reverse else serial
    total = 0
    for at, sign in enumerate(signs):
        value = int(sign) if sign.isdigit() else (ord(sign) - 3) % 10
        total += value * (check.odds_multiplier if at % 2 else check.evens_multiplier)
    return str(-total % 10)


def _mod_37_36(_check: Check, serial: str) -> str:
    """ISO/IEC 7064, hybrid system MOD 37,36."""
    rest = 36
    for sign in serial:
        rest = (rest + SIGNS.index(sign)) % 36 or 36
        rest = rest * 2 % 37
    return SIGNS[(37 - rest) % 36]


def _sum_product(check: Check, serial: str) -> str:
    """FedEx: weights, then two remainders."""
    total = sum(int(sign) * weight for sign, weight in zip(serial, check.weightings, strict=True))
    return str(total % check.modulo1 % check.modulo2)


def _s10(check: Check, serial: str) -> str:
    """UPU S10."""
    total = sum(int(sign) * weight for sign, weight in zip(serial, check.weightings, strict=True))
    rest = 11 - total % 11
    return {10: "0", 11: "5"}.get(rest, str(rest))


def _luhn(_check: Check, serial: str) -> str:
    """ISO/IEC 7812-1, annex B."""
    total = 0
    for at, sign in enumerate(reversed(serial)):
        value = int(sign) * (1 if at % 2 else 2)
        total += value - 9 if value > 9 else value
    return str(-total % 10)


KINDS: dict[str, Callable[[Check, str], str]] = {
    "mod7": _mod7, "mod10": _mod10, "mod_37_36": _mod_37_36, "sum_product_with_weightings_and_modulo": _sum_product,
    "s10": _s10, "luhn": _luhn,
}  # fmt: skip
