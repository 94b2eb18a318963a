"""What can happen to an account, in the customer's words. Every kind that accounts and merchants record stands here once.

“signed_in.code” is what an event of the kind `signed_in` says whose data has `by: code`; without such an entry the kind's own.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import Literal

from msgspec import Struct

from app.i18n import Voice

Group = Literal["sign_ins", "security", "profile"]
GROUPS: tuple[Group, ...] = ("sign_ins", "security", "profile")

# What strangers can cause as often as the throttle allows: told together, so that they cannot bury the rest.
NOISY = ("sign_in_failed", "second_factor_failed", "password_link_asked")


class Told(Struct, frozen=True):
    """`tone` is good, wait or bad where something should stand out."""

    icon: str
    text: str
    tone: str = ""


@lru_cache(64)
def told(group: Group, voice: Voice) -> dict[str, Told]:
    made = {"sign_ins": _sign_ins, "security": _security, "profile": _profile}[group](voice)
    return {kind: Told(*said) for kind, said in made.items()}


@lru_cache(64)
def every(voice: Voice) -> dict[str, Told]:
    return {kind: said for group in GROUPS for kind, said in told(group, voice).items()}


@lru_cache(8)
def kinds(group: Group | None = None) -> Sequence[str]:
    """As they stand in the table; None is all of them."""
    found = told(group, Voice("en")) if group else every(Voice("en"))
    return tuple(sorted({kind.partition(".")[0] for kind in found}))


def together(kind: str, count: int, voice: Voice) -> str:
    """Many of a noisy kind."""
    numbers = {
        "sign_in_failed": voice.ngettext("%(num)d failed sign-in", "%(num)d failed sign-ins", count),
        "second_factor_failed": voice.ngettext("%(num)d failed second step", "%(num)d failed second steps", count),
        "password_link_asked": voice.ngettext("%(num)d link for a new password", "%(num)d links for a new password", count),
    }
    return numbers[kind] % {"num": count}


Words = dict[str, tuple[str, ...]]


def _sign_ins(voice: Voice) -> Words:
    _ = voice.gettext
    return {
        "signed_in": ("laptop", _("Signed in")),
        "signed_in.code": ("mail", _("Signed in with a mailed code")),
        "signed_in.password": ("key-round", _("Signed in with your password")),
        "signed_in.passkey": ("fingerprint", _("Signed in with a passkey")),
        "signed_in.link": ("life-buoy", _("Signed in with a link from the shop")),
        "signed_in.mailed_link": ("mail", _("Signed in with a link for a new password")),
        "sign_in_failed": ("triangle-alert", _("Failed sign-in")),
        "sign_in_failed.code": ("triangle-alert", _("Failed sign-in: wrong code")),
        "sign_in_failed.password": ("triangle-alert", _("Failed sign-in: wrong password")),
        "second_factor_failed": ("triangle-alert", _("The first step was right, the second factor was not"), "bad"),
        "signed_out": ("log-out", _("Signed out")),
        "session_ended": ("log-out", _("Signed out another browser")),
        "sessions_ended": ("log-out", _("Signed out everywhere else")),
        "device_distrusted": ("laptop", _("A browser is trusted no longer")),
        "devices_distrusted": ("laptop", _("No browser is trusted any longer")),
    }


def _security(voice: Voice) -> Words:
    return {**_factors(voice), **_keys(voice)}


def _factors(voice: Voice) -> Words:
    _ = voice.gettext
    return {
        "passkey_added": ("fingerprint", _("Passkey added")),
        "passkey_renamed": ("fingerprint", _("Passkey renamed")),
        "passkey_removed": ("fingerprint", _("Passkey removed")),
        "passkey_cloned": ("triangle-alert", _("A passkey was blocked: it seems to have been copied"), "bad"),
        "authenticator_added": ("smartphone", _("Authenticator app set up")),
        "authenticator_removed": ("smartphone", _("Authenticator app removed")),
        "recovery_codes_made": ("life-buoy", _("New recovery codes made")),
        "factor_reset_asked": ("life-buoy", _("The shop was asked to take away your second factor"), "bad"),
        "factors_reset": ("life-buoy", _("The shop took away your second factor"), "bad"),
        "factor_reset_stopped": ("shield-check", _("Your second factor stays: the request was stopped"), "good"),
        "account_locked": ("triangle-alert", _("“This wasn’t me”: account locked, everybody signed out"), "bad"),
        "account_locked.operator": ("triangle-alert", _("The shop locked your account"), "bad"),
        "account_unlocked": ("shield-check", _("Account unlocked by signing in"), "good"),
        "account_unlocked.operator": ("shield-check", _("The shop unlocked your account"), "good"),
        "operator_begun": ("store", _("The shop made you one of its operators")),
        "operator_ended": ("store", _("You are none of the shop’s operators any more")),
    }


def _keys(voice: Voice) -> Words:
    _ = voice.gettext
    return {
        "password_set": ("key-round", _("Password set")),
        "password_removed": ("key-round", _("Password removed")),
        "password_link_asked": ("mail", _("Link for a new password sent")),
        "email_change_asked": ("mail", _("New e-mail address asked for")),
        "email_changed": ("mail", _("E-mail address changed"), "wait"),
        "email_changed.operator": ("mail", _("The shop changed your e-mail address"), "wait"),
        "email_change_undone": ("mail", _("E-mail address changed back"), "wait"),
        "email_change_cancelled": ("mail", _("New e-mail address given up")),
        "phrase_changed": ("shield-check", _("Phrase in our mails changed")),
    }


def _profile(voice: Voice) -> Words:
    _ = voice.gettext
    return {
        "push_added": ("bell-ring", _("News is pushed to a browser")),
        "push_removed": ("bell-ring", _("News is pushed to a browser no longer")),
        "push_lost": ("bell-ring", _("A browser takes no pushed news any more"), "wait"),
        "notices_chosen": ("sliders-horizontal", _("Choice of notifications changed")),
        "profile_changed": ("user-round", _("Name, language or time zone changed")),
        "phone_changed": ("smartphone", _("Telephone number changed")),
        "phone_confirmed": ("smartphone", _("Telephone number confirmed")),
        "phone_removed": ("smartphone", _("Telephone number removed")),
        "member_added": ("store", _("Joined a seller’s desk")),
        "member_removed": ("store", _("Left a seller’s desk")),
        "member_role_changed": ("store", _("Other rights at a seller’s desk")),
    }
