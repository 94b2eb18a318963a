"""The ways on which news leaves the app, by name. One module each (see `channels.py`); the app itself is none of them.

A module whose way has to be set up first says by `available()` whether it is.
"""

from app.notifications import email, push, sms
from app.notifications.channels import Channel

CHANNELS: dict[str, Channel] = {
    "push": push,
    "email": email,
    "sms": sms,
}


def open_ways() -> dict[str, Channel]:
    """Those that can be used here, in the order in which people are offered them."""
    return {name: channel for name, channel in CHANNELS.items() if getattr(channel, "available", _always)()}


def _always() -> bool:
    return True


async def close() -> None:
    """At the end of the process: connections that some of them keep open."""
    for channel in CHANNELS.values():
        if closing := getattr(channel, "close", None):
            await closing()
