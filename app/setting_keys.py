"""An operator's own key for signing papers."""

import re
from pathlib import Path

from app.setting_values import wrong


def signing_key(text: str) -> str:
    """A PEM file that holds a key without a password, and its certificate."""
    if not text:
        return text
    try:
        held = set(re.findall("-----BEGIN ([A-Z ]+)-----", Path(text).read_text("ascii")))
    except (OSError, ValueError) as error:
        raise wrong("SIGNING_KEY", f"“{text}” cannot be read as a PEM file") from error
    if "CERTIFICATE" not in held or not held & {"PRIVATE KEY", "RSA PRIVATE KEY", "EC PRIVATE KEY"}:
        raise wrong("SIGNING_KEY", f"“{text}” does not hold a private key without a password, and its certificate")
    return text
