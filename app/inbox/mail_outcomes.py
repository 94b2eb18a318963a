"""What has become of a mail that was brought here, for whoever has brought it."""

from collections.abc import Iterable
from typing import Literal

from msgspec import Struct

State = Literal["landed", "waiting", "ignored", "refused", "later"]
REFUSALS = ("empty", "too_large", "not_taken")  # of a person's
# To whoever runs the mail server; a person is told in their own language, see `mail_telling`.
SAID = {
    "no_thread": "There is no such conversation, or its address is not whole.",
    "unreadable": "This is no mail that can be read.",
    "too_large": "The mail is too large: at most 25 MB.",
    "empty": "There is nothing in the mail beside what is quoted.",
    "not_taken": "The conversation does not take this message.",
    "too_many": "So many mails to one conversation are not taken in one hour: bring it again later.",
}
WORST = ("ignored", "landed", "waiting", "refused", "later")


class Outcome(Struct, frozen=True):
    """`reason` is one word; `told`: its writer hears of the refusal by mail. “later”: nothing is kept of it yet, it is to be
    brought again."""

    state: State
    reason: str = ""
    told: bool = False


def again(state: str, reason: str) -> Outcome:
    """Of one that has come before, by what is kept of it."""
    if state != "refused":
        return Outcome("landed" if state in ("landed", "accepted") else "waiting" if state == "waiting" else "ignored", reason)
    return Outcome("refused" if reason in REFUSALS else "ignored", reason, told=True)


def of_all(outcomes: Iterable[Outcome]) -> Outcome:
    """Of one that was written to several conversations, what its mail server has to act on."""
    return max(outcomes, key=lambda one: (WORST.index(one.state), not one.told))
