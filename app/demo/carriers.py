"""Carriers of the demo shop: their tracking numbers, with right check digits, and their public pages.

Forms and check digits: UPU S10 for the posts, UPS's own 1Z sum, DHL Express modulo 7. Numbers are made up.
"""

from collections.abc import Callable
from random import Random

DIGITS = "0123456789"

PAGES = {
    "Colissimo": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "La Poste": "https://www.laposte.fr/outils/suivre-vos-envois?code={}",
    "Chronopost": "https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT={}",
    "DHL": "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={}",
    "DHL Express": "https://www.dhl.com/global-en/home/tracking.html?tracking-id={}",
    "UPS": "https://www.ups.com/track?tracknum={}",
    "Swiss Post": "https://service.post.ch/ekp-web/ui/entry/search/{}",
}


def digits(rng: Random, count: int) -> str:
    return "".join(rng.choice(DIGITS) for _ in range(count))


def s10(serial: str) -> str:
    """The check digit of UPU standard S10."""
    rest = 11 - sum(int(digit) * weight for digit, weight in zip(serial, (8, 6, 4, 2, 3, 5, 9, 7), strict=True)) % 11
    return {10: "0", 11: "5"}.get(rest, str(rest))


def ups(body: str) -> str:
    """The check digit of the fifteen signs after 1Z: letters count as (code − 63) mod 10, every second is doubled."""
    values = [int(sign) if sign.isdigit() else (ord(sign) - 63) % 10 for sign in body]
    return str(-(sum(values[::2]) + 2 * sum(values[1::2])) % 10)


def sscc(body: str) -> str:
    """The check digit of a GS1 serial shipping container code: weights 3 and 1 from the right."""
    return str(-sum(int(digit) * (1 if at % 2 else 3) for at, digit in enumerate(reversed(body))) % 10)


def modulo_seven(serial: str) -> str:
    """The check digit of a DHL Express waybill."""
    return str(int(serial) % 7)


def postal(letters: str, country: str) -> Callable[[Random], str]:
    def number(rng: Random) -> str:
        serial = digits(rng, 8)
        return f"{letters}{serial}{s10(serial)}{country}"

    return number


def ups_number(rng: Random) -> str:
    body = f"999AA1{rng.choice(('68', '04'))}{digits(rng, 7)}"
    return f"1Z{body}{ups(body)}"


def dhl_express(rng: Random) -> str:
    serial = digits(rng, 9)
    return serial + modulo_seven(serial)


def dhl_parcel(rng: Random) -> str:
    body = f"0034043{digits(rng, 12)}"
    return body + sscc(body)


FORMS: dict[str, Callable[[Random], str]] = {
    "Colissimo": lambda rng: f"6A{digits(rng, 11)}",
    "La Poste": postal("LL", "FR"),
    "Chronopost": postal("XE", "FR"),
    "DHL": dhl_parcel,
    "DHL Express": dhl_express,
    "UPS": ups_number,
    "Swiss Post": lambda rng: f"9960{digits(rng, 14)}",
}


def tracking(carrier: str, rng: Random) -> tuple[str, str]:
    """A number and the page that shows it; both empty for a carrier that gives none."""
    if carrier not in FORMS:
        return "", ""
    number = FORMS[carrier](rng)
    return number, PAGES[carrier].format(number)
