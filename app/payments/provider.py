"""Who gives money back for us. A provider is asked by the worker, outside of any transaction, as often as it takes."""

from typing import Literal, Protocol

from app.payments import manual, stripe
from app.payments.asking import Answer, Due

__all__ = ("ASKED", "OURS", "Answer", "Due", "Name", "Provider", "chosen", "named")

Name = Literal["manual", "stripe", "store_credit", "gift_card"]
OURS = ("store_credit", "gift_card")  # kept here: settled in the transaction that approves


class Provider(Protocol):
    async def give_back(self, due: Due) -> Answer:
        """Sees to it that this refund is made once at the provider, and says how it stands there. Called again with the same
        `code` it finds what it made before. Raises nothing for what may pass: it answers `unsure`."""
        ...


ASKED: dict[str, Provider] = {"stripe": stripe.Stripe()}  # those that the worker asks; `manual` waits for a person


def chosen(merchant: str, reference: str) -> Name:
    """By the merchant's slug and what the source calls the payment."""
    return "stripe" if stripe.knows(merchant, reference) else manual.NAME


def named(name: str) -> Provider | None:
    """None for what is done by hand or kept here."""
    return ASKED.get(name)
