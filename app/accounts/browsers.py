"""What a browser calls itself, in words: “Safari on iPhone”. The one importer of ua-parser."""

from functools import lru_cache

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


@lru_cache(1024)
def named(user_agent: str, voice: Voice) -> str:
    """Never empty: what does not introduce itself is “a browser”."""
    _ = voice.gettext
    found = parse(user_agent[:300])
    browser = found.user_agent.family if found.user_agent else ""
    system = found.os.family if found.os else ""
    device = found.device.family if found.device else ""
    browser = BROWSERS.get(browser, browser)
    system = device if device in DEVICES else SYSTEMS.get(system, system)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("A browser")
