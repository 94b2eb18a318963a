"""Return labels bought at a Karrio server of the operator's own (its REST API, `/v1/shipments`, 2026.1).

Karrio knows no idempotency key. Each of its shipments has the return's code as its reference, and that is looked for before
anything is made or bought: what came of an attempt that died is found again, and no return has two labels.
"""

import logging
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from msgspec import Struct

from app import outgoing
from app.outgoing import Session
from app.returns import karrio_shapes as shapes
from app.settings import settings

log = logging.getLogger(__name__)
TIMEOUT = 30.0  # seconds of a request; an attempt has five at most
LARGEST = 5 * 1024 * 1024  # bytes of an answer
CODE = "comptoir_return"  # in the metadata of a shipment
UNSOLD = ("draft", "cancelled")  # statuses of a shipment that has no label
WORDS = 300  # letters of a reason
REFUSED = (400, 404, 422, 424)  # what Karrio or a carrier does not want: the same again would end the same
Shipment = Mapping[str, Any]


class Order(Struct, frozen=True):
    """A label for the return with this `code`: from `sender` to `recipient`, as `addresses.layout` reads them. `merchant` is a
    slug, `currency` that of the order that comes back."""

    code: str
    merchant: str
    sender: Mapping[str, Any] = {}
    recipient: Mapping[str, Any] = {}
    email: str = ""
    currency: str = ""


class Label(Struct, frozen=True):
    """`shipment` is Karrio's id of it; `amount` what it costs, in minor units."""

    shipment: str
    carrier: str
    number: str
    service: str
    amount: int
    currency: str
    pdf: bytes


class NoLabel(Exception):
    """The message says why. `final`: asking again would change nothing."""

    def __init__(self, why: str, *, final: bool = False) -> None:
        super().__init__(why[:WORDS])
        self.final = final


def sells(merchant: str) -> bool:
    return bool(_key(merchant))


def _key(merchant: str) -> str:
    keys = dict(settings.karrio_key)
    return keys.get(merchant) or keys.get("", "")


def session() -> Session:
    """To be closed by whoever opens it."""
    return outgoing.own_session(TIMEOUT)


async def buy(session: Session, wanted: Order) -> Label:
    """The one that there is already, else the cheapest. Raises NoLabel."""
    counter = _Counter(session, wanted)
    try:
        found = await counter.known() or await counter.made()
        if found.get("status") in UNSOLD:
            found = await counter.purchased(found)
        return await counter.label(found)
    except ValueError as error:
        raise NoLabel(str(error)) from error


async def give_back(session: Session, wanted: Order, shipment: str) -> bool:
    """A label that nobody has used; without its `shipment` the one that may have been bought: whether there was one. Given back
    twice, it is given back. Raises NoLabel where it is not taken."""
    counter = _Counter(session, wanted)
    try:
        if not (shipment or (shipment := await counter.sold())):
            return False
        await counter.voided(shipment)
    except ValueError as error:
        raise NoLabel(str(error)) from error
    return True


class _Counter(Struct):
    session: Session
    wanted: Order

    async def known(self) -> Shipment | None:
        """Karrio looks for a part of the reference: all of it is meant. A bought one goes before a draft."""
        said = await self._ask("GET", f"?reference={self.wanted.code}&limit=100")
        own = [one for one in said.get("results") or () if isinstance(one, dict) and self._ours(one)]
        return min(own, key=lambda one: one.get("status") == "draft", default=None)

    def _ours(self, one: Shipment) -> bool:
        return one.get("reference") == self.wanted.code and one.get("status") != "cancelled"

    async def sold(self) -> str:
        """The id of the one that was bought, or an empty text."""
        found = await self.known()
        return shapes.identity(found) if found is not None and found.get("status") not in UNSOLD else ""

    async def made(self) -> Shipment:
        sender, recipient = shapes.address(self.wanted.sender, self.wanted.email), shapes.address(self.wanted.recipient, "")
        return await self._ask("POST", "", {
            "shipper": sender, "recipient": recipient, "is_return": True, "label_type": "PDF",
            "parcels": [{"weight": settings.karrio_weight, "weight_unit": "KG"}],
            "reference": self.wanted.code, "metadata": {CODE: self.wanted.code},
        })  # fmt: skip

    async def purchased(self, draft: Shipment) -> Shipment:
        rates = [one for one in draft.get("rates") or () if isinstance(one, dict) and shapes.fits(one)]
        if not rates:
            raise NoLabel(shapes.said(draft) or "no carrier offers a label for this way", final=True)
        wanted = {"selected_rate_id": self._cheapest(rates)["id"], "label_type": "PDF"}
        try:
            return await self._ask("POST", f"/{shapes.identity(draft)}/purchase", wanted)
        except NoLabel:  # it may be sold all the same
            found = await self.known()
            if found is None or found.get("status") in UNSOLD:
                raise
            return found

    def _cheapest(self, rates: Sequence[shapes.Rate]) -> shapes.Rate:
        """Prices are compared in one currency alone: the order's, else the only one that there is."""
        priced = shapes.by_currency(rates)
        if not priced:
            raise NoLabel("no carrier says what a label costs, in a currency that is known", final=True)
        if self.wanted.currency not in priced and len(priced) > 1:
            several = ", ".join(sorted(priced))
            raise NoLabel(f"labels cost money of several currencies ({several}), none of it {self.wanted.currency}", final=True)
        return min(priced.get(self.wanted.currency) or next(iter(priced.values())), key=shapes.price)

    async def voided(self, shipment: str) -> None:
        await self._ask("POST", f"/{shipment}/cancel")

    async def label(self, bought: Shipment) -> Label:
        number, rate = shapes.text(bought.get("tracking_number")), bought.get("selected_rate") or {}
        if bought.get("status") in UNSOLD or not number:
            raise NoLabel(shapes.said(bought) or "it was not sold, and nothing says why")
        currency, shipment = shapes.currency(rate), shapes.identity(bought)
        return Label(
            shipment=shipment, carrier=shapes.carrier(bought, rate), number=number, currency=currency,
            service=shapes.text(rate.get("service")), amount=shapes.minor(rate, currency), pdf=await self._pdf(shipment),
        )  # fmt: skip

    async def _pdf(self, shipment: str) -> bytes:
        status, body = await self._call("GET", f"/{shipment}/label.pdf")
        if status != 200 or not body.startswith(b"%PDF-"):
            raise NoLabel(f"the label {shipment} is bought, and Karrio does not give its PDF ({status})")
        return body

    async def _ask(self, method: str, path: str, said: Mapping[str, Any] | None = None) -> Mapping[str, Any]:
        status, body = await self._call(method, path, msgspec.json.encode(said) if said is not None else None)
        try:
            found = msgspec.json.decode(body)
        except ValueError as error:
            raise NoLabel(f"Karrio answers {status}, and no JSON") from error
        if not 200 <= status < 300 or not isinstance(found, dict):
            raise NoLabel(shapes.said(found) or f"Karrio answers {status}", final=status in REFUSED)
        return found

    async def _call(self, method: str, path: str, body: bytes | None = None) -> tuple[int, bytes]:
        headers = {"Authorization": f"Token {_key(self.wanted.merchant)}", "Content-Type": "application/json"}
        url = f"{settings.karrio_url}/v1/shipments{path}"
        try:
            return await outgoing.ask(self.session, method, url, headers, body=body, most=LARGEST)
        except outgoing.NoAnswer as error:  # its words name a host that is nobody's business at a desk
            log.warning("%s %s: %s", method, url, error)
            raise NoLabel("Karrio does not answer") from error
