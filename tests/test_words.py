"""Every text for people goes through gettext, and each locale we offer says all of it."""

import re
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po

from app.setting_values import CATALOGUES

pytestmark = pytest.mark.without_database

ROOT = Path(__file__).parents[1]
METHODS = [("app/**.py", "python"), ("templates/**.*", "jinja2")]
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|%%")
# What stands between tags in a template is said to people, unless it is an abbreviation such as CSV.
BARE_TEXT = re.compile(r">([^<>{}]*[A-Za-zÀ-ÿ]{3,}[^<>{}]*)<")


def messages() -> set[str | tuple[str, ...]]:
    found = extract_from_dir(ROOT, METHODS, {"templates/**.*": {"trimmed": "true", "silent": "false"}}, directory_filter=_ours)
    return {message for path, _line, message, _comments, _context in found if not path.startswith("app/locale")}


def _ours(path: str) -> bool:
    """Not the virtual environment: it holds thousands of files."""
    return Path(path).relative_to(ROOT).parts[:1] in ((), ("app",), ("templates",))


MESSAGES = messages()


def test_there_is_something_to_say() -> None:
    assert len(MESSAGES) > 100


@pytest.mark.parametrize("locale", ["fr"])
def test_the_catalogue_is_complete(locale: str) -> None:
    with (CATALOGUES / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale)
    wrong = []
    for wanted in MESSAGES:
        said = catalogue.get(wanted[0] if isinstance(wanted, tuple) else wanted)
        texts = [said.string] if said and isinstance(said.string, str) else list(said.string) if said else []
        if not texts or not all(texts) or (said and said.fuzzy):
            wrong.append(wanted)
    assert wrong == []


@pytest.mark.parametrize("locale", ["fr"])
def test_translations_keep_their_placeholders(locale: str) -> None:
    with (CATALOGUES / locale / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, locale)
    for message in catalogue:
        if not message.id:
            continue
        ids = message.id if isinstance(message.id, tuple | list) else [message.id]
        texts = message.string if isinstance(message.string, tuple | list) else [message.string]
        wanted = set(PLACEHOLDER.findall(ids[-1]))
        for text in texts:
            assert set(PLACEHOLDER.findall(text)) == wanted, message.id


@pytest.mark.parametrize("path", sorted(ROOT.glob("templates/**/*.html")), ids=lambda path: path.name)
def test_no_template_speaks_past_gettext(path: Path) -> None:
    text = re.sub(
        r"\{#.*?#\}|<!--[A-Z]+-->|\{%\s*trans.*?endtrans\s*%\}|<script.*?</script>|<style.*?</style>", "", path.read_text(),
        flags=re.S,
    )  # fmt: skip
    assert [found for found in BARE_TEXT.findall(text) if not found.strip().isupper()] == []  # CSV


# What begins with whatever letter its bearer begins with: “d’Alpages”, but “de Nord”. A sentence has to do without.
ELIDED = re.compile(
    r"\b(?:de|que|le|la|ne|se|ce|lorsque|puisque) "
    r"%\((?:shop|merchant|seller|name|email|carrier|customer|counter|member|who|what|titles?|place|device|first)\)",
    re.IGNORECASE,
)


def test_no_french_sentence_needs_an_elision_that_nobody_makes() -> None:
    assert [text for text in _french() if ELIDED.search(text)] == []


def test_the_desk_is_called_one_thing_in_french() -> None:
    assert [text for text in _french() if "guichet" in text.casefold()] == []


def _french() -> list[str]:
    with (CATALOGUES / "fr" / "LC_MESSAGES" / "messages.po").open("rb") as file:
        catalogue = read_po(file, "fr")
    return [text for it in catalogue for text in (it.string if isinstance(it.string, tuple) else [it.string]) if it.id]


# A line that breaks there begins with the sign.
TORN = re.compile("\u0020[:;?!»]|«\u0020")


def test_no_french_sign_is_torn_from_its_word() -> None:
    assert [text for text in _french() if TORN.search(text)] == []
