"""Goods and services that the law takes out of the withdrawal (Directive 2011/83/EU, Art. 16). A merchant's rules say which
of a shop's are such; the words are here, so that nobody is told a reason that is none.
"""

from msgspec import Struct

from app.i18n import Voice

NOT_RETURNED = "not_returned"  # the shop's own: only its own return and exchange leave it out, never a right of the law


class Exemption(Struct, frozen=True):
    """`once`: the right is there until something has happened that only the customer and the shop know of."""

    letter: str
    once: bool = False


EXEMPTIONS = {
    "service_performed": Exemption("a", once=True),
    "market_price": Exemption("b"),
    "made_to_measure": Exemption("c"),
    "perishable": Exemption("d"),
    "hygiene": Exemption("e", once=True),
    "mixed": Exemption("f", once=True),
    "alcohol": Exemption("g"),
    "urgent_repair": Exemption("h"),
    "recording": Exemption("i", once=True),
    "newspaper": Exemption("j"),
    "auction": Exemption("k"),
    "dated_leisure": Exemption("l"),
    "digital_content": Exemption("m", once=True),
}
REASONS = (*EXEMPTIONS, NOT_RETURNED)


def words(reason: str, voice: Voice) -> str:
    """A sentence; of what `once` there is, the condition."""
    _ = voice.gettext
    return {
        "service_performed": _("There is no withdrawal once the service has been performed in full."),
        "market_price": _("Its price follows a financial market, which the shop cannot control."),
        "made_to_measure": _("It is made to measure or clearly personalised."),
        "perishable": _("It spoils or expires quickly."),
        "hygiene": _("For health and hygiene there is no withdrawal once the seal is broken."),
        "mixed": _("There is no withdrawal once it is inseparably mixed with other things."),
        "alcohol": _("Its price was agreed with the sale, and it is delivered after 30 days at a value that the market makes."),
        "urgent_repair": _("You asked for an urgent repair or maintenance at your home."),
        "recording": _("There is no withdrawal once the seal of the recording or software is broken."),
        "newspaper": _("It is a newspaper, a periodical or a magazine, and no subscription."),
        "auction": _("It was sold at a public auction."),
        "dated_leisure": _("It is for a certain date: accommodation, transport, car rental, catering or leisure."),
        "digital_content": _("There is no withdrawal once the download or the stream has begun, if you agreed to that."),
        NOT_RETURNED: _("The shop does not take this back."),
    }[reason]


def article(reason: str, voice: Voice) -> str:
    _ = voice.gettext
    return _("Directive 2011/83/EU, Art. 16(%(letter)s)") % {"letter": EXEMPTIONS[reason].letter}
