"""Text messages through the gateway that COMPTOIR_SMS_URL names, in Apprise's notation. Its one importer: loading it takes a
while, so it is done where a text is really sent."""

import asyncio
import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote

from app.settings import settings

PHONE = "{phone}"
CONNECT, ANSWER, AT_LONGEST = 5, 15, 40  # seconds
THREADS = 4
_threads = ThreadPoolExecutor(THREADS, "texts")  # of its own: a slow gateway holds up nothing else
_complaints = logging.getLogger("apprise")
_complaints.propagate = False  # they name numbers; who sends says the rest


class NotTaken(Exception):
    """The gateway did not take the text; in its words as far as they are known, without the number."""


async def send(phone: str, text: str) -> None:
    """`phone` is E.164. Raises NotTaken."""
    asked = asyncio.get_running_loop().run_in_executor(_threads, _notify, phone, text)
    try:
        why_not = await asyncio.wait_for(asked, AT_LONGEST)
    except TimeoutError as error:
        raise NotTaken(f"no answer within {AT_LONGEST} seconds") from error
    if why_not is not None:
        raise NotTaken(why_not.replace(phone, "…").replace(phone.lstrip("+"), "…"))


def known() -> str:
    """What Apprise calls the gateway that is set; raises ValueError when it cannot be used."""
    found = _gateway("+33612345678")
    if found is None:
        raise ValueError("COMPTOIR_SMS_URL is not an address that Apprise can use")
    return str(found.service_name)


def _notify(phone: str, text: str) -> str | None:
    """None when it was taken, else why not. In a thread: Apprise waits."""
    heard = _Heard()
    _complaints.addHandler(heard)
    try:
        found = _gateway(phone)
        taken = found is not None and bool(found.notify(body=text, title="", body_format="text"))
    finally:
        _complaints.removeHandler(heard)
    return None if taken else " ".join("; ".join(heard.said).split())[:300] or "the gateway did not take it"


def _gateway(phone: str) -> Any:
    """None for an address that Apprise does not understand."""
    from apprise import Apprise, AppriseAsset

    url = settings.sms_url.replace(PHONE, quote(phone, safe=""))
    timeouts = f"cto={CONNECT}&rto={ANSWER}"
    asset = AppriseAsset(app_id=settings.name, app_desc="", app_url=settings.base_url, async_mode=False)
    return Apprise.instantiate(f"{url}{'&' if '?' in url else '?'}{timeouts}", asset=asset, suppress_exceptions=True)


class _Heard(logging.Handler):
    """What Apprise complains of in this thread."""

    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.thread, self.said = threading.get_ident(), list[str]()

    def emit(self, record: logging.LogRecord) -> None:
        if record.thread == self.thread:
            self.said.append(record.getMessage())
