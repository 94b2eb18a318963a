"""Through whom money goes back; else Misconfigured, see `setting_values.py`. What is secret is never repeated."""

import re
from collections.abc import Mapping
from typing import Any

from app.setting_values import parsed, wrong

Keys = tuple[tuple[str, str], ...]  # a merchant's slug, "" for all others, and its key
STRIPE = "https://api.stripe.com"
KEY = re.compile(r"(sk|rk)_(test|live)_[A-Za-z0-9_]+")
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=_-]+")
EXPECTED = "expected one such as %s, or for several merchants a-shop=%s,another=%s"


def stripe(given: Mapping[str, str]) -> dict[str, Any]:
    """The settings of it."""
    return {
        "stripe_secret": of_merchants("STRIPE_SECRET", given.get("STRIPE_SECRET", ""), SECRET, "whsec_…"),
        "stripe_key": of_merchants("STRIPE_KEY", given.get("STRIPE_KEY", ""), KEY, "sk_live_…"),
        "stripe_url": stripe_url(given.get("STRIPE_URL") or STRIPE),
    }


def of_merchants(name: str, text: str, shape: re.Pattern[str], such_as: str) -> Keys:
    """One for all, or one each: whoever writes the orders of a merchant names the payments that its key can give back."""
    found: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        slug, _sign, key = ("", "", part) if shape.fullmatch(part) else part.partition("=")
        if not shape.fullmatch(key.strip()) or slug.strip() in found:
            raise wrong(name, EXPECTED % (such_as, such_as, such_as))
        found[slug.strip()] = key.strip()
    return tuple(found.items())


def stripe_url(text: str) -> str:
    """Where its API is asked: https, or this machine."""
    url = parsed(text)
    schemes = ("http", "https") if url.hostname in ("localhost", "127.0.0.1", "::1") else ("https",)
    if not url.hostname or url.scheme not in schemes or url.path not in ("", "/") or url.query:
        raise wrong("STRIPE_URL", f"“{text}” is not an address such as {STRIPE}")
    return text.rstrip("/")
