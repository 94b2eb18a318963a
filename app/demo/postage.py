"""How each demo merchant sends to each country: what it costs, from which sum it is free, with whom."""

from msgspec import Struct


class Postage(Struct, frozen=True):
    """`fee` and `free_from` in the merchant's currency; a `free_from` of 0 means never."""

    fee: int
    free_from: int
    method: str
    carrier: str


POSTAGE = {
    ("atelier-nord", "FR"): Postage(490, 7900, "Colissimo, home delivery", "Colissimo"),
    ("atelier-nord", "GB"): Postage(1190, 15000, "DHL Express Worldwide", "DHL Express"),
    ("atelier-nord", "CH"): Postage(1290, 15000, "DHL Express Worldwide", "DHL Express"),
    ("atelier-nord", "US"): Postage(2490, 0, "UPS Worldwide Saver", "UPS"),
    ("atelier-nord", "JP"): Postage(2990, 0, "DHL Express Worldwide", "DHL Express"),
    ("hifi-lambert", "FR"): Postage(690, 9900, "DHL Paket International", "DHL"),
    ("hifi-lambert", "GB"): Postage(1290, 20000, "UPS Standard", "UPS"),
    ("hifi-lambert", "CH"): Postage(1490, 0, "UPS Standard", "UPS"),
    ("alpages", "CH"): Postage(700, 10000, "PostPac Priority", "Swiss Post"),
    ("alpages", "FR"): Postage(1400, 0, "PostPac International", "Swiss Post"),
    ("alpages", "GB"): Postage(1900, 0, "PostPac International", "Swiss Post"),
}


def postage(merchant: str, country: str, goods: int) -> Postage:
    """What applies to goods of that worth; the fee is 0 from the sum on that is sent for free."""
    found = POSTAGE[merchant, country]
    if found.free_from and goods >= found.free_from:
        return Postage(0, found.free_from, found.method, found.carrier)
    return found
