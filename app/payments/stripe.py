"""Refunds through Stripe: the payment's own reference (`pi_…`, `ch_…`) says which, the refund's code makes it happen once.

Stripe forgets an idempotency key after a day. Our code is in the refund's metadata, too, and is looked for before a refund
is asked for again: what was made before we died is found, however long ago.
"""

from functools import lru_cache
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from app.errors import Refused
from app.money import exponent
from app.payments.asking import Answer, Due
from app.settings import settings

if TYPE_CHECKING:
    from stripe import StripeClient

CODE = "comptoir_refund"  # in the metadata of a refund
TIMEOUT = 20.0  # seconds
LONGEST_REASON = 300
PREFIXES = ("pi_", "ch_", "py_")
# Where Stripe's minor unit is another than ISO 4217's (its documentation, “Supported currencies”, special cases).
EXPONENTS = {"ISK": 2, "UGX": 2, "MGA": 0}
TYPES = ("refund.updated", "refund.failed", "charge.refund.updated")
OUTCOMES = {"succeeded": "succeeded", "failed": "failed", "canceled": "failed"}


def knows(merchant: str, reference: str) -> bool:
    """Whether that merchant's payment can be given back here."""
    return reference.startswith(PREFIXES) and bool(_key(merchant))


def _key(merchant: str) -> str:
    keys = dict(settings.stripe_key)
    return keys.get(merchant) or keys.get("", "")


@lru_cache(64)
def _client(key: str, url: str) -> "StripeClient":
    """The library is loaded where it is needed: most counters do without, and it takes a while."""
    from stripe import HTTPXClient, StripeClient

    client = HTTPXClient(timeout=TIMEOUT, allow_sync_methods=False)
    return StripeClient(key, base_addresses={"api": url}, http_client=client, max_network_retries=0)


class Heard(Struct, frozen=True):
    """What a webhook says of the refund with our `code`. `merchant` is whose secret has signed it, "" for everybody's."""

    code: str
    merchant: str
    answer: Answer


def heard(body: bytes, signature: str) -> Heard | None:
    """None for what is about no refund of ours. Raises Refused (401) for what none of the secrets has signed within minutes."""
    from stripe import SignatureVerificationError, Webhook

    for merchant, secret in settings.stripe_secret:
        try:
            event = Webhook.construct_event(body, signature, secret)
        except SignatureVerificationError:
            continue
        except ValueError as error:
            raise Refused("This is not an event of Stripe's", status=400) from error
        return _of_event(event, merchant)
    raise Refused("The signature does not fit", status=401)


def _of_event(event: Any, merchant: str) -> Heard | None:
    about = event.data.object
    if event.type not in TYPES or about.object != "refund" or not about.metadata:
        return None
    code = about.metadata.to_dict().get(CODE, "")
    return Heard(code, merchant, _answer(about)) if code else None


class Stripe:
    async def give_back(self, due: Due) -> Answer:
        from stripe import CardError, InvalidRequestError, StripeError

        amount = amount_for(due.amount, due.currency)
        if amount is None:
            return Answer(outcome="failed", reason=f"Stripe cannot give back {due.amount} of {due.currency}")
        if not (key := _key(due.merchant)):
            return Answer(outcome="unsure", reason="there is no COMPTOIR_STRIPE_KEY for this merchant any more")
        try:
            return _answer(await _made_once(_client(key, settings.stripe_url), due, amount))
        except (InvalidRequestError, CardError) as error:
            return Answer(outcome="failed", reason=_said(error))
        except StripeError as error:  # no connection, its own fault, too many requests, a key that is not valid (any more)
            return Answer(outcome="unsure", reason=_said(error))


def amount_for(amount: int, currency: str) -> int | None:
    """In Stripe's minor unit; None for what it cannot express. Of three decimals the last is always 0 there."""
    shift = EXPONENTS.get(currency, exponent(currency)) - exponent(currency)
    if shift < 0:
        amount, rest = divmod(amount, 10**-shift)
    else:
        amount, rest = amount * 10**shift, amount % 10 if exponent(currency) == 3 else 0
    return None if rest else amount


async def _made_once(client: "StripeClient", due: Due, amount: int) -> Any:
    refunds = client.v1.refunds
    if due.reference:
        return await refunds.retrieve_async(due.reference)
    target: Any = {"payment_intent" if due.payment.startswith("pi_") else "charge": due.payment}
    if due.attempts:
        listed = await refunds.list_async({**target, "limit": 100})
        async for one in listed.auto_paging_iter():
            if one.metadata and one.metadata.to_dict().get(CODE) == due.code:
                return one
    return await refunds.create_async({**target, "amount": amount, "metadata": {CODE: due.code}}, {"idempotency_key": due.code})


def _answer(refund: Any) -> Answer:
    outcome: Any = OUTCOMES.get(refund.status, "pending")
    reason = getattr(refund, "failure_reason", None) or "" if outcome == "failed" else ""
    return Answer(outcome=outcome, reference=refund.id, reason=reason)


def _said(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:LONGEST_REASON]
