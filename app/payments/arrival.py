"""When money that was sent should be there."""

from datetime import datetime, timedelta

# Days from when it was sent. A card's bank takes five to ten working days (Stripe, “Refund and cancel payments”, and the card
# networks' own rules); a transfer in euros is there the next working day (Directive (EU) 2015/2366, article 83), which a
# week-end and a holiday make four; PayPal says up to five days.
DAYS = {
    "card": 14, "paypal": 5, "bank_transfer": 4, "direct_debit": 7, "invoice": 4, "cash_on_delivery": 4,
    "store_credit": 0, "gift_card": 0,
}  # fmt: skip
LONGEST = 14


def expected_by(kind: str, sent: datetime) -> datetime:
    return sent + timedelta(days=DAYS.get(kind, LONGEST))
