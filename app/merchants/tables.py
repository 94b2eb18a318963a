"""The shops whose orders come in, and the keys their programs use."""

from piccolo.columns import Boolean, ForeignKey, Integer, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE


class Merchant(Table, tablename="merchants", db=ENGINE):
    """`address` is the postal address, a line a line; `legal` what the law asks to be named on an invoice. `accent` (“#2f5f86”)
    and `logo` (a name in `pictures`) are what mails about its orders show; empty, the counter's own. `is_shop`: one of them at
    most is the marketplace itself, which customers may ask to step in (see `merchants/shop.py`)."""

    slug = Varchar(64, unique=True)
    name = Varchar(200)
    website = Varchar(400, default="")
    email = Varchar(320, default="")
    country = Varchar(2, default="")
    vat_id = Varchar(40, default="")
    address = Text(default="")
    legal = Text(default="")
    time_zone = Varchar(64, default="UTC")
    accent = Varchar(7, default="")
    logo = Varchar(64, default="")
    is_shop = Boolean(default=False)
    created_at = Timestamptz(default=clock.now)


class Member(Table, tablename="members", db=ENGINE):
    """A person of a merchant, who signs in like everybody and works at its desk. `role`: see `roles`; `seen_at` is when they
    were last there, nothing before the first time."""

    merchant = ForeignKey(Merchant)
    customer = ForeignKey(Customer)
    role = Varchar(8, default="agent")
    created_at = Timestamptz(default=clock.now)
    seen_at = Timestamptz(null=True, default=None)


class ApiKey(Table, tablename="api_keys", db=ENGINE):
    """Shown once; `prefix` tells keys apart afterwards. `used_at` is up to an hour old."""

    merchant = ForeignKey(Merchant)
    name = Varchar(100)
    prefix = Varchar(16)
    key_hash = Varchar(64, unique=True)
    created_at = Timestamptz(default=clock.now)
    revoked_at = Timestamptz(null=True, default=None)
    used_at = Timestamptz(null=True, default=None)


class ProgramAnswer(Table, tablename="program_answers", db=ENGINE):
    """To the first request of an API key with that idempotency `key` (one row for both). `request` is a digest of all that it
    asked for; `body` is JSON."""

    api_key = ForeignKey(ApiKey)
    key = Varchar(200)
    request = Varchar(32)
    status = Integer(default=0)
    body = Text(default="")
    at = Timestamptz(default=clock.now)
