"""What means of payment are called."""

from app.i18n import Voice


def means(kind: str, voice: Voice) -> str:
    _ = voice.gettext
    match kind:
        case "card":
            return _("Card")
        case "gift_card":
            return _("Gift card")
        case "store_credit":
            return _("Store credit")
        case "paypal":
            return "PayPal"
        case "bank_transfer":
            return _("Bank transfer")
        case "direct_debit":
            return _("Direct debit")
        case "invoice":
            return _("Invoice")
        case "cash_on_delivery":
            return _("Cash on delivery")
    return _("Other payment")


def named(kind: str, brand: str, last_four: str, voice: Voice) -> str:
    """“Visa ·· 4242”."""
    name = brand or means(kind, voice)
    return f"{name} ·· {last_four}" if last_four else name
