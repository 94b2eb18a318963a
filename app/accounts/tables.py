"""Who it is: a customer by e-mail, the browsers they are signed in on, and what was sent to let them in.

What a person shows as a second factor is in `factor_tables.py`.
"""

from piccolo.columns import BigInt, Boolean, ForeignKey, Integer, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.db import ENGINE


class Customer(Table, tablename="customers", db=ENGINE):
    """`email` is lower-cased. `revision` rises in every transaction that changes anything they can see.

    `order_years` and `order_merchants` say which filters make sense ("2026 2025", ids), so that no list page counts rows.
    `second_factor`: one is enrolled and asked for at sign-in. `locked_at`: nobody gets in; `locked_by` says how it ends.
    `owner` (or empty): somebody said “this wasn't me”, and a mailed code or link (and the second factor) lets in and unlocks.
    `operator`: only the shell unlocks. `phrase` is repeated by our mails. `phone` is E.164.
    `unread`: their notifications that they have not seen, for the bell in every page's bar; `unread_threads`: the same of
    conversations. `desks` (JSON): the short names of the merchants at whose desks they work → how many returns wait there, and
    with “/inbox” behind them how many messages do; empty for who works at none.
    `passkey_hint_until`: so long a passkey is suggested; `passkey_declined`: never again.
    """

    email = Varchar(320, unique=True)
    name = Varchar(200, default="")
    locale = Varchar(16, default="")
    time_zone = Varchar(64, default="")
    password_hash = Varchar(255, default="")
    revision = BigInt(default=1)
    unread = Integer(default=0)
    unread_threads = Integer(default=0)
    desks = Text(default="")
    order_years = Text(default="")
    order_merchants = Text(default="")
    created_at = Timestamptz(default=clock.now)
    second_factor = Boolean(default=False)
    locked_at = Timestamptz(null=True, default=None)
    locked_by = Varchar(8, default="")
    operator = Boolean(default=False)
    phrase = Varchar(80, default="")
    phone = Varchar(20, default="")
    phone_confirmed_at = Timestamptz(null=True, default=None)
    passkey_hint_until = Timestamptz(null=True, default=None)
    passkey_declined = Boolean(default=False)


class Device(Table, tablename="devices", db=ENGINE):
    """A browser that a customer has signed in on, known by a token in a cookie of its own that outlives sessions.

    While it is trusted, the second factor is not asked for on it.
    """

    customer = ForeignKey(Customer)
    token_hash = Varchar(64)
    user_agent = Varchar(300, default="")
    created_at = Timestamptz(default=clock.now)
    trusted_until = Timestamptz(null=True, default=None)


class Session(Table, tablename="sessions", db=ENGINE):
    """`way`: how the person came in. `proved_at`: when they last showed a fresh factor; `factor_at`: when a second one.

    `network` is where they were last seen, as `throttle.network` writes it; `desk_seen_at` is when at a desk.
    """

    customer = ForeignKey(Customer)
    token_hash = Varchar(64, unique=True)
    user_agent = Varchar(300, default="")
    created_at = Timestamptz(default=clock.now)
    seen_at = Timestamptz(default=clock.now)
    expires_at = Timestamptz()
    device = ForeignKey(Device, null=True, default=None, index=False)
    way = Varchar(12, default="")
    network = Varchar(64, default="")
    proved_at = Timestamptz(null=True, default=None)
    factor_at = Timestamptz(null=True, default=None)
    desk_seen_at = Timestamptz(null=True, default=None)


class EndedSession(Table, tablename="ended_sessions", db=ENGINE):
    """A session that was ended from elsewhere: its browser is told so when it next comes, and forgets what it keeps. Whose it
    was is not kept."""

    token_hash = Varchar(64, unique=True)
    ended_at = Timestamptz(default=clock.now)


class SignIn(Table, tablename="sign_ins", db=ENGINE):
    """Half way in: the first factor was right, the second is still to be shown. No session: it opens nothing else.

    `new_password`: the hash of one that was chosen by a mailed link; it counts from the moment that the factor is shown.
    """

    customer = ForeignKey(Customer)
    token_hash = Varchar(64, unique=True)
    way = Varchar(12)
    zone = Varchar(64, default="")
    created_at = Timestamptz(default=clock.now)
    expires_at = Timestamptz()
    new_password = Varchar(255, default="")


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


class PasswordLink(Table, tablename="password_links", db=ENGINE):
    """A mailed link to choose a new password; half an hour, one use."""

    customer = ForeignKey(Customer)
    token_hash = Varchar(64, unique=True)
    expires_at = Timestamptz()
    used_at = Timestamptz(null=True, default=None)


class EmailChange(Table, tablename="email_changes", db=ENGINE):
    """From one address to another: confirmed from the new one's mailbox, to be undone from the old one's for a week."""

    customer = ForeignKey(Customer)
    old_email = Varchar(320)
    new_email = Varchar(320)
    token_hash = Varchar(64, unique=True)
    created_at = Timestamptz(default=clock.now)
    expires_at = Timestamptz()
    confirmed_at = Timestamptz(null=True, default=None)
    undone_at = Timestamptz(null=True, default=None)


class PhoneCode(Table, tablename="phone_codes", db=ENGINE):
    """Six digits sent to a telephone, for one customer: ten minutes, five tries, one use."""

    customer = ForeignKey(Customer)
    phone = Varchar(20)
    code_hash = Varchar(64)
    tries = SmallInt(default=0)
    expires_at = Timestamptz()


class SignInAttempt(Table, tablename="sign_in_attempts", db=ENGINE):
    """One row a try, by keyed hash of the e-mail or of the network: what the throttle counts."""

    kind = Varchar(20)
    key_hash = Varchar(64, index=True)
    at = Timestamptz(default=clock.now)
