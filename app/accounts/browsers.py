"""What a browser calls itself, in words: “Safari on iPhone”. The one importer of ua-parser.

The text comes from whoever asks, and may be anything: it is cut where it comes in, and only printable names go on.
"""

from functools import lru_cache

from msgspec import Struct
from ua_parser import parse

from app.i18n import Voice

# As people call them; ua-parser tells versions of a phone's browser and of a system apart that nobody does.
BROWSERS = {
    "Mobile Safari": "Safari", "Chrome Mobile": "Chrome", "Chrome Mobile WebView": "Chrome", "Chrome Mobile iOS": "Chrome",
    "Firefox Mobile": "Firefox", "Firefox iOS": "Firefox", "Edge Mobile": "Edge", "Opera Mobile": "Opera",
    "Samsung Internet": "Samsung Internet", "Mobile Safari UI/WKWebView": "Safari",
}  # fmt: skip
SYSTEMS = {"Mac OS X": "Mac", "Chrome OS": "Chromebook", "Ubuntu": "Linux", "Fedora": "Linux", "Debian": "Linux"}
DEVICES = ("iPhone", "iPad")
HAND_HELD = ("iPhone", "iPad", "iOS", "Android")
LONGEST = 300  # characters of a User-Agent header that are looked at and kept
LONGEST_NAME = 40


class Known(Struct, frozen=True):
    browser: str
    system: str


def named(user_agent: str, voice: Voice) -> str:
    """Never empty: what does not introduce itself is “a browser”."""
    known, _ = _known(user_agent), voice.gettext
    if known.browser and known.system and known.browser != known.system:
        return _("%(browser)s on %(system)s") % {"browser": known.browser, "system": known.system}
    return known.browser or known.system or _("A browser")


def icon(user_agent: str) -> str:
    return "smartphone" if _known(user_agent).system in HAND_HELD else "laptop"


@lru_cache(1024)
def _known(user_agent: str) -> Known:
    found = parse(user_agent)
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    device = found.device.family if found.device else ""
    browser, system = BROWSERS.get(browser, browser), device if device in DEVICES else SYSTEMS.get(system, system)
    return Known(_plain(browser), _plain(system))


def _plain(name: str) -> str:
    """Without what turns the writing round or does not show (Unicode's categories C and Z, but for the space)."""
    return "".join(letter for letter in name if letter.isprintable())[:LONGEST_NAME].strip()
