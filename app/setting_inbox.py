"""How long conversations are kept; else Misconfigured, see `setting_values.py`."""

from collections.abc import Mapping

from app.setting_values import wrong

# Days after the last message, by kind; 0 is for ever. An order's and a return's outlive the legal guarantee of two years and
# the one that a repair adds; what the shop says of its terms is as old as a claim that may rest on them (five years in France).
KEPT: Mapping[str, int] = {"order": 1_095, "return": 1_095, "question": 730, "account": 1_095, "policy": 1_825, "offer": 180}
MOST = 36_500


def inbox_kept(text: str) -> Mapping[str, int]:
    """“question=365,offer=0”; what is not named stays as it is."""
    kept, named = dict(KEPT), set()
    for part in filter(None, (part.strip() for part in text.split(","))):
        kind, _, days = (word.strip() for word in part.partition("="))
        if kind not in KEPT or kind in named:
            raise wrong("INBOX_KEPT", f"“{kind}” is none of {', '.join(KEPT)}, each once")
        if not (days.isascii() and days.isdecimal() and len(days) <= len(str(MOST)) and int(days) <= MOST):
            raise wrong("INBOX_KEPT", f"“{days}” is no number of days from 0 (for ever) to {MOST}")
        kept[kind] = int(days)
        named.add(kind)
    return kept
