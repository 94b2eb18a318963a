"""Hosts that a setting may name; else Misconfigured, see `setting_values.py`."""

import re

from app.setting_values import wrong

# Of Chrome, Firefox, Edge and Safari.
KNOWN = "fcm.googleapis.com,*.push.services.mozilla.com,*.notify.windows.com,web.push.apple.com,*.push.apple.com"


def push_hosts(text: str) -> tuple[str, ...]:
    """Names, or “*.” and a name for all hosts below it; never everybody."""
    names = tuple(name.strip().lower() for name in text.split(",") if name.strip())
    for name in names:
        if not re.fullmatch(r"(\*\.(?=.+\.))?[a-z0-9][a-z0-9-]*(\.[a-z0-9-]+)*", name):
            raise wrong("PUSH_HOSTS", f"“{name}” is not a host such as push.example.com or *.push.example.com")
    if not names:
        raise wrong("PUSH_HOSTS", "expected a list such as push.example.com,*.push.example.com")
    return names
