"""What a customer has to come in with, as the page shows it."""

from typing import Any

from msgspec import Struct

from app.accounts import factor_resets, passkeys, recovery_codes, second_factors
from app.i18n import _, ngettext, voice


class PasskeyRow(Struct, frozen=True):
    id: int
    name: str
    kind: str
    used: str
    removal_url: str
    rename_url: str


class Security(Struct, frozen=True):
    """`one_left`: whoever removes what there is has no second factor any more. `reset_due`: the day on which all of it is
    removed, because the shell was asked to; empty when nobody has asked."""

    passkeys: list[PasskeyRow]
    authenticator: bool
    recovery_left: str
    has_factor: bool
    one_left: bool
    reset_due: str


async def of(customer: int) -> Security:
    offered, left = await second_factors.offered(customer), await recovery_codes.left(customer)
    rows, reset = await passkeys.of(customer), await factor_resets.pending(customer)
    return Security(
        [_row(row) for row in rows],
        offered.authenticator,
        ngettext("%(num)d is left", "%(num)d are left", left) % {"num": left} if offered.any else "",
        offered.any,
        len(rows) + offered.authenticator == 1,
        voice().moment(reset["due_at"]) if reset else "",
    )


def _row(row: Any) -> PasskeyRow:
    said = voice()
    used = _("last used on %(day)s") % {"day": said.day(row["used_at"])} if row["used_at"] else _("not used yet")
    url = f"/account/passkeys/{row['id']}"
    return PasskeyRow(row["id"], row["name"], _kind(row), used, f"{url}/removal", f"{url}/name")


def _kind(row: Any) -> str:
    if row["cloned_at"]:
        return _("blocked: it was copied")
    match row["kind"]:
        case "synced":
            return _("Synced between your devices")
        case "this_device":
            return _("On this device only")
    return _("Security key")
