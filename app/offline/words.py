"""What the service worker has to say in a list that it puts together, in the language of who reads it."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from babel import Locale

from app.i18n import Voice

TRIED = (0, 1, 2, 3, 5, 11, 20, 100, 1_000_000)  # between them they have every form that a language counts in


@lru_cache(64)
def words(voice: Voice) -> Mapping[str, Any]:
    """`count` by the name of a plural form (as `Intl.PluralRules` gives them), with {num} where the number goes."""
    form = Locale.parse(voice.locale).plural_form
    said = {form(n): voice.ngettext("%(num)d order", "%(num)d orders", n) for n in TRIED}
    return {"count": {name: text.replace("%(num)d", "{num}") for name, text in said.items()}}
