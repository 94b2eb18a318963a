"""What a seller says of itself beside its name, and what is measured of it: a row a seller, read by its page."""

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.db import ENGINE
from app.merchants.tables import Merchant


class SellerIdentity(Table, tablename="seller_identities", db=ENGINE):
    """What the law wants to be named beside address, e-mail and VAT number, which are the merchant's own (Regulation (EU)
    2022/2065, Art. 30; in France the LCEN, Art. 1-1): `name` is the legal one, `register` says which and the number in it.
    `complies`: they have undertaken to offer only what the Union's law allows."""

    merchant = ForeignKey(Merchant, unique=True)
    name = Varchar(200, default="")
    register = Varchar(200, default="")
    phone = Varchar(40, default="")
    complies = Boolean(default=False)


class SellerPolicy(Table, tablename="seller_policies", db=ENGINE):
    """In one language, in the seller's own words: how it sends, and what it says of returns beside its rules."""

    merchant = ForeignKey(Merchant)
    locale = Varchar(16)
    shipping = Text(default="")
    returns = Text(default="")


class SellerFigures(Table, tablename="seller_figures", db=ENGINE):
    """Measured once a day by the worker, of the last 90 days: the median until a first answer (seconds, of so many `replies`),
    and how many of the decisions that somebody objected to were reversed."""

    merchant = ForeignKey(Merchant, unique=True)
    replies = Integer(default=0)
    reply_seconds = BigInt(null=True, default=None)
    decided = Integer(default=0)
    reversed = Integer(default=0)
    measured_at = Timestamptz(default=clock.now)
