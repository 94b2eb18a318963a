"""What programs send about threads, as JSON."""

from app.returns.sent import Sent


class Post(Sent, frozen=True):
    """Words for the customer, or with `note` for the desk alone. `name` is who answers, the merchant itself where it is empty.
    `files` are `upload` of pictures that were sent before. `close`: nothing is waited for any more."""

    text: str = ""
    note: bool = False
    name: str = ""
    files: list[str] = []
    close: bool = False


class Closing(Sent, frozen=True):
    """Whoever writes on opens it again."""


class Opening(Sent, frozen=True):
    """It was closed."""


class Reading(Sent, frozen=True):
    """Somebody has seen it: its customer sees that at their message. `until`: the newest message that was shown; 0 for all."""

    until: int = 0


class Assignment(Sent, frozen=True):
    """`agent`: the address of one of the merchant's people; empty for nobody."""

    agent: str = ""
