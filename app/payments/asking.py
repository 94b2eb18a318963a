"""What a provider is asked, and what it answers."""

from typing import Literal

from msgspec import Struct


class Due(Struct, frozen=True, kw_only=True):
    """A refund that a provider is to make. `code` is ours and never changes; `payment` is what the provider calls what was
    paid, `reference` what it calls the refund, once it has said so; `attempts` how often it was asked before."""

    id: int
    code: str
    merchant: str
    amount: int
    currency: str
    payment: str
    reference: str = ""
    attempts: int = 0


class Answer(Struct, frozen=True, kw_only=True):
    """`pending`: taken up, to be looked at again; `failed`: it will never be made, for that `reason`; `unsure`: nobody knows,
    ask again."""

    outcome: Literal["succeeded", "pending", "failed", "unsure"]
    reference: str = ""
    reason: str = ""
