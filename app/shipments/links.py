"""Links that show one parcel to who receives it for somebody: of 256 random bits, a few for a parcel, over soon."""

from datetime import datetime, timedelta

import msgspec
from msgspec import Struct

from app import clock, db, typed
from app.accounts import customers, throttle
from app.accounts.throttle import HOUR, Limit
from app.errors import Invalid, Missing, Refused
from app.i18n import _
from app.reading import decoder, texts
from app.shipments import owned
from app.shipments.owned import OwnedParcel
from app.shipments.snapshot import PickupPoint
from app.tokens import hash_token, new_token

MOST = 5  # links of a parcel that are open
LASTS, LASTS_AFTER_DELIVERY = timedelta(days=14), timedelta(days=1)
MOST_LETTERS = 60
BY_NETWORK = Limit("parcel_links", 120, HOUR)
MADE_BY_CUSTOMER = Limit("parcel_links_made", 30, HOUR)


class KeptLink(Struct, frozen=True, array_like=True):
    """Columns of `ParcelLink`."""

    id: int
    label: str
    show_code: int
    created_at: datetime
    expires_at: datetime


class Handed(Struct, frozen=True):
    """What a link opens. `first_name` and `time_zone` are of whom the parcel is for; `show_code` as of `ParcelLink`."""

    parcel: OwnedParcel
    first_name: str
    time_zone: str
    show_code: bool


OPEN = "revoked_at IS NULL AND expires_at > {}"
read = decoder(KeptLink)


async def make(customer: int, address: str, number: int, *, label: str, show_code: bool) -> str:
    """The token, told this once. Raises Missing, Invalid(label=…), Refused: it came long ago, or too many are open."""
    name = " ".join(label.split())
    if unfit := typed.wrong_words(name, MOST_LETTERS):
        await owned.parcel(customer, address, number)
        raise Invalid(label=unfit)
    token, at = new_token(), clock.now()
    async with db.transaction():
        await customers.lock(customer)
        parcel = await owned.parcel(customer, address, number)
        if _over(parcel, at):
            raise Refused(_("This parcel has arrived: there is nothing to hand over any more."))
        if len(await _of(number, at)) >= MOST:
            raise Refused(_("There are enough links for this parcel. End one first."))
        await throttle.count(MADE_BY_CUSTOMER, str(customer))
        link = {"shipment": number, "customer": customer, "token_hash": hash_token(token), "label": name}
        await db.insert("parcel_links", [link | {"show_code": int(show_code), "created_at": at, "expires_at": at + LASTS}])
    return token


async def listed(parcel: OwnedParcel) -> list[KeptLink]:
    """Those that still open something, newest first; nothing once the parcel has been there for a day."""
    at = clock.now()
    return [] if _over(parcel, at) else await _of(parcel.id, at)


async def _of(number: int, at: datetime) -> list[KeptLink]:
    columns = "id, label, show_code, created_at, expires_at"
    found = await texts(columns, f"FROM parcel_links WHERE shipment = {{}} AND {OPEN} ORDER BY id DESC LIMIT 20", number, at)
    return [read(text) for text in found]


async def is_open(number: int, token: str) -> bool:
    """Whether it is a link of that parcel which nobody has ended."""
    asked = f"SELECT id FROM parcel_links WHERE shipment = {{}} AND token_hash = {{}} AND {OPEN}"  # noqa: S608 - our own words
    return bool(token) and await db.one(asked, number, hash_token(token), clock.now()) is not None


async def revoke(customer: int, address: str, number: int, link: int) -> None:
    """Said twice, it is done once. Raises Missing."""
    if not 0 < link <= db.MOST_ID:
        raise Missing
    await owned.parcel(customer, address, number)
    found = await db.execute(
        "UPDATE parcel_links SET revoked_at = COALESCE(revoked_at, {}) WHERE id = {} AND shipment = {} RETURNING id",
        clock.now(), link, number,
    )  # fmt: skip
    if not found:
        raise Missing


async def opened(token: str, network: str) -> Handed:
    """Raises Missing alike for what is over, ended and never was; Refused (429) to who tries too often."""
    await throttle.count(BY_NETWORK, network)
    at = clock.now()
    found = await db.one(
        "SELECT l.shipment, l.show_code, c.name, c.time_zone FROM parcel_links l JOIN customers c ON c.id = l.customer "  # noqa: S608
        f"WHERE l.token_hash = {{}} AND l.{OPEN.replace('AND expires_at', 'AND l.expires_at')} AND c.locked_at IS NULL",
        hash_token(token), at,
    )  # fmt: skip
    if found is None:
        raise Missing
    parcel = await owned.of_number(found["shipment"])
    if _over(parcel, at):
        raise Missing
    first, *_rest = found["name"].split() or [""]
    return Handed(parcel, first, found["time_zone"], bool(found["show_code"]))


def _over(parcel: OwnedParcel, at: datetime) -> bool:
    return parcel.delivered_at is not None and at > parcel.delivered_at + LASTS_AFTER_DELIVERY


def pickup_of(parcel: OwnedParcel) -> PickupPoint | None:
    """Nothing where none was told, or it cannot be read any more."""
    try:
        return msgspec.json.decode(parcel.pickup, type=PickupPoint | None)
    except msgspec.DecodeError:
        return None
