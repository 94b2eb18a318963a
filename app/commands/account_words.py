"""An account's events in plain words, for whoever supports its owner at the shell."""

from collections.abc import Mapping

from app.accounts.browsers import named
from app.accounts.support import Happened
from app.i18n import Voice

WORDS: Mapping[str, str] = {
    "signed_in": "signed in",
    "sign_in_failed": "a sign-in failed",
    "password_set": "the password was set",
    "passkey_added": "a passkey was added",
    "passkey_removed": "a passkey was removed",
    "passkey_cloned": "a passkey was blocked: it was copied",
    "authenticator_added": "an authenticator app was set up",
    "authenticator_removed": "the authenticator app was removed",
    "recovery_codes_made": "new recovery codes were made",
    "account_locked": "the account was locked",
    "account_unlocked": "the account was unlocked",
    "factor_reset_asked": "the removal of all factors was asked for",
    "factor_reset_stopped": "the removal of all factors was stopped",
    "factors_reset": "all factors were removed",
    "member_added": "was added to a desk",
    "member_removed": "was removed from a desk",
    "member_role_changed": "has another role at a desk",
}
BY: Mapping[str, str] = {
    "code": "with a mailed code", "password": "with the password", "passkey": "with a passkey", "link": "with a link",
    "authenticator": "with the authenticator app", "recovery_code": "with a recovery code", "operator": "by the operator",
    "not_me": "by “this wasn't me”",
}  # fmt: skip
ENGLISH = Voice("en")


def sentence(event: Happened) -> str:
    """A kind that is not known here is said as it is written."""
    data = event.data
    said = [WORDS.get(event.kind, event.kind.replace("_", " ")), BY.get(str(data.get("by", "")), "")]
    if factor := data.get("factor"):
        said.append(f"and {BY.get(factor, factor)}")
    about = [named(data["browser"], ENGLISH) if data.get("browser") else "", data.get("network", "")]
    about += [str(data.get(name, "")) for name in ("name", "role", "reason")]
    return ", ".join([" ".join(filter(None, said)), *filter(None, about)])
