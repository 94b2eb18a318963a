"""Telling somebody that their mail has not landed, and why: a few words by mail, to who is known here alone.

It cannot go back and forth: it says that a machine has written it, its answers go nowhere near a thread, and nobody gets more
than a few in an hour.
"""

from app.accounts import throttle
from app.errors import Refused
from app.i18n import Voice
from app.inbox import cards
from app.inbox.kept import KeptThread
from app.inbox.mail_in import reading
from app.inbox.mail_writers import Writer
from app.inbox.masked import Side
from app.mail import letters
from app.settings import settings

KIND = "mail_refused"  # a folder of templates/emails
TOLD = throttle.Limit("mail_in_told", 3, throttle.HOUR)


async def tell(it: KeptThread, side: Side, writer: Writer, why: str) -> bool:
    """In the caller's transaction. `why`: a sentence in their language. False when they have been told enough."""
    try:
        await throttle.count(TOLD, writer.email)
    except Refused:
        return False
    place = f"/inbox/{it.code}" if side == "buyer" else f"/desk/{it.merchant_slug}/inbox/{it.code}"
    await letters.write(
        writer.email, KIND, writer.voice, why=why, about=cards.heading(it, writer.voice), shop_name=it.merchant_name,
        page=f"{settings.base_url}{place}", url=settings.base_url,
    )  # fmt: skip
    return True


def why(reason: str, voice: Voice) -> str:
    """What they can do about it."""
    _ = voice.gettext
    large = _("It is too large: at most %(num)d MB. Send its pictures from the page of the conversation.")
    return {
        "empty": _("There was nothing in it beside what was quoted."),
        "too_large": large % {"num": reading.LARGEST // 1024 // 1024},
    }[reason]
