"""Who it is: a customer by e-mail, the browsers they are signed in on, and what was sent to let them in."""

from piccolo.columns import BigInt, ForeignKey, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.db import ENGINE


class Customer(Table, tablename="customers", db=ENGINE):
    """`email` is lower-cased. `revision` rises in every transaction that changes anything they can see.

    `order_years` and `order_merchants` say which filters make sense ("2026 2025", ids), so that no list page counts rows.
    """

    email = Varchar(320, unique=True)
    name = Varchar(200, default="")
    locale = Varchar(16, default="")
    time_zone = Varchar(64, default="")
    password_hash = Varchar(255, default="")
    revision = BigInt(default=1)
    order_years = Text(default="")
    order_merchants = Text(default="")
    created_at = Timestamptz(default=clock.now)


class Session(Table, tablename="sessions", db=ENGINE):
    customer = ForeignKey(Customer)
    token_hash = Varchar(64, unique=True)
    user_agent = Varchar(300, default="")
    created_at = Timestamptz(default=clock.now)
    seen_at = Timestamptz(default=clock.now)
    expires_at = Timestamptz()


class SignInCode(Table, tablename="sign_in_codes", db=ENGINE):
    """A six-digit code mailed to an address, whether or not there is an account; ten minutes, five tries, one use."""

    email = Varchar(320, index=True)
    code_hash = Varchar(64)
    tries = SmallInt(default=0)
    created_at = Timestamptz(default=clock.now)
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


class SignInLink(Table, tablename="sign_in_links", db=ENGINE):
    """A link made by the shell; fifteen minutes, one use."""

    customer = ForeignKey(Customer)
    token_hash = Varchar(64, unique=True)
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


class SignInAttempt(Table, tablename="sign_in_attempts", db=ENGINE):
    """One row a try, by keyed hash of the e-mail or of the network: what the throttle counts."""

    kind = Varchar(20)
    key_hash = Varchar(64, index=True)
    at = Timestamptz(default=clock.now)
