"""What a customer can do about a parcel that does not simply come."""

from msgspec import Struct

from app.events import parcel_words as words
from app.i18n import Voice


class Advice(Struct, frozen=True):
    """`why` and `what` are sentences, either may be empty; `contact` is whom to write to: "seller" or nobody."""

    why: str
    what: str
    contact: str = ""


def advice(status: str, reason: str, carrier: str, voice: Voice, *, paid_back: bool = False) -> Advice | None:
    """`paid_back`: all that the order cost."""
    why = words.reason(reason, voice)
    match status:
        case "attempt_failed":
            return Advice(why, _attempted(reason, carrier, voice))
        case "on_hold":
            return Advice(why, *_held(reason, carrier, voice))
        case "delayed" if why:
            return Advice(why, "")
        case "returned_to_sender" if paid_back:
            return Advice(
                why, voice.gettext("It went back to the seller, who has given you the money back: you need do nothing.")
            )
        case "returned_to_sender":
            _ = voice.gettext
            return Advice(why, _("It goes back to the seller: ask them to send it again or to give the money back."), "seller")
    return None


def _attempted(reason: str, carrier: str, voice: Voice) -> str:
    _ = voice.gettext
    if reason in words.ADDRESS:
        return _("Check the delivery address below and tell %(carrier)s the right one.") % {"carrier": _named(carrier, voice)}
    if reason == "consignee_verification_failed":
        return _("Have your code or an identity document at hand next time.")
    if reason.startswith("carrier_"):
        return _("You need do nothing: %(carrier)s tries again.") % {"carrier": _named(carrier, voice)}
    return _("Choose a new day or a pick-up point with %(carrier)s.") % {"carrier": _named(carrier, voice)}


def _held(reason: str, carrier: str, voice: Voice) -> tuple[str, str]:
    """What to do, and with whom."""
    _ = voice.gettext
    if reason == "customs_duties_unpaid":
        return _("Pay the duties with %(carrier)s, then it goes on.") % {"carrier": _named(carrier, voice)}, ""
    if reason == "customs_documentation":
        return _("Keep your invoice at hand: %(carrier)s or customs may ask for it.") % {"carrier": _named(carrier, voice)}, ""
    if reason == "customs_prohibited":
        return _("Ask the seller what happens now."), "seller"
    if reason.startswith("customs_"):
        return _("You need do nothing unless you are asked: customs can take some days."), ""
    if reason in words.ADDRESS:
        said = _("Check the delivery address below and tell %(carrier)s the right one.")
        return said % {"carrier": _named(carrier, voice)}, ""
    if reason in ("carrier_damaged_parcel", "carrier_parcel_lost", "retailer_cancelled"):
        return _("Ask the seller what happens now."), "seller"
    return _("You need do nothing for now: it goes on as soon as it can."), ""


def _named(carrier: str, voice: Voice) -> str:
    return carrier or voice.gettext("the carrier")
