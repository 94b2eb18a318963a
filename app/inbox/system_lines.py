"""The words of lines that are the system's own, made when they are read: in the language of who reads them."""

from app.i18n import Voice
from app.inbox.messages import KeptMessage


def said(one: KeptMessage, mine: str, voice: Voice) -> str:
    """Empty where there are none. `mine`: the side that reads it."""
    if one.event == "thread_escalated":
        by_you = voice.gettext("You asked %(shop)s to step in")
        return (by_you if mine == "buyer" else voice.gettext("%(shop)s was asked to step in")) % {"shop": one.name}
    return ""
