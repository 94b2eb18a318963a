"""What a person shows besides the password or the mailed code, and what is asked of them meanwhile."""

from piccolo.columns import BigInt, Boolean, ForeignKey, SmallInt, Text, Timestamptz, Varchar
from piccolo.table import Table

from app import clock
from app.accounts.tables import Customer
from app.db import ENGINE


class Passkey(Table, tablename="passkeys", db=ENGINE):
    """A WebAuthn credential. `credential_id` and `public_key` (COSE) are base64url; `kind` is `this_device`, `synced` or
    `security_key`. One that signed with a count that went back is refused from then on (`cloned_at`)."""

    customer = ForeignKey(Customer)
    credential_id = Varchar(1400, unique=True)
    public_key = Text()
    sign_count = BigInt(default=0)
    kind = Varchar(12)
    transports = Varchar(100, default="")
    aaguid = Varchar(36, default="")
    name = Varchar(100)
    created_at = Timestamptz(default=clock.now)
    used_at = Timestamptz(null=True, default=None)
    cloned_at = Timestamptz(null=True, default=None)


class Authenticator(Table, tablename="authenticators", db=ENGINE):
    """An app that makes codes (TOTP, RFC 6238), one a customer. The key is sealed; `last_step` is the newest time step whose
    code was used: no step opens twice. Until it is confirmed with a first code it counts for nothing."""

    customer = ForeignKey(Customer, unique=True)
    sealed_key = Text()
    last_step = BigInt(default=0)
    created_at = Timestamptz(default=clock.now)
    confirmed = Boolean(default=False)
    used_at = Timestamptz(null=True, default=None)


class RecoveryCode(Table, tablename="recovery_codes", db=ENGINE):
    """One of ten, for a lost phone; each good once."""

    customer = ForeignKey(Customer)
    position = SmallInt()
    code_hash = Varchar(64)
    created_at = Timestamptz(default=clock.now)
    used_at = Timestamptz(null=True, default=None)


class Challenge(Table, tablename="challenges", db=ENGINE):
    """What a passkey was asked to sign: for one purpose, for one customer where one is known, once, for five minutes."""

    value = Varchar(64, unique=True)
    purpose = Varchar(12)
    customer = ForeignKey(Customer, null=True, default=None)
    expires_at = Timestamptz()


class FactorReset(Table, tablename="factor_resets", db=ENGINE):
    """All factors of a customer are to be taken away at `due_at`, asked for at the shell, unless somebody stops it before."""

    customer = ForeignKey(Customer)
    reason = Varchar(500)
    asked_at = Timestamptz(default=clock.now)
    due_at = Timestamptz(index=True)
    done_at = Timestamptz(null=True, default=None)
    stopped_at = Timestamptz(null=True, default=None)
